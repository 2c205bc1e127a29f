import { retrieveOrder } from "@lib/data/orders";
import OrderCompletedTemplate from "@modules/order/templates/order-completed-template";
import { notFound } from "next/navigation";

export default async function OrderConfirmedPage({ params }: { params: Promise<{ id: string }> }) {
  const order = await retrieveOrder((await params).id);
  if (!order) notFound();
  return <OrderCompletedTemplate order={order} />;
}
