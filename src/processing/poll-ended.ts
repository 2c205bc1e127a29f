import {
  isEnded,
  isAbandonedOrderCheckDue,
  isNotifiedAfterEnd,
  type InvoiceRecord,
} from "../modules/seqr/public";
import { cancelAbandonedOrder } from "./cancel-abandoned-order";
import { ContinueFrom, type PaymentRun } from "./payment-run";
import { pollStatus } from "./poll-invoice";

/**
 * Polls an invoice that has ended, when a notification or staff ask for it. A payment whose session is gone is not polled
 * before SEQR has reversed it. Otherwise the watch checks once for an order that a crashed process has left unpaid.
 */
export async function pollEnded(
  run: PaymentRun,
  invoice: InvoiceRecord,
): Promise<InvoiceRecord | ContinueFrom> {
  const { source, store, seqr } = run;
  const isAnnounced = source === "notification";
  if (isAnnounced && !(await store.purchaseOf(invoice.session_id))) return invoice;
  if (!isAnnounced && source !== "watch" && source !== "staff")
    return isAbandonedOrderCheckDue(invoice, seqr.clock.now()) ? cancelAbandonedOrder(run, invoice) : invoice;
  if (source === "watch" && !isNotifiedAfterEnd(invoice)) return cancelAbandonedOrder(run, invoice);
  const polled = await pollStatus(run, invoice);
  if (!isEnded(polled.state)) return new ContinueFrom(polled);
  // When SEQR did not answer, the watch polls again.
  return isNotifiedAfterEnd(polled) ? polled : cancelAbandonedOrder(run, polled);
}
