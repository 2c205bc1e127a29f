import { resolvedBooks, wrongBooks } from "../../../src/options/books-options";

describe("the option books", () => {
  it.each([
    {},
    { accounts: {} },
    { accounts: { receivable: "1687" } },
    {
      accounts: { advances: undefined, differences: "2999", sales: { 25: "3001", "25.5": "3002" }, tax: {} },
    },
  ])("takes %j", (given) => {
    expect(wrongBooks(given)).toBeUndefined();
  });

  it.each([
    "1580",
    null,
    [],
    { account: {} },
    { accounts: [] },
    { accounts: { receivable: 1580 } },
    { accounts: { receivable: "15" } },
    { accounts: { receivable: "15 80" } },
    { accounts: { receivables: "1580" } },
    { accounts: { sales: "3001" } },
    { accounts: { sales: ["3001"] } },
    { accounts: { sales: { "25 %": "3001" } } },
    { accounts: { sales: { "25.0": "3001" } } },
    { accounts: { tax: { 25: 2611 } } },
  ])("refuses %j, and says what it expects", (given) => {
    expect(wrongBooks(given)).toMatch(/^an object such as \{ accounts/);
  });

  it("has the accounts of the Swedish BAS chart, of which single ones are replaced", () => {
    expect(resolvedBooks()).toEqual({
      accounts: {
        ...{ receivable: "1580", advances: "2420", differences: "2999" },
        sales: { 25: "3001", 12: "3002", 6: "3003", 0: "3004" },
        tax: { 25: "2611", 12: "2621", 6: "2631" },
      },
    });
    expect(
      resolvedBooks({
        accounts: { receivable: "1687", advances: undefined, sales: { 25: "3051", 10: "3010" } },
      }),
    ).toEqual({
      accounts: {
        ...{ receivable: "1687", advances: "2420", differences: "2999" },
        sales: { 25: "3051", 12: "3002", 10: "3010", 6: "3003", 0: "3004" },
        tax: { 25: "2611", 12: "2621", 6: "2631" },
      },
    });
  });
});
