import { listProducts } from "@lib/data/products";
import Link from "next/link";

export default async function Home({ params }: { params: Promise<{ countryCode: string }> }) {
  const { countryCode } = await params;
  const products = await listProducts(countryCode);
  return (
    <>
      <h1>Goods</h1>
      <ul>
        {products.map(({ id, handle, title }) => (
          <li key={id}>
            <Link href={`/${countryCode}/products/${handle}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
