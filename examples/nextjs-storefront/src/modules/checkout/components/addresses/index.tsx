"use client";

import { setAddresses } from "@lib/data/cart";
import type { HttpTypes } from "@medusajs/types";
import ErrorMessage from "@modules/checkout/components/error-message";
import { useParams, useSearchParams } from "next/navigation";
import { useActionState } from "react";

const FIELDS = {
  first_name: "First name",
  last_name: "Last name",
  address_1: "Address",
  postal_code: "Postal code",
  city: "City",
} as const;

export default function Addresses({ cart }: { cart: HttpTypes.StoreCart }) {
  const [message, action] = useActionState(setAddresses, null);
  const isOpen = useSearchParams().get("step") === "address";
  const { countryCode } = useParams<{ countryCode: string }>();
  const address = cart.shipping_address;
  return (
    <section>
      <h2>Shipping address</h2>
      {isOpen ? (
        <form action={action}>
          <label>
            Email <input name="email" required defaultValue={cart.email} />
          </label>
          {Object.entries(FIELDS).map(([name, label]) => (
            <label key={name}>
              {label}{" "}
              <input
                name={`shipping_address.${name}`}
                required
                defaultValue={address?.[name as keyof typeof FIELDS]}
              />
            </label>
          ))}
          <input type="hidden" name="shipping_address.country_code" value={countryCode} />
          <button>Continue to delivery</button>
          <ErrorMessage error={message} />
        </form>
      ) : (
        <p>
          {address?.address_1} {address?.city}
        </p>
      )}
    </section>
  );
}
