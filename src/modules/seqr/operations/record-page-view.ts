import { after } from "../../../clock";
import { intervalWhileViewed } from "../invoice/polling-schedule";
import type { InvoiceRecord } from "../ledger/ledger";
import type { OperationContext } from "./operation-context";

/** Milliseconds; a page that asks for the status more often is recorded only this often. */
const RECORDING_INTERVAL = 2_000;

/** Records that a payment page is open on an invoice, so that an open invoice is polled soon. */
export async function recordPageView(context: OperationContext, invoice: InvoiceRecord): Promise<void> {
  const { state, viewed_at } = invoice;
  const isRecorded =
    viewed_at !== null && context.clock.now().getTime() - viewed_at.getTime() < RECORDING_INTERVAL;
  if (state === "open" && !isRecorded) await recordPageViews(context, [invoice.id]);
}

/** Records that payment pages are open on these invoices, in one statement. */
export async function recordPageViews(
  { ledger, clock, terminals }: Pick<OperationContext, "ledger" | "clock" | "terminals">,
  ids: string[],
): Promise<void> {
  const now = clock.now();
  const notified: string[] = [];
  for (const { name, notifications } of terminals.all) if (await notifications.arrive()) notified.push(name);
  await ledger.recordPageViews(ids, now, {
    dueAt: after(now, intervalWhileViewed(false)),
    notified,
    notifiedDueAt: after(now, intervalWhileViewed(true)),
  });
}
