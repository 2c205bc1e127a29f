import { MemoryPeriods } from "./memory-periods";
import { describePeriods } from "./periods-contract";

describePeriods("the periods in memory", async () => new MemoryPeriods());
