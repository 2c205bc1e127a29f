import { after, sleep } from "../clock";
import { seqrError, type ErrorCode } from "../errors/error-codes";
import { refusedBySeqr } from "../errors/seqr-errors";
import { oneLine } from "../errors/one-line";
import {
  closedEvent,
  lostEvent,
  type BooksContext,
  type PeriodPatch,
  type PeriodRecord,
  type Scope,
} from "../modules/seqr/public";
import { SeqrError } from "../seqr";
import { leaseRequest, RELEASED } from "./period-lease";

/** Who closes a period. */
export interface Closing {
  /** Medusa's id of the member of staff; null for the schedule and for commands. */
  actorId: string | null;
  /** The day of the schedule, `2026-01-15`; null when it is closed by hand. */
  closingDay: string | null;
  /** Whether it is closed even if the account's periods are those of another scope. */
  isForced?: boolean | undefined;
}

/** Milliseconds after which SEQR's reports are usually ready (PROTOCOL 9.1). */
const READY_AFTER = 3_000;

/** How often recording SEQR's answer is tried, and the milliseconds between two tries: the answer cannot be had again. */
const RECORDING = { tries: 30, pause: 2_000 };

const REPEATED: ErrorCode = "SEQR_PERIOD_REPEATED";
const LOST: ErrorCode = "SEQR_PERIOD_LOST";

/**
 * Closes the period of a shop or of a terminal at SEQR. The intent is recorded first. SEQR is asked once: when its answer is lost, the
 * period's id is not known, and repeating the call would close the next period.
 *
 * @returns the period: `marked`, or `lost`
 * @throws {MedusaError} SEQR_PERIOD_SCOPE when the account's periods are those of another scope; SEQR_PERIOD_CLOSING when another process closes it, or has closed it for that day; SEQR_PERIOD_REPEATED when
 * SEQR closed none; or the client's code when SEQR refused. The period then goes on.
 */
export async function closePeriod(
  context: BooksContext,
  scope: Scope,
  { actorId, closingDay, isForced = false }: Closing,
): Promise<PeriodRecord> {
  const { key, account, terminal } = scope;
  if (closingDay === null && !isForced) await refuseOtherScope(context, scope);
  const { periods, clock } = context;
  const { endpoint, resellerId, client } = account;
  const terminalId = terminal?.options.terminalId;
  const period = await periods.insert(
    {
      ...{ scope: key, endpoint, reseller_id: resellerId },
      ...{ terminal: terminal?.name ?? null, terminal_id: terminalId ?? null },
      ...{ closing_day: closingDay, actor_id: actorId, requested_at: clock.now() },
    },
    leaseRequest(context),
  );
  if (!period) throw seqrError("SEQR_PERIOD_CLOSING");
  let id: string;
  try {
    id = await client.markTransactionPeriod(terminalId);
  } catch (error) {
    const code = error instanceof SeqrError ? error.code : LOST;
    if (!(error instanceof SeqrError) || error.outcome === "unknown")
      return loseClosing(context, period, code);
    await record(context, period, { state: "refused", result: code, due_at: null });
    throw refusedBySeqr(error);
  }
  return recordClosed(context, period, id);
}

/**
 * The period of the shop and those of its terminals have the same payments. Of one account, the one kind is closed or the other: that of
 * the schedule, or that of the last closing.
 */
async function refuseOtherScope(
  { periods, schedule }: BooksContext,
  { account: { endpoint, resellerId }, terminal }: Scope,
): Promise<void> {
  const last = schedule ? undefined : await periods.lastClosed({ endpoint, reseller_id: resellerId });
  const ofTerminals = schedule ? schedule.scope === "terminal" : last && last.terminal_id !== null;
  if (ofTerminals === undefined || ofTerminals === (terminal !== null)) return;
  throw seqrError(
    "SEQR_PERIOD_SCOPE",
    `They are those of ${ofTerminals ? "its terminals" : "the whole shop"}.`,
  );
}

/** Records that the answer to the closing of a period is not known. What was paid in it is listed next. */
export async function loseClosing(
  context: BooksContext,
  period: PeriodRecord,
  result: string = LOST,
): Promise<PeriodRecord> {
  const patch = { state: "lost", result, is_open: true, due_at: context.clock.now() } as const;
  const lost = await record(context, period, patch);
  if (!lost || lost === "taken") return period;
  context.announce(lostEvent(lost));
  return lost;
}

async function recordClosed(context: BooksContext, period: PeriodRecord, id: string): Promise<PeriodRecord> {
  const { clock, logger, announce } = context;
  // Before it is recorded: the log has the id even if the database cannot be reached.
  logger.info(`seqr: closed transaction period ${oneLine(id)}, kept as ${period.id}`);
  const marked_at = clock.now();
  const closed = await record(context, period, {
    ...{ state: "marked", transaction_period_id: id, marked_at, due_at: after(marked_at, READY_AFTER) },
    ...{ result: "0", is_open: false },
  });
  if (closed === "taken") {
    await record(context, period, { state: "refused", result: REPEATED, due_at: null, is_open: false });
    throw seqrError(REPEATED, `It is ${id}.`);
  }
  if (!closed) return period;
  announce(closedEvent(closed));
  return closed;
}

/**
 * Records the outcome of a closing. Another process may have recorded meanwhile that it is lost: what SEQR has answered replaces that.
 */
async function record(
  { periods, clock, logger }: BooksContext,
  { id }: PeriodRecord,
  patch: PeriodPatch,
): Promise<PeriodRecord | "taken" | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      const from = patch.state === "lost" ? (["marking"] as const) : (["marking", "lost"] as const);
      return await periods.change(id, from, { ...patch, ...RELEASED });
    } catch (error) {
      logger.error(`seqr: period ${id} could not be recorded as ${patch.state}: ${oneLine(error)}`);
      if (tries >= RECORDING.tries) throw error;
      await sleep(clock, RECORDING.pause);
    }
  }
}
