import { settingsOf } from "../../../src/options/settings";
import { resolveStore } from "../../../src/options/store-options";

const SECRETS = ["correct horse battery", "shop password", "key=secret"];
const given = {
  ...{ endpoint: `https://seqr.example/soap?${SECRETS[2]}`, terminalId: "1", password: SECRETS[0] },
  ...{ backendUrl: "https://api.shop.example/", currencies: ["sek", "EUR"], shopName: "Nordic Goods" },
};

describe("the settings", () => {
  const listed = (options: object) => {
    const { settings, terminals } = settingsOf(options);
    const [{ settings: own = [] } = {}] = terminals;
    return new Map([...settings, ...own].map((one) => [one.name, one]));
  };

  it("have every option that there is, once, also those of later", () => {
    const { terminals } = resolveStore({
      ...given,
      periods: { closeAt: "23:55" },
      books: {},
      reseller: { id: "1", password: "2222" },
    });
    const names = [...listed(given).keys()].map((name) => name.split(".")[0]);
    expect(names).toEqual(expect.arrayContaining(Object.keys(terminals[0] ?? {})));
    const { settings, terminals: each } = settingsOf(given);
    const all = [...settings, ...(each[0]?.settings ?? [])].map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are in force as the options and the defaults say", () => {
    const found = listed({
      ...given,
      lifetime: 120,
      footer: "",
      reseller: { id: "shop", password: SECRETS[1] },
    });
    const shown = (name: string) => [found.get(name)?.value, found.get(name)?.source];
    expect(shown("endpoint")).toEqual(["https://seqr.example/soap?…", "options"]);
    expect(shown("backendUrl")).toEqual(["https://api.shop.example/", "options"]);
    expect(shown("currencies")).toEqual(["SEK, EUR", "options"]);
    expect(shown("lifetime")).toEqual(["120", "options"]);
    expect(shown("reservationTime")).toEqual(["604800", "default"]);
    expect(shown("captureBeforeLapse")).toEqual(["false", "default"]);
    expect(shown("footer")).toEqual([null, "default"]);
    expect(shown("returnUrl")).toEqual([null, "default"]);
    expect(shown("providerId")).toEqual(["seqr", "default"]);
    expect(shown("retired")).toEqual(["false", "default"]);
    expect(shown("reseller.id")).toEqual(["shop", "options"]);
    expect(shown("reseller.userId")).toEqual(["9900", "default"]);
    expect(shown("periods.closeAt")).toEqual([null, "default"]);
    expect(shown("books.accounts.receivable")).toEqual(["1580", "default"]);
    expect(shown("books.accounts.tax")).toEqual(["6: 2631, 12: 2621, 25: 2611", "default"]);
    expect(shown("notificationsKept")).toEqual(["90", "default"]);
  });

  it("have no secret, and say which are set", () => {
    const secret = (options: object) =>
      [...listed(options).values()]
        .filter(({ is_secret }) => is_secret)
        .map(({ name, value }) => [name, value]);
    expect(secret(given)).toEqual([
      ["password", "set"],
      ["reseller.password", null],
    ]);
    const options = { ...given, reseller: { id: "shop", password: SECRETS[1] } };
    expect(secret(options)).toEqual([
      ["password", "set"],
      ["reseller.password", "set"],
    ]);
    const text = JSON.stringify(settingsOf({ ...options, database: { clientUrl: SECRETS[1] } }));
    for (const one of SECRETS) expect(text).not.toContain(one);
  });

  it("of several terminals say for each what it sets itself", () => {
    const { settings, terminals } = settingsOf({
      ...given,
      ...{ terminalId: undefined, periods: { closeAt: "23:55" }, brandName: "Glase" },
      terminals: {
        se: { terminalId: "1", lifetime: 600, reseller: { id: "shop", password: SECRETS[1] } },
        fi: { terminalId: "2", brandName: "SEQR", retired: true },
      },
    });
    expect(settings.map(({ name }) => name)).toEqual([
      ...["backendUrl", "periods.closeAt", "periods.timeZone", "periods.scope"],
      ...["books.accounts.receivable", "books.accounts.advances", "books.accounts.differences"],
      ...["books.accounts.sales", "books.accounts.tax", "keepObservations", "notificationsKept"],
      ...["sandboxHosts", "optional"],
    ]);
    expect(settings[1]).toEqual({
      ...{ name: "periods.closeAt", value: "23:55", is_secret: false, source: "options" },
    });
    const shown = terminals.map(({ terminal, settings: own }) => [
      terminal,
      ...["lifetime", "brandName", "shopName", "providerId", "retired", "reseller.id"].map((name) => {
        const one = own.find((setting) => setting.name === name);
        return `${one?.value} ${one?.source}`;
      }),
    ]);
    expect(shown).toEqual([
      [
        "se",
        ...["600 terminal", "Glase options", "Nordic Goods options", "se terminal"],
        ...["false default", "shop terminal"],
      ],
      [
        "fi",
        ...["300 default", "SEQR terminal", "Nordic Goods options", "fi terminal"],
        ...["true terminal", "null default"],
      ],
    ]);
  });

  it("cannot be listed while the options are not usable", () => {
    expect(() => settingsOf({ ...given, lifetime: 1 })).toThrow(
      expect.objectContaining({ code: "SEQR_OPTIONS" }),
    );
  });
});
