import { Container, Heading, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { useOrderPayments } from "../../hooks/use-order-payments";
import { FailureNote } from "../failure";
import { FIRST } from "../../lib/first";
import { Loading } from "../loading";
import { OrderPayment } from "./order-payment";

/** The SEQR payments of an order, those of its edits, claims and exchanges among them. */
const OrderPayments = ({ orderId }: { orderId: string }) => {
  const { t } = useTranslation("seqr");
  const { data: payments, error, dataUpdatedAt } = useOrderPayments(orderId);
  return (
    <Container className="divide-y p-0" style={FIRST} data-testid="seqr-order-payments">
      <div className="px-6 py-4">
        <Heading level="h2">{t("payments.heading")}</Heading>
      </div>
      <FailureNote error={error} updatedAt={payments ? dataUpdatedAt : 0} />
      {!payments && !error && <Loading rows={8} />}
      {payments?.length === 0 && (
        <Text size="small" className="text-ui-fg-subtle px-6 py-4">
          {t("payments.empty.heading")}
        </Text>
      )}
      {payments?.map((payment) => (
        <OrderPayment key={payment.id} payment={payment} />
      ))}
    </Container>
  );
};

export default OrderPayments;
