"use client";

import { forgetCompletedCart } from "@lib/data/seqr";
import { useEffect } from "react";

/** SEQR's reference, as the shopper finds it in the app. This browser forgets the cart, which is an order now. */
export default function SeqrReceipt({ reference }: { reference: unknown }) {
  useEffect(() => {
    void forgetCompletedCart();
  }, []);
  return <p>SEQR reference: {String(reference ?? "")}</p>;
}
