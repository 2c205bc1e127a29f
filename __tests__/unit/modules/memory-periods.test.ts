import { MemoryPeriods } from "./memory-periods";
import { describePeriods } from "./periods-contract";

describePeriods("the periods in memory", async () => {
  const store = new MemoryPeriods();
  const rowsOf = async (id: string) =>
    store.tables.rows
      .filter(({ period_id }) => period_id === id)
      .sort((one, other) => one.row_number - other.row_number);
  return { store, rowsOf };
});
