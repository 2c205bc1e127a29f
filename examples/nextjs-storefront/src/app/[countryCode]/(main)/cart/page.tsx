import { retrieveCart } from "@lib/data/cart";
import { convertToLocale } from "@lib/util/money";
import Item from "@modules/cart/components/item";
import Link from "next/link";

export default async function CartPage({ params }: { params: Promise<{ countryCode: string }> }) {
  const { countryCode } = await params;
  const cart = await retrieveCart();
  if (!cart?.items?.length) return <h1>Your cart is empty</h1>;
  const { items, total, currency_code } = cart;
  return (
    <>
      <h1>Cart</h1>
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
      <p>Total {convertToLocale({ amount: total, currency_code })}</p>
      <Link href={`/${countryCode}/checkout?step=address`}>Go to checkout</Link>
    </>
  );
}
