import { resolveStore, standingOf, type Standing } from "../../../src/options/store-options";
import { beginServing } from "../../../src/modules/seqr/begin-serving";

const given = {
  endpoint: "https://seqr.example/soap?key=secret",
  terminalId: "terminal-1",
  password: "correct horse battery",
  backendUrl: "https://api.shop.example",
  currencies: ["SEK"],
  shopName: "Nordic Goods",
};

/** What a server's log holds when it has begun to serve. */
function logOf(standing: Standing): string[] {
  const lines: string[] = [];
  beginServing(standing, {
    info: (line) => void lines.push(`info ${line}`),
    warn: (line) => void lines.push(`warn ${line}`),
  });
  return lines;
}
const on = (options: object): Standing => ({ is: "on", store: resolveStore({ ...given, ...options }) });

describe("a server that begins to serve", () => {
  it.each([
    ["live", given.endpoint, "https://seqr.example/soap"],
    ["sandbox", "http://localhost:4080/soap", "http://localhost:4080/soap"],
    ["sandbox", "https://127.0.0.1/soap", "https://127.0.0.1/soap"],
    ["sandbox", "http://sandbox:4080/soap", "http://sandbox:4080/soap"],
    ["sandbox", "https://sandbox/soap", "https://sandbox/soap"],
  ])("says in one line that SEQR is on, %s, and where, without credentials", (kind, endpoint, shown) => {
    expect(logOf(on({ endpoint, sandboxHosts: ["sandbox"] }))).toEqual([
      `info seqr: on, ${kind}: ${shown}, terminal terminal-1`,
    ]);
  });

  it("says of each of several terminals in one line that it is on or retired, and where", () => {
    const { terminalId, ...shared } = given;
    const terminals = {
      se: { terminalId },
      fi: { terminalId: "terminal-2", endpoint: "https://fi.example/soap", retired: true },
    };
    expect(logOf({ is: "on", store: resolveStore({ ...shared, terminals }) })).toEqual([
      "info seqr: on, live: https://seqr.example/soap, terminal terminal-1 (se)",
      "info seqr: retired, live: https://fi.example/soap, terminal terminal-2 (fi)",
    ]);
  });

  it("says in one line that SEQR is off, and what is missing", () => {
    expect(logOf(standingOf({ ...given, password: undefined, optional: true }))).toEqual([
      "warn seqr: off, because these options are missing: password",
    ]);
  });

  it("refuses to when the options are not usable", () => {
    expect(() => logOf(standingOf({ ...given, password: undefined }))).toThrow('"password" is missing');
  });

  it.each([
    ["http://api.shop.example", true],
    ["http://10.0.0.1:9000", true],
    ["http://localhost:9000", false],
    ["http://store:9000", false],
    ["https://10.0.0.1:9000", false],
  ])("warns of a backendUrl that others can read on the way: %s (%s)", (backendUrl, isWarned) => {
    const sandbox = { endpoint: "http://localhost:4080/soap", sandboxHosts: ["store"] };
    const [, ...warnings] = logOf(on({ ...sandbox, backendUrl }));
    expect(warnings).toEqual(
      isWarned ? [expect.stringMatching(/^warn seqr: backendUrl is http:.*Use https\.$/)] : [],
    );
  });

  it.each(["http://localhost:9000", "https://127.0.0.1", "http://store:9000"])(
    "warns of live payments whose backendUrl only a sandbox can reach: %s",
    (backendUrl) => {
      const [, ...warnings] = logOf(on({ backendUrl, sandboxHosts: ["store"] }));
      expect(warnings).toEqual([expect.stringContaining(`backendUrl is ${backendUrl}: neither SEQR`)]);
    },
  );
});
