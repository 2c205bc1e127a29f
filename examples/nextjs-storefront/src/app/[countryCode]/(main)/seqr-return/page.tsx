import Link from "next/link";
import { redirect } from "next/navigation";

interface Props {
  params: Promise<{ countryCode: string }>;
  searchParams: Promise<{ status?: string; order_id?: string }>;
}

const NOT_CHARGED = "Nothing was charged. Your cart is as it was.";

/** What is told of a payment without an order. */
const WORDS: Record<string, string> = {
  canceled: NOT_CHARGED,
  superseded: NOT_CHARGED,
  expired: NOT_CHARGED,
  failed: NOT_CHARGED,
  returned: "Your payment could not become an order. You get your money back.",
  reversed: "The shop could not confirm your payment. You get your money back.",
  clarifying: "The shop is looking into your payment. Please ask the shop before you pay again.",
};

/**
 * Where the phone's browser comes back to from the app. It may be another browser than the one with the cart, and a
 * SameSite=Strict cookie is not sent on this way: all that is needed is in the address.
 */
export default async function SeqrReturnPage({ params, searchParams }: Props) {
  const { countryCode } = await params;
  const { status, order_id } = await searchParams;
  if (order_id) redirect(`/${countryCode}/order/${encodeURIComponent(order_id)}/confirmed`);
  return (
    <>
      <h1>Your payment</h1>
      <p>{WORDS[status ?? ""] ?? "It is not known yet whether you have paid. The checkout shows it soon."}</p>
      <Link href={`/${countryCode}/cart`}>Back to the cart</Link>
    </>
  );
}
