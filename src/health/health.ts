import type { Clock } from "../clock";
import { after } from "../clock";
import type { AdminSeqrFinding, AdminSeqrHealth, AdminSeqrTerminalHealth } from "../http-types";
import {
  isSandbox,
  type Announcement,
  type NotificationStore,
  type OperationContext,
  type ServerStore,
  type Terminal,
} from "../modules/seqr/public";
import { askTerminal, type TerminalAnswer } from "./ask-terminal";
import { addressFinding, reachFinding } from "./backend-url";
import { levelOf } from "./finding-codes";
import { LATEST_PAYMENTS, notificationFinding } from "./notification-findings";
import { Remembered } from "./remembered";
import {
  modeFinding,
  moduleFindings,
  strangersFinding,
  watchFinding,
  type Surroundings,
} from "./store-findings";
import { terminalFindings } from "./terminal-findings";

/** Milliseconds for which an answer of SEQR is remembered in this process, so that a page or a monitor may ask at any rate. */
const SEQR_KEPT_FOR = 10_000;
/** Milliseconds for which it is remembered whether `backendUrl` is reachable. */
const REACH_KEPT_FOR = 30_000;
/** Milliseconds for which a server is listed after its last sweep. */
const LISTED_FOR = 3_600_000;
const MOST_SERVERS = 100;
const DAY = 86_400_000;

/** What the health of the connection is found out with. */
export interface HealthContext {
  seqr: Pick<OperationContext, "clock" | "options" | "terminals">;
  notifications: Pick<NotificationStore, "announcements" | "countStrangers">;
  servers: Pick<ServerStore, "latest">;
  surroundings: Surroundings;
}

/** What asks, which tests replace. */
export interface Questions {
  ask: (terminal: Terminal, clock: Clock) => Promise<TerminalAnswer>;
  reach: (backendUrl: string, clock: Clock) => Promise<AdminSeqrFinding>;
}

/** What a process remembers of what it asked. */
interface Memory {
  answers: Map<Terminal, Remembered<TerminalAnswer>>;
  reach: Remembered<AdminSeqrFinding>;
}

/** By the terminals of a process, which are made once. */
const memories = new WeakMap<OperationContext["terminals"], Memory>();

const QUESTIONS: Questions = { ask: askTerminal, reach: reachFinding };

/**
 * Finds out how the store is connected with SEQR. Everything is asked at the same time, so that a terminal that hangs delays the
 * answer by its own time limit only. SEQR is asked every ten seconds at most, however often this is called.
 */
export async function connectionHealth(
  context: HealthContext,
  questions: Questions = QUESTIONS,
): Promise<AdminSeqrHealth> {
  const { seqr, notifications, servers, surroundings } = context;
  const { clock, options, terminals } = seqr;
  const memory = memoryOf(seqr, questions);
  const now = clock.now();
  const [answers, reach, announced, strangers, watching] = await Promise.all([
    Promise.all([...memory.answers.values()].map((answer) => answer.get())),
    memory.reach.get(),
    notifications.announcements(
      terminals.all.map(({ name }) => name),
      LATEST_PAYMENTS,
    ),
    notifications.countStrangers(after(now, -DAY)),
    servers.latest(after(now, -LISTED_FOR), MOST_SERVERS),
  ]);
  const sandboxes = terminals.sold.map((terminal) => isSandbox(terminal.options));
  const findings = [
    modeFinding(sandboxes),
    watchFinding(watching, now),
    ...moduleFindings(surroundings, watching, now),
    addressFinding(
      options.backendUrl,
      terminals.all.every((terminal) => isSandbox(terminal.options)),
    ),
    reach,
    strangersFinding(strangers),
  ];
  const each = terminals.all.flatMap((terminal, index) => {
    const answer = answers[index];
    return answer ? [terminalHealth(terminal, answer, announced.get(terminal.name) ?? [], now)] : [];
  });
  const checkedAt = Math.min(...answers.map(({ answeredAt }) => answeredAt.getTime()));
  return {
    level: levelOf([...findings, ...each]),
    checked_at: new Date(checkedAt).toISOString(),
    findings,
    terminals: each,
    servers: watching.map(({ id, started_at, swept_at }) => ({
      ...{ id, started_at: started_at.toISOString(), swept_at: swept_at.toISOString() },
    })),
  };
}

function terminalHealth(
  { name, options }: Terminal,
  answer: TerminalAnswer,
  announced: readonly Announcement[],
  now: Date,
): AdminSeqrTerminalHealth {
  const { protocol, host } = new URL(options.endpoint);
  const { retired } = options;
  const found = [
    ...terminalFindings(answer, protocol === "https:"),
    // Nothing is sold with a retired terminal, so its latest payments are old.
    ...(retired ? [] : [notificationFinding(announced, now)]),
  ].map((one) => (retired ? ofRetired(one) : one));
  return {
    ...{ terminal: name, terminal_id: options.terminalId, endpoint: host },
    is_sandbox: isSandbox(options),
    retired,
    level: levelOf(found),
    findings: found,
  };
}

/** No shopper is waiting for a retired terminal. */
function ofRetired(found: AdminSeqrFinding): AdminSeqrFinding {
  return found.level === "error" ? { ...found, level: "warning" } : found;
}

function memoryOf({ terminals, clock, options }: HealthContext["seqr"], { ask, reach }: Questions): Memory {
  const known = memories.get(terminals);
  if (known) return known;
  const memory: Memory = {
    answers: new Map(
      terminals.all.map((terminal) => [
        terminal,
        new Remembered(clock, SEQR_KEPT_FOR, () => ask(terminal, clock)),
      ]),
    ),
    reach: new Remembered(clock, REACH_KEPT_FOR, () => reach(options.backendUrl, clock)),
  };
  memories.set(terminals, memory);
  return memory;
}
