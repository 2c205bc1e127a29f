import type { MedusaContainer } from "@medusajs/framework/types";
import { seqrOf } from "../modules/seqr";
import type { InvoiceRecord, RefundRecord } from "../modules/seqr/public";
import { queryOf, readCollectionIdsOfOrder } from "./queries";

/** What staff see of one SEQR payment. */
export type OrderPayment = Pick<
  InvoiceRecord,
  | "id"
  | "invoice_reference"
  | "ers_reference"
  | "state"
  | "reason"
  | "problem"
  | "amount"
  | "currency_code"
  | "paid_at"
> & {
  refunds: Pick<RefundRecord, "id" | "amount" | "state" | "refund_reference" | "result" | "requested_at">[];
};

/** The SEQR invoices of an order's payment sessions, newest first. */
export async function invoicesOfOrder(container: MedusaContainer, orderId: string): Promise<InvoiceRecord[]> {
  const collectionIds = await readCollectionIdsOfOrder(queryOf(container), orderId);
  return seqrOf(container).ledger.invoicesOf(collectionIds);
}

/** The order's SEQR payments with their refunds; empty when it has none. */
export async function paymentsOfOrder(container: MedusaContainer, orderId: string): Promise<OrderPayment[]> {
  const seqr = seqrOf(container);
  const invoices = await invoicesOfOrder(container, orderId);
  return Promise.all(
    invoices.map(async (invoice) => {
      const { id, invoice_reference, ers_reference, state, reason, problem, amount, currency_code, paid_at } =
        invoice;
      const refunds = await seqr.ledger.refundsOf(invoice.id);
      return {
        ...{ id, invoice_reference, ers_reference, state, reason, problem, amount, currency_code, paid_at },
        refunds: refunds.map(({ id, amount, state, refund_reference, result, requested_at }) => ({
          ...{ id, amount, state, refund_reference, result, requested_at },
        })),
      };
    }),
  );
}
