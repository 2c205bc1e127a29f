import { Button } from "@medusajs/ui";
import { lazy, Suspense, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { AdminSeqrPayment, AdminSeqrPaymentDetails } from "../../../http-types";
import { usePayment } from "../../hooks/use-payments";
import { AskSeqr } from "../payments/ask-seqr";
import { FailureNote } from "../failure";
import { Loading } from "../loading";
import { LINK } from "../order-link";
import { PaymentMoney, PaymentReferences } from "../payments/payment-facts";
import { WithTexts } from "../with-texts";

const AttentionEntries = lazy(async () => ({
  default: (await import("../attention/attention-entries")).AttentionEntries,
}));
const Problem = lazy(async () => ({ default: (await import("../problem")).Problem }));
const RefundLines = lazy(async () => ({ default: (await import("../payments/refund-lines")).RefundLines }));
const Timeline = lazy(async () => ({ default: (await import("../payments/timeline")).Timeline }));

const TEXTS_OF_TROUBLE = ["attention", "payments-history", "problems"] as const;

/** Shows what few orders need and is loaded only for them: refunds, what is the matter, and what happened. */
const Late = ({ rows, children }: { rows: number; children: ReactNode }) => (
  <WithTexts of={TEXTS_OF_TROUBLE} fallback={<Loading rows={rows} />}>
    <Suspense fallback={<Loading rows={rows} />}>{children}</Suspense>
  </WithTexts>
);

/** A payment of an order: how it stands, what is the matter with it, and on request everything that happened. */
export const OrderPayment = ({ payment: known }: { payment: AdminSeqrPayment }) => {
  const [isOpen, setOpen] = useState(false);
  const { data: payment, error, dataUpdatedAt } = usePayment(known.id, { seen: known, isWatched: isOpen });
  // Its dialog stays when the entry that it is about has resolved automatically.
  const hadEntries = useRef(false);
  hadEntries.current ||= (payment?.attention_items.length ?? 0) > 0;
  if (!payment) return error ? <FailureNote error={error} /> : <Loading rows={6} />;
  return (
    <div data-testid={`seqr-payment-${payment.id}`}>
      <FailureNote error={error} updatedAt={dataUpdatedAt} />
      <div className="flex flex-col gap-y-3 px-6 py-4">
        <PaymentMoney payment={payment} />
        <PaymentReferences payment={payment} isInOrder />
        {payment.refunds.length > 0 && (
          <Late rows={2}>
            <RefundLines refunds={payment.refunds} isInOrder />
          </Late>
        )}
        {payment.problem !== null && (
          <Late rows={2}>
            <Problem code={payment.problem} />
          </Late>
        )}
      </div>
      {hadEntries.current && (
        <div className={payment.attention_items.length > 0 ? "divide-y border-t" : undefined}>
          <Late rows={4}>
            <AttentionEntries items={payment.attention_items} isInPayment />
          </Late>
        </div>
      )}
      <More payment={payment} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
    </div>
  );
};

interface MoreProps {
  payment: AdminSeqrPaymentDetails;
  isOpen: boolean;
  onToggle: () => void;
}

const More = ({ payment, isOpen, onToggle }: MoreProps) => {
  const { t } = useTranslation("seqr");
  const hasEntries = payment.attention_items.length > 0;
  return (
    <div className={`flex flex-col gap-y-4 px-6 pb-4 ${hasEntries ? "border-t pt-4" : ""}`}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Button variant="secondary" size="small" aria-expanded={isOpen} onClick={onToggle}>
          {t(isOpen ? "payments.timeline.hide" : "payments.timeline.show", {
            count: payment.timeline.length,
          })}
        </Button>
        <Link className={`${LINK} txt-compact-small`} to={`/seqr#${payment.id}`}>
          {t("payments.openPage")}
        </Link>
      </div>
      {isOpen && (
        <Late rows={6}>
          <Timeline entries={payment.timeline} currency={payment.currency_code} />
        </Late>
      )}
      {(isOpen || hasEntries || payment.due_at !== null) && <AskSeqr id={payment.id} />}
    </div>
  );
};
