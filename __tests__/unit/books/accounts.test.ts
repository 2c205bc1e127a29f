import { openAccounts, type Accounts, type ScopeQuery } from "../../../src/modules/seqr/books/accounts";
import { openTerminals } from "../../../src/modules/seqr/operations/terminals";
import { resolveStore, type TerminalOptions } from "../../../src/options/store-options";
import { systemClock } from "../../../src/clock";
import { MemoryLedger } from "../modules/memory-ledger";

const SE = "https://se.example/soap";
const FI = "https://fi.example/soap";
const SHOP = { id: "shop", password: "shop-password" };
const OTHER = { id: "other", password: "other-password" };

function accountsOf(terminals: Record<string, TerminalOptions>): Accounts {
  const options = resolveStore({
    ...{ password: "terminal-password", backendUrl: "https://api.example", currencies: ["SEK"] },
    ...{ shopName: "Shop", endpoint: SE, terminals },
  });
  const ledger = new MemoryLedger(systemClock);
  return openAccounts(openTerminals(options.terminals, { ledger, clock: systemClock }));
}

const accounts = accountsOf({
  one: { terminalId: "1", reseller: SHOP },
  // The same terminal under its earlier name.
  old: { terminalId: "1", reseller: SHOP, retired: true },
  gone: { terminalId: "2", reseller: SHOP, retired: true },
  abroad: { terminalId: "1", endpoint: FI, reseller: SHOP },
  other: { terminalId: "3", endpoint: FI, reseller: OTHER },
  none: { terminalId: "4" },
});

describe("the accounts of a store", () => {
  it("are one for each id at each endpoint, with all their terminals", () => {
    expect(
      accounts.all.map(({ endpoint, resellerId, terminals }) => [
        ...[endpoint, resellerId],
        ...terminals.map(({ name }) => name),
      ]),
    ).toEqual([
      [SE, "shop", "one", "old", "gone"],
      [FI, "shop", "abroad"],
      [FI, "other", "other"],
    ]);
    expect(accounts.of({ endpoint: FI, reseller_id: "shop" })).toBe(accounts.all[1]);
    expect(accounts.of({ endpoint: SE, reseller_id: "other" })).toBeUndefined();
  });

  it("have a period each, or one for each terminal that SEQR knows", () => {
    const shops = accounts.scopes("shop");
    expect(shops.map(({ account, terminal }) => [account, terminal])).toEqual(
      accounts.all.map((account) => [account, null]),
    );
    const terminals = accounts.scopes("terminal");
    expect(terminals.map(({ account, terminal }) => [account.endpoint, terminal?.name])).toEqual([
      [SE, "one"],
      [SE, "gone"],
      [FI, "abroad"],
      [FI, "other"],
    ]);
    const keys = [...shops, ...terminals].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each<[ScopeQuery, string, string | undefined]>([
    [{ reseller_id: "other" }, FI, undefined],
    [{ reseller_id: "shop", endpoint: SE }, SE, undefined],
    [{ terminal: "gone" }, SE, "gone"],
    [{ terminal: "abroad", reseller_id: "shop" }, FI, "abroad"],
  ])("are found by what names one: %j", (query, endpoint, terminal) => {
    const scope = accounts.scope(query);
    expect([scope.account.endpoint, scope.terminal?.name]).toEqual([endpoint, terminal]);
  });

  it("give a terminal one scope, whichever of its names is asked for", () => {
    expect(accounts.scope({ terminal: "old" }).key).toBe(accounts.scope({ terminal: "one" }).key);
  });

  it.each<ScopeQuery>([
    {},
    { reseller_id: "shop" },
    { reseller_id: "none" },
    { endpoint: FI },
    { terminal: "gone", reseller_id: "none" },
  ])("are refused when none or several are named: %j", (query) => {
    const known = /shop at https:\/\/se\.example\/soap, shop at https:\/\/fi/;
    expect(() => accounts.scope(query)).toThrow(
      expect.objectContaining({ code: "SEQR_ACCOUNT_UNKNOWN" }) as Error,
    );
    expect(() => accounts.scope(query)).toThrow(known);
    expect(() => accounts.scope(query)).not.toThrow("password");
  });

  it.each<[ScopeQuery, string]>([
    [{ terminal: "none" }, "Terminals: "],
    [{ terminal: "gone", reseller_id: "other" }, "Terminals: "],
  ])("are said to have no such terminal: %j", (query, known) => {
    expect(() => accounts.scope(query)).toThrow(
      expect.objectContaining({ code: "SEQR_PERIOD_TERMINAL" }) as Error,
    );
    expect(() => accounts.scope(query)).toThrow(known);
  });

  it("are closed as the option says: all, those of one account, or one terminal", () => {
    const named = (query: ScopeQuery, by: "shop" | "terminal") =>
      accounts.toClose(query, by).map(({ account, terminal }) => [account.endpoint, terminal?.name]);
    expect(named({}, "shop")).toEqual(accounts.all.map(({ endpoint }) => [endpoint, undefined]));
    expect(named({}, "terminal")).toHaveLength(accounts.scopes("terminal").length);
    expect(named({ reseller_id: "other" }, "shop")).toEqual([[FI, undefined]]);
    expect(named({ reseller_id: "shop", endpoint: SE }, "terminal").map(([endpoint]) => endpoint)).toContain(
      SE,
    );
    expect(named({ terminal: "gone" }, "shop")).toEqual([[SE, "gone"]]);
    expect(() => named({ reseller_id: "shop" }, "terminal")).toThrow("Accounts: ");
  });

  it("are none without a reseller", () => {
    const none = accountsOf({ one: { terminalId: "1" } });
    expect(none.all).toEqual([]);
    expect(() => none.scope({})).toThrow("Accounts: none.");
    expect(() => none.scope({ terminal: "one" })).toThrow("Accounts: none.");
    expect(() => none.toClose({}, "shop")).toThrow("Accounts: none.");
  });
});
