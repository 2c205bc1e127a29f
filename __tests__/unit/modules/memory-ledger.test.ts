import { describeLedger } from "./ledger-contract";
import { MemoryLedger } from "./memory-ledger";
import { describeReceipts } from "./receipts-contract";

const empty = async () => new MemoryLedger({ now: () => new Date() });

describeLedger("the ledger in memory", empty);
describeReceipts("the ledger in memory", empty);
