import { MedusaError } from "@medusajs/framework/utils";
import { clientOptions } from "../../../src/options/seqr-options";
import {
  providerIdsOf,
  refuseUnknownOptions,
  resolveStore,
  standingOf,
} from "../../../src/options/store-options";

const PASSWORD = "correct horse battery";
const OTHER_PASSWORD = "another secret";
const shared = {
  endpoint: "https://seqr.example/soap",
  password: PASSWORD,
  backendUrl: "https://api.shop.example",
  shopName: "Nordic Goods",
};
const se = { terminalId: "terminal-se", currencies: ["SEK"] };
const fi = { terminalId: "terminal-fi", currencies: ["EUR"], endpoint: "https://seqr.example/fi" };
const given = { ...shared, terminals: { se, fi } };

/** What a person reads who has set these options. */
function complaint(options: unknown): string {
  try {
    resolveStore(options);
  } catch (error) {
    expect(error).toMatchObject({ type: MedusaError.Types.INVALID_DATA, code: "SEQR_OPTIONS" });
    return (error as MedusaError).message;
  }
  throw new Error("the options were accepted");
}

describe("the options of several terminals", () => {
  it("are those of all, except for what a terminal sets itself", () => {
    const { options, terminals } = resolveStore({
      ...given,
      lifetime: 120,
      brandName: "Glase",
      keepObservations: 90,
      terminals: {
        se: { ...se, lifetime: 600, returnUrl: "https://se.shop.example/order", password: OTHER_PASSWORD },
        fi: { ...fi, brandName: "", shopName: undefined },
      },
    });
    expect(options).toEqual({
      backendUrl: "https://api.shop.example",
      keepObservations: 90,
      notificationsKept: 90,
      sandboxHosts: [],
      optional: false,
    });
    expect(terminals).toEqual([
      expect.objectContaining({
        ...{ providerId: "se", terminalId: "terminal-se", currencies: ["SEK"], lifetime: 600 },
        ...{ brandName: "Glase", endpoint: shared.endpoint, password: OTHER_PASSWORD, retired: false },
        returnUrl: "https://se.shop.example/order",
      }),
      expect.objectContaining({
        ...{ providerId: "fi", terminalId: "terminal-fi", currencies: ["EUR"], lifetime: 120 },
        ...{ brandName: "Glase", endpoint: "https://seqr.example/fi", password: PASSWORD },
        shopName: "Nordic Goods",
      }),
    ]);
    expect(terminals[1]).not.toHaveProperty("returnUrl");
  });

  it("of the short form are those of one, whose name is its providerId", () => {
    const { terminals } = resolveStore({ ...shared, ...se });
    expect(terminals).toEqual([expect.objectContaining({ providerId: "seqr", retired: false })]);
    expect(resolveStore({ ...shared, ...se, providerId: "se" }).terminals[0]?.providerId).toBe("se");
    expect(resolveStore({ ...shared, ...se, terminals: undefined }).terminals).toHaveLength(1);
  });

  it.each<[string, object, string[]]>([
    ["no terminal", { ...shared, terminals: {} }, ['"terminals" has no terminal']],
    [
      "a list of terminals",
      { ...shared, terminals: [{ ...se, password: PASSWORD }] },
      ['"terminals" has no terminal'],
    ],
    [
      "a terminal that is none",
      { ...shared, terminals: { se, fi: undefined } },
      ['"terminals.fi" is not an object'],
    ],
    [
      "a name that is none",
      { ...shared, terminals: { "s e": se } },
      ['"terminals.s e" has a name with other characters'],
    ],
    [
      "an option that is none",
      { ...shared, terminals: { se: { ...se, pasword: PASSWORD } } },
      ['"terminals.se.pasword" is not an option'],
    ],
    [
      "options of the whole store in a terminal",
      {
        ...shared,
        terminals: { se: { ...se, backendUrl: "https://x.example", providerId: "x", optional: true } },
      },
      ["backendUrl", "providerId", "optional"].map(
        (name) => `"terminals.se.${name}" can be set for the whole store only`,
      ),
    ],
    ["a providerId beside them", { ...given, providerId: "se" }, ['"providerId" is for one terminal']],
    [
      "wrong values",
      { ...given, lifetime: 1, terminals: { se: { ...se, currencies: ["kr"], retired: "yes" }, fi } },
      ['"lifetime" is 1', '"terminals.se.currencies" is ["kr"]', '"terminals.se.retired" is "yes"'],
    ],
    [
      "the same terminal twice",
      { ...given, terminals: { se, fi: { ...se, currencies: ["EUR"] } } },
      ['"terminals.fi" has the terminalId and the endpoint of "terminals.se"'],
    ],
    ...[
      ["with a slash at its end", { endpoint: "https://seqr.example/soap/" }],
      ["with capitals in the host", { endpoint: "https://SEQR.example/soap" }],
      ["with the usual port", { endpoint: "https://seqr.example:443/soap" }],
      ["with a blank after its id", { terminalId: `${se.terminalId} ` }],
    ].map(
      ([how, other]) =>
        [
          `the same terminal twice, once ${String(how)}`,
          {
            ...given,
            endpoint: "https://seqr.example/soap",
            terminals: { se, fi: { ...se, ...(other as object) } },
          },
          ['"terminals.fi" has the terminalId and the endpoint of "terminals.se"'],
        ] as [string, object, string[]],
    ),
  ])("are refused with %s", (_, options, messages) => {
    const said = complaint(options);
    for (const message of messages) expect(said).toContain(message);
    expect(said.match(/^ {2}- /gm)).toHaveLength(messages.length);
    expect(said).not.toContain(PASSWORD);
  });

  it("say once what all lack, and of each terminal what it lacks", () => {
    const said = complaint({
      shopName: "Nordic Goods",
      terminals: { se, fi: { ...fi, password: PASSWORD } },
    });
    expect(said.match(/"[^"]*" is missing/g)).toEqual([
      '"terminals.se.endpoint" is missing',
      '"terminals.se.password" is missing',
      '"backendUrl" is missing',
    ]);
  });

  it("may have one id at two endpoints, and a retired entry of a terminal that is sold with under another name", () => {
    const twice = { ...se, endpoint: "https://other.example/soap" };
    expect(resolveStore({ ...shared, terminals: { se, fi: twice } }).terminals).toHaveLength(2);
    const renamed = { seqr: { ...se, retired: true }, se };
    expect(resolveStore({ ...shared, terminals: renamed }).terminals.map(({ retired }) => retired)).toEqual([
      true,
      false,
    ]);
  });

  it("leave SEQR off when a terminal lacks something, and may", () => {
    const off = { ...given, optional: true, terminals: { se: { ...se, terminalId: "" }, fi } };
    expect(standingOf(off)).toEqual({ is: "off", missing: ["terminals.se.terminalId"] });
    expect(standingOf({ ...off, optional: false })).toMatchObject({ is: "refused" });
    expect(standingOf({ ...given, providers: [] })).toEqual({ is: "on", store: resolveStore(given) });
  });

  it("name the providers, also when they are not usable", () => {
    expect(providerIdsOf(given)).toEqual(["se", "fi"]);
    expect(providerIdsOf({ terminals: { se: undefined, "f i": {} } })).toEqual(["se"]);
    for (const none of [{ terminals: {} }, { terminals: [se] }])
      expect(providerIdsOf(none)).toEqual(["seqr"]);
  });

  it("are known by name before", () => {
    const wrong = { ...shared, terminal: "", terminals: { se: { pasword: "", backendUrl: "" } } };
    expect(() => refuseUnknownOptions(wrong)).toThrow(
      /"terminal" is not.*\n.*"terminals.se.pasword" is not.*\n.*"terminals.se.backendUrl" can be set for the whole store only/,
    );
    expect(() =>
      refuseUnknownOptions({ terminals: { se: { retired: true, lifetime: 1 }, fi: undefined } }),
    ).not.toThrow();
  });
});

describe("the reseller's account", () => {
  const reseller = { id: "shop-1", password: OTHER_PASSWORD };
  const resolved = (more: object): unknown =>
    resolveStore({ ...shared, ...se, ...more }).terminals[0]?.reseller;

  it("has a user by default, and is none when its variables are not set", () => {
    expect(resolved({ reseller })).toEqual({ ...reseller, userId: "9900" });
    expect(resolved({ reseller: { ...reseller, userId: "9901" } })).toEqual({ ...reseller, userId: "9901" });
    for (const unset of [undefined, { id: undefined, userId: "9900", password: "" }])
      expect(resolved({ reseller: unset })).toBeUndefined();
  });

  it("may be another for each terminal, as each endpoint has accounts of its own", () => {
    const { terminals } = resolveStore({
      ...given,
      reseller,
      terminals: { se: { ...se, reseller: { ...reseller, id: "shop-se" } }, fi },
    });
    expect(terminals.map((terminal) => terminal.reseller?.id)).toEqual(["shop-se", "shop-1"]);
  });

  it.each([
    [{ ...reseller, password: undefined }],
    [{ ...reseller, id: 7 }],
    [{ ...reseller, user: "x" }],
    [OTHER_PASSWORD],
  ])("is refused without showing its password: %#", (wrong) => {
    const said = complaint({ ...shared, ...se, reseller: wrong });
    expect(said).toContain('"reseller" is not acceptable: expected an object with the id and the password');
    expect(said).not.toContain(OTHER_PASSWORD);
  });

  it("is not part of what a terminal's calls are made with", () => {
    const [terminal] = resolveStore({ ...shared, ...se, reseller }).terminals;
    expect(terminal && clientOptions(terminal)).not.toHaveProperty("reseller");
  });
});

describe("accounts at one endpoint", () => {
  const reseller = { id: "shop-1", password: OTHER_PASSWORD };
  const here = { ...fi, endpoint: shared.endpoint };

  it("are the same account for every terminal that names it", () => {
    const terminals = { se: { ...se, reseller }, fi: { ...here, reseller: { ...reseller, userId: "9900" } } };
    expect(resolveStore({ ...shared, terminals }).terminals).toHaveLength(2);
  });

  it.each([{ password: "another-password" }, { userId: "9901" }])(
    "are refused with another password or user: %#",
    (difference) => {
      const terminals = {
        se: { ...se, reseller },
        fi: { ...here, reseller: { ...reseller, ...difference } },
      };
      const said = complaint({ ...shared, terminals });
      expect(said).toContain(
        `"terminals.fi" has the reseller's id of "terminals.se" at the same endpoint, and another userId or password`,
      );
      expect(said).not.toContain(OTHER_PASSWORD);
      const endpoint = "https://other.example/soap";
      expect(() =>
        resolveStore({ ...shared, terminals: { ...terminals, fi: { ...terminals.fi, endpoint } } }),
      ).not.toThrow();
    },
  );
});

describe("the schedule of the periods", () => {
  const reseller = { id: "shop-1", password: OTHER_PASSWORD };
  const periods = { closeAt: "23:55" };
  const resolved = (more: object): unknown =>
    resolveStore({ ...shared, ...se, reseller, ...more }).options.periods;

  it("is none by default, and closes the shop by Stockholm's time unless it says otherwise", () => {
    expect(resolved({})).toBeUndefined();
    expect(resolveStore({ ...shared, ...se, reseller }).options).not.toHaveProperty("periods");
    expect(resolved({ periods })).toEqual({ closeAt: "23:55", timeZone: "Europe/Stockholm", scope: "shop" });
    const all = { closeAt: "00:00", timeZone: "Europe/Helsinki", scope: "terminal" };
    expect(resolved({ periods: all })).toEqual(all);
    expect(resolved({ periods: { ...periods, timeZone: "", scope: undefined } })).toEqual(
      resolved({ periods }),
    );
  });

  it.each([
    ["23:55"],
    [{}],
    [{ closeAt: "24:00" }],
    [{ closeAt: "9:00" }],
    [{ closeAt: "23:55", timeZone: "Europe/Atlantis" }],
    [{ closeAt: "23:55", timeZone: 1 }],
    [{ closeAt: "23:55", scope: "cashier" }],
    [{ closeAt: "23:55", every: "day" }],
  ])("is refused: %j", (wrong) => {
    const said = complaint({ ...shared, ...se, reseller, periods: wrong });
    expect(said).toContain(`"periods" is ${JSON.stringify(wrong).slice(0, 80)}: expected an object such as`);
  });

  it("needs an account, of at least one terminal", () => {
    const missing = '"reseller" is missing: expected the account at SEQR whose periods "periods" closes';
    expect(complaint({ ...shared, ...se, periods })).toContain(missing);
    expect(complaint({ ...given, periods })).toContain(missing);
    const { terminals } = resolveStore({ ...given, periods, terminals: { se, fi: { ...fi, reseller } } });
    expect(terminals.map((terminal) => terminal.reseller?.id)).toEqual([undefined, "shop-1"]);
    expect(standingOf({ ...shared, ...se, periods, optional: true })).toEqual({
      is: "off",
      missing: ["reseller"],
    });
  });

  it("holds for the whole store", () => {
    expect(complaint({ ...given, terminals: { se: { ...se, periods, reseller }, fi } })).toContain(
      '"terminals.se.periods" can be set for the whole store only',
    );
  });
});
