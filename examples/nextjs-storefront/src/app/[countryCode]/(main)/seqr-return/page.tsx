import Link from "next/link";
import { redirect } from "next/navigation";

interface Props {
  params: Promise<{ countryCode: string }>;
  searchParams: Promise<{ status?: string; order_id?: string }>;
}

const NOT_CHARGED = "Nothing was charged. Your cart is as it was.";

/** What the page says of a payment without an order, by its status. */
const WORDS: Record<string, string> = {
  canceled: NOT_CHARGED,
  superseded: NOT_CHARGED,
  expired: NOT_CHARGED,
  failed: NOT_CHARGED,
  refunded: "Your payment could not become an order. It is refunded to you.",
  reversed: "The shop could not confirm your payment. SEQR refunds it to you.",
  clarifying: "The shop is handling your payment. Please ask the shop before you pay again.",
};

/**
 * The page that the app opens on the phone. This may be another browser than the one with the cart, and the browser does
 * not send a SameSite=Strict cookie when the app opens it: the address contains everything that the page needs.
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
