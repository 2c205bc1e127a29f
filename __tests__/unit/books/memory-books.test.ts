import { describeBooksReader } from "./books-reader-contract";
import { MemoryBooks } from "./memory-books";

describeBooksReader(
  "in memory",
  async ({ periods, items, reports }) => new MemoryBooks(periods, items, reports),
);
