import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CAUSES,
  EXPORT_CONTENTS,
  EXPORT_FORMATS,
  ITEM_CLASSES,
  PERIOD_STATES,
} from "../../../src/modules/seqr/books/book-words";
import { ITEM_COLUMNS } from "../../../src/books/export/items-content";
import { OVERVIEW_COLUMNS } from "../../../src/books/export/overview-content";
import { resolvedBooks } from "../../../src/options/books-options";
import { charge, contextFor, exported, queryFor } from "./exporting";
import { MemoryBooks } from "./memory-books";
import { item, period } from "./records";

const page = readFileSync(join(__dirname, "../../../docs/books.md"), "utf8");
/** The contents of a code block in a language. */
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? "";

describe("docs/books.md", () => {
  it.each([...PERIOD_STATES, ...ITEM_CLASSES, ...CAUSES, ...EXPORT_FORMATS, ...EXPORT_CONTENTS])(
    "explains %s",
    (word) => {
      expect(page).toContain(`\`${word}\``);
    },
  );

  it.each([
    ...OVERVIEW_COLUMNS.names,
    ...ITEM_COLUMNS.names.filter((name) => !/_id$|^accepted_|^order_number$/.test(name)),
  ])("explains the column %s", (name) => {
    expect(page).toContain(`\`${name}\``);
  });

  it("names the accounts that are booked by default", () => {
    const { sales, tax, ...others } = resolvedBooks().accounts;
    for (const [name, account] of Object.entries(others)) {
      expect(page).toMatch(new RegExp(`\`${name}\` .*\`${account}\``));
    }
    for (const [rate, account] of [...Object.entries(sales), ...Object.entries(tax)]) {
      expect(page).toContain(`\`${rate}\`: \`${account}\``);
    }
  });

  describe("a worked day", () => {
    const of = period({ id: "seqrper_1", transaction_period_id: "2026011523550000001000321" });
    const sold = (amount: string) => ({
      terminal_id: "my_shop",
      reported_amount: amount,
      expected_amount: amount,
    });
    const books = new MemoryBooks(
      [of],
      [
        item(of, 1, { ...sold("125.00"), order_id: "order_1" }),
        item(of, 2, { ...sold("225.00"), order_id: "order_2" }),
        item(of, 3, { ...sold("-22.50"), kind: "refund", order_id: "order_2" }),
      ],
    );
    const orders = {
      order_1: [charge(25, 100)],
      order_2: [charge(25, 80), charge(12, 100), charge(0, 13)],
    };
    const context = contextFor(books, queryFor(orders), { terminalId: "my_shop", shopName: "Min butik" });

    it("has the overview that the plugin exports", async () => {
      const file = (await exported(context, "csv", "overview")).toString();
      expect(block("csv")).toBe(file.replaceAll("\r\n", "\n"));
    });

    it("has the SIE file that the plugin exports", async () => {
      const file = await exported(context, "sie", "overview");
      const letters: Record<number, string> = { 0x84: "ä", 0x86: "å", 0x94: "ö", 0x8f: "Å" };
      const text = [...file].map((byte) => letters[byte] ?? String.fromCharCode(byte)).join("");
      expect(block("text")).toBe(text.replaceAll("\r\n", "\n"));
    });
  });
});
