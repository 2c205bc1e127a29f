import { defineWidgetConfig } from "@medusajs/admin-sdk";
import type { AdminOrder, DetailWidgetProps } from "@medusajs/framework/types";
import { Container, Heading, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { PaymentDetails } from "../components/payment-details";
import { useOrderPayments } from "../hooks/use-order-payments";

/** The SEQR payments of an order. Not shown where there is none. */
const SeqrOrderPayments = ({ data: order }: DetailWidgetProps<AdminOrder>) => {
  const { t } = useTranslation("seqr");
  const isPaidWithSeqr = (order.payment_collections ?? []).some((collection) =>
    collection.payment_sessions?.some((session) => session.provider_id.startsWith("pp_seqr_")),
  );
  const { data: payments, error } = useOrderPayments(order, { enabled: isPaidWithSeqr });
  if (!isPaidWithSeqr) return null;

  return (
    <Container className="divide-y p-0" data-testid="seqr-order-payments">
      <div className="px-6 py-4">
        <Heading level="h2">{t("payments.heading")}</Heading>
      </div>
      {error && (
        <Text className="px-6 py-4" size="small">
          {t("payments.loadError", { message: error.message })}
        </Text>
      )}
      {payments?.map((payment) => (
        <PaymentDetails key={payment.id} payment={payment} />
      ))}
    </Container>
  );
};

export const config = defineWidgetConfig({ zone: "order.details.side.before" });

export default SeqrOrderPayments;
