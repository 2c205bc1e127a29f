"use client";

import { updateLineItem } from "@lib/data/cart";
import { messageOf } from "@lib/util/seqr-refusal";
import type { HttpTypes } from "@medusajs/types";
import ErrorMessage from "@modules/checkout/components/error-message";
import { useState } from "react";

export default function Item({ item }: { item: HttpTypes.StoreCartLineItem }) {
  const [error, setError] = useState<string | null>(null);

  async function changeQuantity(quantity: number): Promise<void> {
    setError(null);
    await updateLineItem({ lineId: item.id, quantity }).catch((problem: unknown) =>
      setError(messageOf(problem)),
    );
  }

  return (
    <>
      <p>
        {item.product_title}: {item.quantity}{" "}
        <button onClick={() => void changeQuantity(item.quantity + 1)}>One more</button>
      </p>
      <ErrorMessage error={error} />
    </>
  );
}
