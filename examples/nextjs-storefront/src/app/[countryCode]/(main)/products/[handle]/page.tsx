import { listProducts } from "@lib/data/products";
import { convertToLocale } from "@lib/util/money";
import ProductActions from "@modules/products/components/product-actions";
import { notFound } from "next/navigation";

type Props = { params: Promise<{ countryCode: string; handle: string }> };

export default async function ProductPage({ params }: Props) {
  const { countryCode, handle } = await params;
  const [product] = await listProducts(countryCode, { handle });
  const variant = product?.variants?.[0];
  if (!product || !variant) notFound();
  const price = variant.calculated_price;
  return (
    <>
      <h1>{product.title}</h1>
      <p>
        {convertToLocale({
          amount: price?.calculated_amount ?? 0,
          currency_code: price?.currency_code ?? "sek",
        })}
      </p>
      <ProductActions variantId={variant.id} />
    </>
  );
}
