"use client";

import { isManual, isSeqr } from "@lib/constants";
import type { HttpTypes } from "@medusajs/types";
import ManualPaymentButton from "./manual-payment-button";
import SeqrPaymentButton from "./seqr-payment-button";

export default function PaymentButton({ cart }: { cart: HttpTypes.StoreCart }) {
  const paymentSession = cart.payment_collection?.payment_sessions?.[0];

  if (paymentSession && isSeqr(paymentSession.provider_id))
    return <SeqrPaymentButton session={paymentSession} />;

  switch (true) {
    case isManual(paymentSession?.provider_id):
      return <ManualPaymentButton />;
    default:
      return <button disabled>Select a payment method</button>;
  }
}
