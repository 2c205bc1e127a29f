import { describeLedger } from "./ledger-contract";
import { MemoryLedger } from "./memory-ledger";

describeLedger("the ledger in memory", async () => new MemoryLedger({ now: () => new Date() }));
