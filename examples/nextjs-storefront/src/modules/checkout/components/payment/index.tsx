"use client";

import { paymentInfoMap } from "@lib/constants";
import { initiatePaymentSession } from "@lib/data/cart";
import { messageOf } from "@lib/util/seqr-refusal";
import type { HttpTypes } from "@medusajs/types";
import ErrorMessage from "@modules/checkout/components/error-message";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";

interface Props {
  cart: HttpTypes.StoreCart;
  availablePaymentMethods: HttpTypes.StorePaymentProvider[];
}

export default function Payment({ cart, availablePaymentMethods }: Props) {
  const active = cart.payment_collection?.payment_sessions?.find(({ status }) => status === "pending");
  const [chosen, setChosen] = useState(active?.provider_id);
  const [error, setError] = useState<string | null>(null);
  const isOpen = useSearchParams().get("step") === "payment";
  const router = useRouter();
  const pathname = usePathname();

  async function go(): Promise<void> {
    setError(null);
    try {
      if (chosen && chosen !== active?.provider_id)
        await initiatePaymentSession(cart, { provider_id: chosen });
      router.push(`${pathname}?step=review`);
    } catch (problem) {
      setError(messageOf(problem));
    }
  }

  return (
    <section>
      <h2>Payment</h2>
      {isOpen ? (
        <>
          {availablePaymentMethods.map(({ id }) => (
            <label key={id}>
              <input type="radio" name="payment" checked={chosen === id} onChange={() => setChosen(id)} />{" "}
              {paymentInfoMap[id]?.icon} {paymentInfoMap[id]?.title ?? id}
            </label>
          ))}
          <ErrorMessage error={error} />
          <button disabled={!chosen} onClick={() => void go()}>
            Continue to review
          </button>
        </>
      ) : (
        <p>{active && (paymentInfoMap[active.provider_id]?.title ?? active.provider_id)}</p>
      )}
    </section>
  );
}
