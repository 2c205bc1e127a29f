import { defineWidgetConfig } from "@medusajs/admin-sdk";
import type { AdminOrder, DetailWidgetProps } from "@medusajs/framework/types";
import { Container } from "@medusajs/ui";
import { lazy, Suspense } from "react";
import { Loading } from "../components/loading";
import { FIRST } from "../lib/first";

const OrderPayments = lazy(() => import("../components/order-payments"));

/** The SEQR payments of an order. Not shown where there is none, and loaded where there is one. */
const SeqrOrderPayments = ({ data: order }: DetailWidgetProps<AdminOrder>) => {
  const isPaidWithSeqr = (order.payment_collections ?? []).some(({ payment_sessions = [], payments = [] }) =>
    [...payment_sessions, ...payments].some(({ provider_id }) => provider_id.startsWith("pp_seqr_")),
  );
  if (!isPaidWithSeqr) return null;
  return (
    <Suspense
      fallback={
        <Container className="p-0" style={FIRST}>
          <Loading rows={10} />
        </Container>
      }
    >
      <OrderPayments orderId={order.id} />
    </Suspense>
  );
};

export const config = defineWidgetConfig({ zone: "order.details.side.before" });

export default SeqrOrderPayments;
