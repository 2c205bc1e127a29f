import { parseArgs } from "node:util";
import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { ExecArgs, MedusaContainer } from "@medusajs/framework/types";
import { periodDetails } from "../books/period-view";
import { after, sleep } from "../clock";
import { seqrError } from "../errors/error-codes";
import { oneLine } from "../errors/one-line";
import type { AdminSeqrPeriodDetails } from "../http-types";
import { booksOf, closingOf } from "../modules/seqr";
import type { ScopeQuery } from "../modules/seqr/public";
import { closeSeqrPeriodWorkflow } from "../workflows/close-period";
import { processSeqrPeriods } from "../workflows/process-periods";

/** Milliseconds for which SEQR's reports are awaited: more than SEQR may say that they are not ready. */
const WAIT = 20 * 60_000;
const LOOK_EVERY = 1_000;

const OPTIONS = {
  terminal: { type: "string" },
  reseller: { type: "string" },
  force: { type: "boolean" },
} as const;

/**
 * Closes SEQR's transaction period, waits for SEQR's reports, compares them with the ledger and with Medusa, and logs what came of it. Without
 * arguments it closes what the option `periods` says, or the shop; `--terminal <name>` closes the period of one terminal, `--reseller <id>`
 * that of one account. `--force` closes what the account's periods are usually not of. Run by `medusa-payment-seqr close-books`, for example from cron.
 *
 * @throws {MedusaError} SEQR_BOOKS_DIFFER when a period was not closed or not compared, or when it has differences that need a person
 */
export default async function closeBooks({ container, args }: ExecArgs): Promise<void> {
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  const problems: string[] = [];
  for (const query of wanted(container, args)) {
    try {
      const { result } = await closeSeqrPeriodWorkflow(container).run({ input: query });
      const period = await processed(container, result.id);
      for (const line of [...linesOf(period), ...problemsOf(period)]) logger.info(`seqr: ${line}`);
      problems.push(...problemsOf(period));
    } catch (error) {
      logger.error(`seqr: ${oneLine((error as Error).message)}`);
      problems.push(`${query.terminal ?? query.reseller_id ?? "the shop"} was not closed.`);
    }
  }
  if (problems.length > 0) throw seqrError("SEQR_BOOKS_DIFFER", problems.join(" "));
}

/** What has to be closed. */
function wanted(
  container: MedusaContainer,
  args: string[],
): { reseller_id?: string; endpoint?: string; terminal?: string; force?: boolean }[] {
  const { terminal, reseller, force } = parseArgs({ args, options: OPTIONS }).values;
  const { accounts, schedule } = closingOf(container);
  const query: ScopeQuery = { terminal, reseller_id: reseller };
  return accounts.toClose(query, schedule?.scope ?? "shop").map(({ account, terminal }) => ({
    ...{ reseller_id: account.resellerId, endpoint: account.endpoint },
    ...(terminal && { terminal: terminal.name }),
    ...(force !== undefined && { force }),
  }));
}

/** Does what is due until the period is compared, or cannot be. Servers of the store may do it meanwhile. */
async function processed(container: MedusaContainer, id: string): Promise<AdminSeqrPeriodDetails> {
  const { clock } = closingOf(container);
  const end = after(clock.now(), WAIT);
  for (;;) {
    await processSeqrPeriods(container);
    const period = await periodDetails(booksOf(container), id);
    if (period.due_at === null || clock.now() > end) return period;
    await sleep(clock, LOOK_EVERY);
  }
}

function linesOf({ id, terminal, reseller_id, totals, ...period }: AdminSeqrPeriodDetails): string[] {
  const of = terminal === null ? `the shop ${reseller_id}` : `terminal ${terminal}`;
  return [
    `period ${id} of ${of}, ${period.transaction_period_id ?? "without an id"}: ${period.state}.`,
    ...totals.map(({ currency_code, reported, expected, difference }) => {
      const currency = currency_code ?? "(unknown currency)";
      return `SEQR reports ${reported} ${currency}, the shop expects ${expected}: a difference of ${difference}.`;
    }),
  ];
}

/** What a person has to see to. */
function problemsOf(period: AdminSeqrPeriodDetails): string[] {
  const code = period.result === null || period.result === "0" ? "" : ` (${period.result})`;
  return [
    ...(period.state === "reconciled" ? [] : [`Period ${period.id} is ${period.state}${code}.`]),
    ...(period.open_items > 0 ? [`Period ${period.id} has differences: ${period.open_items}.`] : []),
    ...(period.report_differs ? [`Period ${period.id} has a second report that differs.`] : []),
    ...(period.summary_differs ? [`SEQR's summary of period ${period.id} differs from its rows.`] : []),
  ];
}
