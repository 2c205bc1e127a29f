import { after } from "../clock";
import { seqrError } from "../errors/error-codes";
import { oneLine } from "../errors/one-line";
import { recordedCode } from "../errors/recorded-code";
import type {
  DueReceiptRequest,
  Endpoint,
  OperationContext,
  ReceiptOutcome,
  ReceiptRecord,
} from "../modules/seqr/public";
import { workInLanes } from "../processing/lanes";
import { SeqrResultError, type ReceiptDocument } from "../seqr";
import type { ReceiptSubject } from "./read-receipt";
import { EMPTY_RECEIPT, forSeqr } from "./receipt-document";

/** What sending receipts works with. */
export interface ReceiptsContext {
  seqr: OperationContext;
  /** Makes the document of a receipt, where the option `receipts` asks for one. */
  documentOf: (subject: ReceiptSubject) => Promise<ReceiptDocument>;
}

/** Receipts that one process sends to one endpoint at once: few, because payments come first. */
const CONCURRENCY = 2;
/** Milliseconds after which the process that took a receipt must have crashed: more than making it and two time limits of SEQR. */
const RETAKEN_AFTER = 300_000;

/** Back-off (ms) between two tries: doubles from the first up to the second. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 3_600_000;
/** Tries after which a refusal is final. Until then SEQR may not know a new payment on each of its machines. */
const REFUSALS = 3;
/** Milliseconds for which a receipt is tried. */
const TRIED_FOR = 30 * 24 * 3_600_000;

/** Refusals about the terminal and not about the receipt: the receipt is sent when the options or SEQR are corrected. */
const ABOUT_TERMINAL: readonly number[] = [20, 21, 29, 33, 37];

/**
 * Sends the receipts that are due to SEQR. It may run in several processes at once, each of which takes other receipts. An endpoint
 * that hangs does not delay the receipts of the others. To one that is down it sends one, which shows when it is back.
 *
 * @returns how many were tried
 */
export function sendDueReceipts(context: ReceiptsContext): Promise<number> {
  const { terminals, clock } = context.seqr;
  const acquires = [
    ...terminals.endpoints.map((endpoint) => acquireAt(context.seqr, endpoint)),
    // Of terminals that the options name no longer: their receipts say so, and wait.
    (limit: number) => acquire(context.seqr, { limit, notOf: terminals.keysOf(terminals.all) }),
  ];
  const lanes = acquires.map((acquire) => ({ acquire, most: CONCURRENCY }));
  return workInLanes(clock, lanes, (receipt) => sendReceipt(context, receipt));
}

/** How one run takes the receipts of an endpoint: while it is down, one and no more. */
function acquireAt(seqr: OperationContext, endpoint: Endpoint): (limit: number) => Promise<ReceiptRecord[]> {
  const of = seqr.terminals.keysOf(seqr.terminals.at(endpoint));
  let isTried = false;
  return async (limit) => {
    const isDown = endpoint.breaker.isOpen;
    if (isDown && isTried) return [];
    isTried ||= isDown;
    return acquire(seqr, { limit: isDown ? 1 : limit, of });
  };
}

function acquire(
  { ledger, clock }: OperationContext,
  which: Pick<DueReceiptRequest, "limit" | "of" | "notOf">,
): Promise<ReceiptRecord[]> {
  const now = clock.now();
  return ledger.acquireDueReceipts({ now, until: after(now, RETAKEN_AFTER), ...which });
}

/** Sends a receipt, and records what came of it. It does not throw: a receipt whose record fails is due again later. */
async function sendReceipt(context: ReceiptsContext, receipt: ReceiptRecord): Promise<void> {
  const { ledger, logger } = context.seqr;
  try {
    await ledger.finishReceipt(receipt.id, await tryToSend(context, receipt));
  } catch (error) {
    logger.error(`seqr: receipt ${receipt.id}: ${oneLine(error)}`);
  }
}

async function tryToSend(context: ReceiptsContext, receipt: ReceiptRecord): Promise<ReceiptOutcome> {
  const { clock, logger } = context.seqr;
  try {
    const isSent = await submit(context, receipt);
    return isSent
      ? { state: "sent", due_at: null, result: "0", sent_at: clock.now() }
      : { state: "skipped", due_at: null, result: null };
  } catch (error) {
    logger.warn(`seqr: receipt ${receipt.id} could not be sent: ${oneLine(error)}`);
    const now = clock.now();
    const isFinal = isRefused(error, receipt) || after(receipt.created_at, TRIED_FOR) <= now;
    return isFinal
      ? { state: "refused", due_at: null, result: codeOf(error) }
      : { state: "pending", due_at: after(now, pauseAfter(receipt.attempts)), result: codeOf(error) };
  }
}

/** @returns false where the option `receipts` is `off` */
async function submit({ seqr, documentOf }: ReceiptsContext, receipt: ReceiptRecord): Promise<boolean> {
  const { ledger, terminals } = seqr;
  const invoice = await ledger.find({ id: receipt.invoice_id });
  if (!invoice) throw seqrError("SEQR_NO_SUCH_INVOICE");
  const { client, options } = terminals.of(invoice);
  if (options.receipts === "off") return false;
  const refunds = receipt.refund_id === null ? [] : await ledger.refundsOf(invoice.id);
  const refund = refunds.find(({ id }) => id === receipt.refund_id);
  const document =
    options.receipts === "empty"
      ? forSeqr(EMPTY_RECEIPT)
      : await documentOf({ receipt, invoice, refund, options });
  await client.submitPaymentReceipt(receipt.ers_reference, document);
  return true;
}

/** Whether SEQR refused a receipt for a reason that does not pass. */
function isRefused(error: unknown, { attempts }: ReceiptRecord): boolean {
  if (!(error instanceof SeqrResultError) || error.outcome !== "refused") return false;
  const { code, next } = error.result;
  return next === "stop" && !ABOUT_TERMINAL.includes(code) && attempts >= REFUSALS;
}

function pauseAfter(attempts: number): number {
  return Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE);
}

function codeOf(error: unknown): string {
  return recordedCode(error, "SEQR_RECEIPT_FAILED");
}
