"use client";

import { placeOrder } from "@lib/data/cart";
import { messageOf } from "@lib/util/seqr-refusal";
import ErrorMessage from "@modules/checkout/components/error-message";
import { useState } from "react";

export default function ManualPaymentButton() {
  const [error, setError] = useState<string | null>(null);

  async function place(): Promise<void> {
    await placeOrder().catch((problem: Error & { digest?: string }) => {
      if (!problem.digest?.startsWith("NEXT_REDIRECT")) setError(messageOf(problem));
    });
  }

  return (
    <>
      <button onClick={() => void place()}>Place order</button>
      <ErrorMessage error={error} />
    </>
  );
}
