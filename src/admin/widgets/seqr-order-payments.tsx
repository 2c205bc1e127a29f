import { defineWidgetConfig } from "@medusajs/admin-sdk";
import Medusa from "@medusajs/js-sdk";
import type { AdminOrder, DetailWidgetProps } from "@medusajs/framework/types";
import { Badge, Container, Heading, StatusBadge, Text } from "@medusajs/ui";
import { useQuery } from "@tanstack/react-query";

interface Refund {
  id: string;
  amount: string;
  state: "requested" | "done" | "refused" | "unknown";
  refund_reference: string | null;
  result: string | null;
}

interface Payment {
  id: string;
  invoice_reference: string | null;
  ers_reference: string | null;
  state: string;
  problem: string | null;
  amount: string;
  currency_code: string;
  paid_at: string | null;
  refunds: Refund[];
}

type Color = "green" | "orange" | "red" | "grey";

const STATE: Record<string, { label: string; color: Color }> = {
  sending: { label: "Being sent", color: "orange" },
  open: { label: "Waiting for the shopper", color: "orange" },
  canceling: { label: "Being cancelled", color: "orange" },
  unacknowledged: { label: "Not acknowledged", color: "orange" },
  paid: { label: "Paid, order pending", color: "orange" },
  captured: { label: "Paid", color: "green" },
  completed: { label: "Paid", color: "green" },
  refund_due: { label: "Order cancelled, being returned", color: "orange" },
  refunding: { label: "Being returned", color: "orange" },
  refunded: { label: "Returned in full", color: "grey" },
  closed_by_staff: { label: "Taken over by staff", color: "grey" },
  canceled: { label: "Cancelled", color: "grey" },
  expired: { label: "Expired", color: "grey" },
  failed: { label: "Failed", color: "red" },
  not_issued: { label: "Never issued", color: "grey" },
};

const REFUND: Record<Refund["state"], { label: string; color: Color }> = {
  requested: { label: "Under way", color: "orange" },
  done: { label: "Refunded", color: "green" },
  refused: { label: "Refused", color: "red" },
  unknown: { label: "Unknown: check with SEQR", color: "red" },
};

declare const __BACKEND_URL__: string | undefined;
declare const __AUTH_TYPE__: "session" | "jwt" | undefined;
declare const __JWT_TOKEN_STORAGE_KEY__: string | undefined;

/** Asks the server that the dashboard asks, with the login that the dashboard has. Medusa's build puts in all three. */
const sdk = new Medusa({
  baseUrl: __BACKEND_URL__ ?? "/",
  auth: { type: __AUTH_TYPE__ ?? "session", jwtTokenStorageKey: __JWT_TOKEN_STORAGE_KEY__ || undefined },
});

const fetchPayments = async (orderId: string): Promise<Payment[]> => {
  const { payments } = await sdk.client.fetch<{ payments: Payment[] }>(`/admin/seqr/orders/${orderId}`);
  return payments;
};

/** The SEQR payments of an order: references, state, amounts, refunds. Not shown where there is none. */
const SeqrOrderPayments = ({ data: order }: DetailWidgetProps<AdminOrder>) => {
  const paidWithSeqr = order.payment_collections?.some((collection) =>
    collection.payment_sessions?.some((session) => session.provider_id.startsWith("pp_seqr_")),
  );
  const { data: payments, error } = useQuery({
    // A refund changes the order's summary, and with it what is shown here.
    queryKey: ["seqr-order-payments", order.id, order.updated_at, order.payment_status],
    queryFn: () => fetchPayments(order.id),
    enabled: paidWithSeqr === true,
  });
  if (!paidWithSeqr) return null;

  return (
    <Container className="divide-y p-0" data-testid="seqr-order-payments">
      <div className="px-6 py-4">
        <Heading level="h2">SEQR</Heading>
      </div>
      {error && (
        <Text className="px-6 py-4" size="small">
          The SEQR payments could not be loaded: {error.message}
        </Text>
      )}
      {payments?.map((payment) => (
        <PaymentDetails key={payment.id} payment={payment} />
      ))}
    </Container>
  );
};

const PaymentDetails = ({ payment }: { payment: Payment }) => {
  const { label, color } = STATE[payment.state] ?? { label: payment.state, color: "grey" as const };
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4">
      <Field name="Status">
        <StatusBadge color={color}>{label}</StatusBadge>
      </Field>
      <Field name="Amount">
        {payment.amount} {payment.currency_code}
      </Field>
      <Field name="ersReference">{payment.ers_reference ?? "–"}</Field>
      <Field name="Invoice reference">{payment.invoice_reference ?? "–"}</Field>
      {payment.paid_at && <Field name="Paid">{new Date(payment.paid_at).toLocaleString()}</Field>}
      {payment.problem && (
        <Field name="Problem">
          <Badge color="red" size="2xsmall">
            {payment.problem}
          </Badge>
        </Field>
      )}
      {payment.refunds.map((refund) => (
        <RefundDetails key={refund.id} refund={refund} currency={payment.currency_code} />
      ))}
    </div>
  );
};

const RefundDetails = ({ refund, currency }: { refund: Refund; currency: string }) => (
  <Field name={`Refund ${refund.amount} ${currency}`}>
    <span className="flex flex-col items-end gap-y-1">
      <StatusBadge color={REFUND[refund.state].color}>{REFUND[refund.state].label}</StatusBadge>
      {refund.refund_reference ?? (refund.result !== "0" && refund.result)}
    </span>
  </Field>
);

const Field = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex items-start justify-between gap-x-4">
    <Text size="small" leading="compact" weight="plus">
      {name}
    </Text>
    <Text as="div" size="small" leading="compact" className="text-ui-fg-subtle break-all text-right">
      {children}
    </Text>
  </div>
);

export const config = defineWidgetConfig({ zone: "order.details.side.before" });

export default SeqrOrderPayments;
