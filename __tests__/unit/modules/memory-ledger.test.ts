import { describeLedger } from "./ledger-contract";
import { describeOrders } from "./ledger-contract-orders";
import { describeTerminals } from "./ledger-contract-terminals";
import { MemoryLedger } from "./memory-ledger";
import { describeReceipts } from "./receipts-contract";

const empty = async (): Promise<MemoryLedger> => new MemoryLedger({ now: () => new Date() });

describeLedger("the ledger in memory", empty);
describeOrders("the ledger in memory, with orders", empty);
describeReceipts("the ledger in memory", empty);
describeTerminals("the ledger in memory, with several terminals", empty);
