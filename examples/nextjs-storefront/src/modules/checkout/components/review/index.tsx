"use client";

import { isSeqr } from "@lib/constants";
import type { HttpTypes } from "@medusajs/types";
import PaymentButton from "@modules/checkout/components/payment-button";
import { useSearchParams } from "next/navigation";

export default function Review({ cart }: { cart: HttpTypes.StoreCart }) {
  const isOpen = useSearchParams().get("step") === "review";
  const paymentSession = cart.payment_collection?.payment_sessions?.[0];
  const agreement = isSeqr(paymentSession?.provider_id)
    ? "By paying in the app, you place the order"
    : "By clicking the button, you place the order";
  return (
    <section>
      <h2>Review</h2>
      {isOpen && (
        <>
          <p>{agreement} and accept our terms of sale, returns policy and privacy policy.</p>
          <PaymentButton cart={cart} />
        </>
      )}
    </section>
  );
}
