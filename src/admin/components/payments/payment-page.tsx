import { Button, Container, Heading, Text } from "@medusajs/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentDetails } from "../../../http-types";
import { usePayment } from "../../hooks/use-payments";
import { AskSeqr } from "./ask-seqr";
import { AttentionEntries } from "../attention/attention-entries";
import { FailureNote } from "../failure";
import { Loading } from "../loading";
import { PaymentMoney, PaymentReferences } from "./payment-facts";
import { Problem } from "../problem";
import { RefundLines } from "./refund-lines";
import { Timeline } from "./timeline";

/** A payment: how it stands, what is the matter with it, and everything that happened to it. */
export const PaymentPage = ({ id, onBack }: { id: string; onBack: () => void }) => {
  const { t } = useTranslation("seqr");
  const { data, error, dataUpdatedAt, refetch } = usePayment(id);
  // While another payment is read, the one that was shown is no answer.
  const payment = data?.id === id ? data : undefined;
  return (
    <div className="flex flex-col gap-y-3" data-testid="seqr-payment">
      <Container className="divide-y p-0">
        <div className="flex items-center justify-between gap-x-4 px-6 py-4">
          <Heading>{t("payments.payment")}</Heading>
          <Button variant="transparent" size="small" onClick={onBack}>
            {t("payments.back")}
          </Button>
        </div>
        <FailureNote error={error} updatedAt={payment ? dataUpdatedAt : 0} onRetry={() => void refetch()} />
        {payment ? <Facts payment={payment} /> : !error && <Loading rows={10} />}
      </Container>
      {payment && <Sections payment={payment} />}
    </div>
  );
};

const Facts = ({ payment }: { payment: AdminSeqrPaymentDetails }) => (
  <>
    <div className="grid gap-x-4 gap-y-3 px-6 py-4 lg:grid-cols-2">
      <PaymentMoney payment={payment} />
      <PaymentReferences payment={payment} />
    </div>
    {payment.problem !== null && (
      <div className="px-6 py-4">
        <Problem code={payment.problem} />
      </div>
    )}
    <div className="px-6 py-4">
      <AskSeqr id={payment.id} />
    </div>
  </>
);

const Sections = ({ payment }: { payment: AdminSeqrPaymentDetails }) => {
  const { t } = useTranslation("seqr");
  return (
    <>
      {/* It stays while it is empty: a dialog may be open about an entry that has just resolved. */}
      <Container className={`divide-y p-0 ${payment.attention_items.length === 0 ? "hidden" : ""}`}>
        <div className="px-6 py-4">
          <Heading level="h2">{t("attention.title")}</Heading>
        </div>
        <AttentionEntries items={payment.attention_items} isInPayment />
      </Container>
      <Section title={t("payments.refunds")}>
        {payment.refunds.length === 0 ? (
          <Text size="small" className="text-ui-fg-subtle">
            {t("payments.noRefunds")}
          </Text>
        ) : (
          <RefundLines refunds={payment.refunds} />
        )}
      </Section>
      <Section title={t("payments.timeline.title")}>
        <Timeline entries={payment.timeline} currency={payment.currency_code} />
      </Section>
    </>
  );
};

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <Container className="divide-y p-0">
    <div className="px-6 py-4">
      <Heading level="h2">{title}</Heading>
    </div>
    <div className="px-6 py-4">{children}</div>
  </Container>
);
