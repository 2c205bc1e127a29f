"use client";

import { addToCart } from "@lib/data/cart";
import { messageOf } from "@lib/util/seqr-refusal";
import ErrorMessage from "@modules/checkout/components/error-message";
import { useParams, useRouter } from "next/navigation";
import { useState } from "react";

export default function ProductActions({ variantId }: { variantId: string }) {
  const [isAdding, setIsAdding] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { countryCode } = useParams<{ countryCode: string }>();
  const router = useRouter();

  async function add(): Promise<void> {
    setIsAdding(true);
    setError(null);
    try {
      await addToCart({ variantId, quantity: 1, countryCode });
      router.push(`/${countryCode}/cart`);
    } catch (problem) {
      setError(messageOf(problem));
      setIsAdding(false);
    }
  }

  return (
    <>
      <button disabled={isAdding} onClick={() => void add()}>
        Add to cart
      </button>
      <ErrorMessage error={error} />
    </>
  );
}
