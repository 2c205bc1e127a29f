import { isSeqr, paymentInfoMap } from "@lib/constants";
import type { HttpTypes } from "@medusajs/types";
import SeqrReceipt from "@modules/order/components/seqr-receipt";

export default function PaymentDetails({ order }: { order: HttpTypes.StoreOrder }) {
  const payment = order.payment_collections?.[0]?.payments?.[0];
  if (!payment) return null;
  return (
    <>
      <h2>Payment</h2>
      <p>{paymentInfoMap[payment.provider_id]?.title ?? payment.provider_id}</p>
      {isSeqr(payment.provider_id) && <SeqrReceipt reference={payment.data?.ers_reference} />}
    </>
  );
}
