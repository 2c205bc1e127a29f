import type { AdminSeqrFinding, AdminSeqrFindingCode, AdminSeqrHealthLevel } from "../http-types";

interface FindingCode {
  /** What was checked. */
  check: string;
  level: AdminSeqrHealthLevel;
  cause: string;
  cure: string;
}

const NOTHING = "Nothing has to be done.";
const ADDRESS = "Set the option `backendUrl` to the server's public https address, and restart the servers.";

/** Everything that can be found, by its code, with its cause and cure. docs/health.md says the same. */
export const FINDING_CODES = {
  // Of a terminal.
  answers: { check: "answers", level: "ok", cause: "SEQR answers this terminal.", cure: NOTHING },
  answers_slowly: {
    check: "answers",
    level: "warning",
    cause: "SEQR takes more than a second and a half to answer.",
    cure: "Compare with the terminals at other endpoints. If only SEQR is slow, wait; if all are, check the server's network.",
  },
  answers_busy: {
    check: "answers",
    level: "warning",
    cause: "SEQR answers that it is overloaded, or that a part of it is down.",
    cure: "Wait. The plugin asks again automatically; tell SEQR if it lasts.",
  },
  answers_wrongly: {
    check: "answers",
    level: "error",
    cause: "What answers at the endpoint does not answer as SEQR's service does.",
    cure: "Check that the option `endpoint` is the address of the SOAP service itself, and the proxies and firewalls on the way to it.",
  },
  no_answer: {
    check: "answers",
    level: "error",
    cause: "A connection to the endpoint was made, and no whole answer came within three seconds.",
    cure: "Wait, and tell SEQR if it lasts. Payments are processed when SEQR answers again.",
  },
  unreachable: {
    check: "answers",
    level: "error",
    cause: "No connection to the endpoint can be made.",
    cure: "Check the option `endpoint`, the name resolution and the firewall; `network` says what failed. If they are right, SEQR is down.",
  },
  credentials_accepted: {
    check: "credentials",
    level: "ok",
    cause: "SEQR accepts the terminal's id and password.",
    cure: NOTHING,
  },
  credentials_unknown: {
    check: "credentials",
    level: "unknown",
    cause: "SEQR's answer does not tell whether it accepts the terminal's id and password.",
    cure: "Do what is said about SEQR's answer first.",
  },
  password_refused: {
    check: "credentials",
    level: "error",
    cause: "SEQR refuses the terminal's password.",
    cure: "Set the option `password` to the terminal's password, and restart the servers. SEQR gives it to you.",
  },
  access_denied: {
    check: "credentials",
    level: "error",
    cause: "SEQR does not allow the terminal to ask about invoices, or its password is too short.",
    cure: "Check the option `password`, and ask SEQR what the terminal may do.",
  },
  terminal_unknown: {
    check: "credentials",
    level: "error",
    cause: "SEQR knows no terminal with this id at this endpoint.",
    cure: "Check the options `terminalId` and `endpoint`: a terminal of SEQR's test system is not known in the live one.",
  },
  terminal_blocked: {
    check: "credentials",
    level: "error",
    cause: "SEQR has blocked the terminal or the merchant.",
    cure: "Ask SEQR to unblock it.",
  },
  certificate_valid: {
    check: "certificate",
    level: "ok",
    cause: "The certificate of the endpoint is trusted and valid for more than two weeks.",
    cure: NOTHING,
  },
  certificate_expires: {
    check: "certificate",
    level: "warning",
    cause: "The certificate of the endpoint expires within two weeks.",
    cure: "Tell SEQR, unless it is replaced in time.",
  },
  certificate_refused: {
    check: "certificate",
    level: "error",
    cause:
      "The certificate of the endpoint is not trusted: it has expired, or is of another host or an unknown issuer.",
    cure: "Check the option `endpoint`, and that the server's list of issuers is up to date; `network` says what is wrong. Do not switch the check off.",
  },
  clock_right: {
    check: "clock",
    level: "ok",
    cause: "The clocks of this server and of SEQR agree within thirty seconds.",
    cure: NOTHING,
  },
  clock_wrong: {
    check: "clock",
    level: "warning",
    cause: "The clocks of this server and of SEQR differ by more than thirty seconds.",
    cure: "Have the server's clock set by NTP. If it is, tell SEQR.",
  },
  notifications_arrive: {
    check: "notifications",
    level: "ok",
    cause: "SEQR announced all of the terminal's latest payments, at most 100.",
    cure: NOTHING,
  },
  notifications_arrive_again: {
    check: "notifications",
    level: "ok",
    cause: "SEQR announced the latest three payments, but not all before them.",
    cure: NOTHING,
  },
  notifications_incomplete: {
    check: "notifications",
    level: "warning",
    cause: "SEQR did not announce some of the terminal's latest payments. They were found by polling.",
    cure: "Check that all servers behind `backendUrl` are reachable from outside, and that no firewall limits requests to `/hooks/seqr`.",
  },
  notifications_late: {
    check: "notifications",
    level: "warning",
    cause:
      "Half of SEQR's notifications come more than five seconds after the plugin has found the payment by polling.",
    cure: "Check how fast requests to `/hooks/seqr` reach the servers. If they do, SEQR sends them late.",
  },
  notifications_missing: {
    check: "notifications",
    level: "error",
    cause:
      "SEQR announced none of the terminal's latest payments. They were found by polling, which takes longer.",
    cure: "Check the option `backendUrl`, and that `/hooks/seqr` below it is reachable from the internet by POST, without a login.",
  },
  notifications_untested: {
    check: "notifications",
    level: "unknown",
    cause: "The terminal has no payments yet that SEQR would have announced.",
    cure: "Make a payment.",
  },
  // Of the store.
  watch_alive: {
    check: "watch",
    level: "ok",
    cause: "At least one server watches payments.",
    cure: NOTHING,
  },
  watch_dead: {
    check: "watch",
    level: "error",
    cause:
      "No server has watched payments for a minute. A payment without a notification and without an open payment page is not found.",
    cure: "Start a server whose worker mode is `shared` or `worker`, and check that scheduled jobs run: see the log for `seqr-watch-invoices`.",
  },
  locking_shared: {
    check: "locking",
    level: "ok",
    cause: "Medusa's locks hold on all servers.",
    cure: NOTHING,
  },
  locking_in_memory: {
    check: "locking",
    level: "ok",
    cause: "Medusa's locks hold in one process. That is right for one server.",
    cure: "Nothing has to be done. Before a second server is started, set up the locking module with Redis.",
  },
  locking_in_memory_on_several_servers: {
    check: "locking",
    level: "warning",
    cause:
      "Several servers run, and Medusa's locks hold in one process only. Two of them may change one cart or order at once.",
    cure: "Set up Medusa's locking module with Redis. The plugin's own leases are in the database, and hold anyway.",
  },
  locking_unknown: {
    check: "locking",
    level: "unknown",
    cause: "It is not known which locking module runs.",
    cure: "Check the locking module in the store's configuration.",
  },
  events_shared: {
    check: "events",
    level: "ok",
    cause: "Medusa's events reach all servers, and survive a restart.",
    cure: NOTHING,
  },
  events_in_memory: {
    check: "events",
    level: "ok",
    cause:
      "Medusa's events stay in one process, and are lost when it ends. The plugin repairs what a lost event leaves within a minute.",
    cure: "Nothing has to be done for the plugin. Other code of the store may need the event module with Redis.",
  },
  events_in_memory_on_several_servers: {
    check: "events",
    level: "warning",
    cause: "Several servers run, and Medusa's events stay in the process that emits them.",
    cure: "Set up Medusa's event module with Redis. The plugin repairs what a lost event leaves within a minute; other code may not.",
  },
  events_unknown: {
    check: "events",
    level: "unknown",
    cause: "It is not known which event module runs.",
    cure: "Check the event module in the store's configuration.",
  },
  backend_url_public: {
    check: "backend_url",
    level: "ok",
    cause: "`backendUrl` is a public https address.",
    cure: NOTHING,
  },
  backend_url_for_sandbox: {
    check: "backend_url",
    level: "ok",
    cause: "`backendUrl` is reachable from near only. That is enough for a sandbox.",
    cure: "Nothing has to be done. Before SEQR itself is used, set the server's public https address.",
  },
  backend_url_not_public: {
    check: "backend_url",
    level: "error",
    cause:
      "`backendUrl` is this machine or a private network, so neither SEQR nor a shopper's phone can reach it.",
    cure: ADDRESS,
  },
  backend_url_not_https: {
    check: "backend_url",
    level: "warning",
    cause:
      "`backendUrl` is http, so that notifications and the shopper's way to the shop can be read and changed on the way.",
    cure: ADDRESS,
  },
  backend_url_reached: {
    check: "backend_url_reached",
    level: "ok",
    cause:
      "A request from this server to `backendUrl` reaches the plugin. Whether one from SEQR does, the notifications tell.",
    cure: NOTHING,
  },
  backend_url_elsewhere: {
    check: "backend_url_reached",
    level: "error",
    cause:
      "A request to `backendUrl` is not answered by the plugin: a proxy refuses it, or leads it to another server.",
    cure: "Have the proxy pass on `/hooks/seqr` and `/seqr` below `backendUrl`, without a login; `status` is the HTTP status that came.",
  },
  backend_url_unreachable: {
    check: "backend_url_reached",
    level: "warning",
    cause: "A request from this server to `backendUrl` gets no answer. From outside it may get one.",
    cure: "Open `backendUrl` from another network. If that fails too, check the name resolution, the proxy and the firewall.",
  },
  strangers_none: {
    check: "strangers",
    level: "ok",
    cause: "In the last 24 hours, no notification came for a payment that the store does not have.",
    cure: NOTHING,
  },
  strangers: {
    check: "strangers",
    level: "ok",
    cause:
      "In the last 24 hours, notifications came for payments that the store does not have. They were refused. Any visitor of the internet can send them.",
    cure: "Nothing has to be done, unless SEQR sends them: then the database was restored, or another store has the same `backendUrl`.",
  },
  mode_live: {
    check: "mode",
    level: "ok",
    cause: "All terminals are at SEQR: shoppers pay real money.",
    cure: NOTHING,
  },
  mode_sandbox: {
    check: "mode",
    level: "ok",
    cause: "All terminals are in a sandbox: no money is moved, and every payment is pretended.",
    cure: "Nothing has to be done while the store is tried out. Before it opens, set the endpoint and the terminal that SEQR has given to you.",
  },
  mode_mixed: {
    check: "mode",
    level: "warning",
    cause: "Some terminals are at SEQR and some in a sandbox: a shopper may get goods without paying.",
    cure: "Set the endpoints that SEQR has given to you, or remove the terminals of the sandbox from the options.",
  },
} as const satisfies Record<AdminSeqrFindingCode, FindingCode>;

/** Makes a finding. @param values what was measured */
export function finding(
  code: AdminSeqrFindingCode,
  values: AdminSeqrFinding["values"] = {},
): AdminSeqrFinding {
  const { check, level } = FINDING_CODES[code];
  return { check, level, code, values };
}

/** Sums up findings: the worst of what is known, and `unknown` when nothing is. */
export function levelOf(found: readonly { level: AdminSeqrHealthLevel }[]): AdminSeqrHealthLevel {
  const worst = (["error", "warning", "ok"] as const).find((one) => found.some(({ level }) => level === one));
  return worst ?? "unknown";
}
