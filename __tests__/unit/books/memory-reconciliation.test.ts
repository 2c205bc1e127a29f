import { inMemory } from "./books-in-memory";
import { describeReconciliation } from "./reconciliation-contract";

describeReconciliation("in memory", async () => inMemory());
