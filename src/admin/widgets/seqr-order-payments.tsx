import { defineWidgetConfig } from "@medusajs/admin-sdk";
import type { AdminOrder, DetailWidgetProps } from "@medusajs/framework/types";
import { Container } from "@medusajs/ui";
import { lazy, Suspense } from "react";
import { Loading } from "../components/loading";
import { WithTexts } from "../components/with-texts";
import { FIRST } from "../lib/first";

const OrderPayments = lazy(() => import("../components/order/order-payments"));

const TEXTS = ["payments"] as const;

/** The SEQR payments of an order. Not shown where there is none, and loaded where there is one. */
const SeqrOrderPayments = ({ data: order }: DetailWidgetProps<AdminOrder>) => {
  const isPaidWithSeqr = (order.payment_collections ?? []).some(({ payment_sessions = [], payments = [] }) =>
    [...payment_sessions, ...payments].some(({ provider_id }) => provider_id.startsWith("pp_seqr_")),
  );
  if (!isPaidWithSeqr) return null;
  return (
    <WithTexts of={TEXTS} fallback={<Place />}>
      <Suspense fallback={<Place />}>
        <OrderPayments orderId={order.id} />
      </Suspense>
    </WithTexts>
  );
};

/** Where it will stand, so that nothing moves. */
const Place = () => (
  <Container className="p-0" style={FIRST}>
    <Loading rows={10} />
  </Container>
);

export const config = defineWidgetConfig({ zone: "order.details.side.before" });

export default SeqrOrderPayments;
