"use client";

import { setShippingMethod } from "@lib/data/cart";
import { convertToLocale } from "@lib/util/money";
import { messageOf } from "@lib/util/seqr-refusal";
import type { HttpTypes } from "@medusajs/types";
import ErrorMessage from "@modules/checkout/components/error-message";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";

interface Props {
  cart: HttpTypes.StoreCart;
  availableShippingMethods: HttpTypes.StoreCartShippingOption[];
}

export default function Shipping({ cart, availableShippingMethods }: Props) {
  const [error, setError] = useState<string | null>(null);
  const isOpen = useSearchParams().get("step") === "delivery";
  const router = useRouter();
  const pathname = usePathname();
  const chosen = cart.shipping_methods?.at(-1);

  async function choose(shippingMethodId: string): Promise<void> {
    setError(null);
    await setShippingMethod({ cartId: cart.id, shippingMethodId }).catch((problem: unknown) =>
      setError(messageOf(problem)),
    );
  }

  return (
    <section>
      <h2>Delivery</h2>
      {isOpen ? (
        <>
          {availableShippingMethods.map(({ id, name, amount }) => (
            <label key={id}>
              <input
                type="radio"
                name="delivery"
                checked={chosen?.shipping_option_id === id}
                onChange={() => void choose(id)}
              />{" "}
              {name}, {convertToLocale({ amount, currency_code: cart.currency_code })}
            </label>
          ))}
          <ErrorMessage error={error} />
          <button disabled={!chosen} onClick={() => router.push(`${pathname}?step=payment`)}>
            Continue to payment
          </button>
        </>
      ) : (
        <p>{chosen?.name}</p>
      )}
    </section>
  );
}
