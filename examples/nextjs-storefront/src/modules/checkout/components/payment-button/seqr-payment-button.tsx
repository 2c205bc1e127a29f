"use client";

import { revalidateCart } from "@lib/data/seqr";
import type { HttpTypes } from "@medusajs/types";
import { SeqrPayment, type Session } from "medusa-payment-seqr-view/react";
import { useParams, useRouter } from "next/navigation";

/** Shows the code, and goes to the page of the order when it is paid. */
export default function SeqrPaymentButton({ session }: { session: HttpTypes.StorePaymentSession }) {
  const { countryCode } = useParams<{ countryCode: string }>();
  const router = useRouter();
  return (
    <SeqrPayment
      session={session.data as Partial<Session>}
      onPaid={({ orderId }) => router.push(`/${countryCode}/order/${orderId}/confirmed`)}
      onRenewed={() => void revalidateCart()}
    />
  );
}
