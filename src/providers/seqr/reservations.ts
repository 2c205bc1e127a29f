import { seqrError } from "../../errors/error-codes";
import {
  capturesById,
  editedOrderOfSession,
  isOrderOfSessionEdited,
  type Query,
} from "../../medusa/session-order";
import {
  commitReservation,
  continueCommit,
  currentInvoice,
  patchInvoice,
  releaseReservation,
  type InvoiceRecord,
  type InvoiceState,
  type OperationContext,
} from "../../modules/seqr/public";
import { compare, type InvoiceRow } from "../../seqr";
import { invoiceRows } from "./invoice-rows";

/** States of a reservation that SEQR captures, or has captured. */
const CAPTURED: readonly InvoiceState[] = ["capturing", "committed", "completed"];
/** States of one that was captured and is refunded, or was. */
const REFUNDED: readonly InvoiceState[] = ["refund_due", "refunding", "refunded"];

/** A capture that core has recorded and asks the provider for. */
export interface CaptureRequest {
  /** Medusa's id of it. */
  key: string;
  /** Decimal string. */
  amount: string;
}

/**
 * Captures a reservation for a record of Medusa, once. A capture that SEQR has made and whose record core has deleted is assigned to
 * the next record of the same amount, without asking SEQR again.
 *
 * @returns the invoice, of which SEQR has captured that amount for that record
 * @throws {MedusaError} SEQR_CAPTURE_TOO_HIGH, SEQR_CAPTURED_ONCE, SEQR_CAPTURE_DIFFERS, SEQR_CAPTURE_RUNNING, SEQR_CAPTURE_UNKNOWN,
 * SEQR_RESERVATION_LAPSED, SEQR_CAPTURE_REFUNDED, SEQR_NOT_PAID, SEQR_BUSY, or the client's code when SEQR refused
 */
export async function captureReservation(
  seqr: OperationContext,
  query: Query,
  invoice: InvoiceRecord,
  request: CaptureRequest,
): Promise<InvoiceRecord> {
  // The provider may have been missing when core cancelled the payment.
  await noteEdit(seqr, query, invoice);
  const after = await commit(seqr, query, invoice, request);
  if (after.state === "lapsed") throw seqrError("SEQR_RESERVATION_LAPSED");
  if (after.ers_reference === null)
    throw seqrError("SEQR_CAPTURE_UNKNOWN", `Capture of ${request.amount} ${after.currency_code}.`);
  // Its order was cancelled meanwhile. A record of the capture would have no refund beside it.
  if (REFUNDED.includes(after.state))
    throw seqrError("SEQR_CAPTURE_REFUNDED", `The invoice is ${after.state}.`);
  if (after.capture_key !== request.key) await takeOver(seqr, query, after, request);
  return after;
}

async function commit(
  seqr: OperationContext,
  query: Query,
  invoice: InvoiceRecord,
  request: CaptureRequest,
): Promise<InvoiceRecord> {
  switch (invoice.state) {
    case "awaiting_capture": {
      const rows = await finalRows(query, invoice, request.amount);
      return commitReservation(seqr, invoice, { ...request, ...(rows && { rows }) });
    }
    case "capturing":
      if (compare(request.amount, invoice.capture_amount ?? "0") !== 0)
        throw seqrError(
          "SEQR_CAPTURE_RUNNING",
          `It is of ${invoice.capture_amount} ${invoice.currency_code}.`,
        );
      return continueCommit(seqr, invoice, "staff");
    case "lapsed":
      return invoice;
    default:
      if (invoice.ers_reference === null || invoice.capture_key === null)
        throw seqrError("SEQR_NOT_PAID", `The invoice is ${invoice.state}.`);
      return invoice;
  }
}

/** Assigns a capture that SEQR has made to another record, unless the record that it was made for is there. */
async function takeOver(
  seqr: OperationContext,
  query: Query,
  { id, capture_key, capture_amount, currency_code }: InvoiceRecord,
  { key, amount }: CaptureRequest,
): Promise<void> {
  const earlier = capture_key ?? "";
  const made = `${capture_amount} ${currency_code}`;
  if ((await capturesById(query, [earlier])).length > 0)
    throw seqrError("SEQR_CAPTURED_ONCE", `It was ${made}.`);
  if (compare(amount, capture_amount ?? "0") !== 0) throw seqrError("SEQR_CAPTURE_DIFFERS", `It is ${made}.`);
  if (!(await seqr.ledger.rekeyCapture(id, earlier, key)))
    throw seqrError("SEQR_CAPTURED_ONCE", `It was ${made}.`);
}

/** The rows of the order as it is now, when staff have edited it since the shopper confirmed the payment. */
async function finalRows(
  query: Query,
  { session_id, currency_code }: InvoiceRecord,
  amount: string,
): Promise<InvoiceRow[] | undefined> {
  const order = await editedOrderOfSession(query, session_id);
  return order && invoiceRows(order, amount, currency_code);
}

/**
 * Releases the reservation of a payment that core cancels. Core also cancels an authorized payment when staff edit its order,
 * although the shopper has confirmed it: then the reservation is kept, and captured as far as the new total needs it.
 *
 * @throws {MedusaError} SEQR_RESERVATION_KEPT when the order was edited, SEQR_CAPTURE_RUNNING when SEQR captures or has captured it.
 * Core logs it, and does not cancel the payment
 */
export async function cancelReservation(
  seqr: OperationContext,
  query: Query,
  invoice: InvoiceRecord,
): Promise<void> {
  if (await noteEdit(seqr, query, invoice)) {
    const { state } = await currentInvoice(seqr, invoice);
    throw seqrError(state === "awaiting_capture" ? "SEQR_RESERVATION_KEPT" : "SEQR_CAPTURE_RUNNING");
  }
  if (invoice.state !== "awaiting_capture") throw seqrError("SEQR_CAPTURE_RUNNING");
  const released = await releaseReservation(seqr, invoice, "merchant");
  if (CAPTURED.includes(released.state)) throw seqrError("SEQR_CAPTURE_RUNNING");
}

/**
 * Keeps the payment of a reservation that was captured. Core cancels it when staff edit its order after a part was captured, or during
 * the capture. It also does so when it rolls the order back: the watch then finds that the order is gone.
 *
 * @throws {MedusaError} SEQR_CAPTURED_ONCE when it was a reservation. Core logs it, and does not cancel the payment
 */
export async function keepCaptured(
  seqr: OperationContext,
  query: Query,
  invoice: InvoiceRecord,
): Promise<void> {
  if (invoice.reserved_amount === null) return;
  if (!(await noteEdit(seqr, query, invoice)))
    await patchInvoice(seqr, invoice, { attempts: 1, due_at: seqr.clock.now() });
  throw seqrError("SEQR_CAPTURED_ONCE", `It was ${invoice.amount} ${invoice.currency_code}.`);
}

/**
 * Notes that the order of a reservation was edited, if it was: the plugin then adjusts the order's payment collections, and captures
 * a reservation that is not captured yet.
 *
 * @returns whether it was edited
 */
async function noteEdit(
  seqr: OperationContext,
  query: Query,
  { id, session_id, order_id }: InvoiceRecord,
): Promise<boolean> {
  const { ledger, clock } = seqr;
  if (!(await isOrderOfSessionEdited(query, session_id))) return false;
  const reason = "order_changed";
  const due_at = clock.now();
  // In the order in which the states follow each other: it may be captured meanwhile.
  if (await ledger.update(id, { reason, attempts: 0, due_at }, ["awaiting_capture"])) return true;
  if (await ledger.update(id, { reason }, ["capturing", "committed"])) return true;
  if (!(await ledger.update(id, { reason, attempts: 1, due_at }, ["completed"]))) return false;
  // The rest may be reserved as another payment, which core keeps as it is when it has found this one to cancel.
  const placed = order_id === null ? [] : await ledger.placedWith([order_id]);
  const rest = placed.find(({ state }) => state === "awaiting_capture");
  if (rest) await ledger.update(rest.id, { reason, attempts: 0, due_at }, ["awaiting_capture"]);
  return true;
}
