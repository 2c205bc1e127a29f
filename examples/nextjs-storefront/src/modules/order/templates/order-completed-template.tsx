import { convertToLocale } from "@lib/util/money";
import type { HttpTypes } from "@medusajs/types";
import PaymentDetails from "@modules/order/components/payment-details";

export default function OrderCompletedTemplate({ order }: { order: HttpTypes.StoreOrder }) {
  const { display_id, items, total, currency_code } = order;
  return (
    <>
      <h1>Thank you! Your order was placed.</h1>
      <p>Order number {display_id}</p>
      <ul>
        {items?.map((item) => (
          <li key={item.id}>
            {item.quantity} × {item.product_title}
          </li>
        ))}
      </ul>
      <p>Total {convertToLocale({ amount: total, currency_code })}</p>
      <PaymentDetails order={order} />
    </>
  );
}
