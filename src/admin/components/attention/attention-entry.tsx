import { Button, StatusBadge, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { AdminSeqrAttentionItem } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { useNow } from "../../hooks/use-now";
import { Copied } from "../copied";
import type { Choice } from "./decision-dialog";
import { Decisions } from "./decisions";
import { Field } from "../field";
import { LINK, OrderLink } from "../order-link";
import { Problem } from "../problem";

/** Kinds that come of one problem only, and describe it. */
const SAY_THEIR_CAUSE: ReadonlySet<AdminSeqrAttentionItem["kind"]> = new Set([
  "refund_unknown",
  "terminal_unknown",
  "refunded_elsewhere",
  "contradicting",
  "reservation_lapsed",
  "reservation_lapses",
  "refund_missing",
  "amount_differs",
  "reversed",
  "order_canceled",
]);

const COLOR_OF = { person: "red", nothing: "orange", acknowledgement: "grey" } as const;

interface EntryProps {
  item: AdminSeqrAttentionItem;
  /** Whether the payment is shown around the entry. */
  isInPayment?: boolean;
  /** The action that is being carried out. */
  pending?: Choice["action"] | undefined;
  onChoose: (choice: Choice) => void;
}

/** An entry of the attention list: what is the matter, what happens automatically, and what a person can do. */
export const AttentionEntry = ({ item, isInPayment = false, pending, onChoose }: EntryProps) => {
  const { t } = useTranslation("seqr");
  const { at, from } = useLocale();
  const now = useNow(true);
  const { kind, needs, problem, actions } = item;
  return (
    <article className="flex flex-col gap-y-3" data-testid={`seqr-entry-${kind}`}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Text weight="plus" size="small">
          {t(`attention.kinds.${kind}.title`)}
        </Text>
        <StatusBadge color={COLOR_OF[needs]}>{t(`attention.needs.${needs}`)}</StatusBadge>
      </div>
      <div>
        <Text size="small">{t(`attention.kinds.${kind}.description`)}</Text>
        <Text size="small" className="text-ui-fg-muted">
          {t("attention.since", { time: at(item.since), ago: from(item.since, now) })}
        </Text>
      </div>
      {problem !== null && !isInPayment && <Problem code={problem} isExplained={SAY_THEIR_CAUSE.has(kind)} />}
      <Facts item={item} isInPayment={isInPayment} />
      {item.automatic_action && (
        <div>
          <Text size="small">{t(`attention.kinds.${kind}.automaticAction`, "")}</Text>
          <NextAttempt at={item.next_attempt_at} now={now} />
        </div>
      )}
      {actions.length > 0 && (
        <ul className="flex flex-col gap-y-2">
          {actions.map((action) => (
            <li key={action} className="flex items-center gap-x-3">
              <Button
                variant="secondary"
                size="small"
                className="shrink-0"
                style={{ minWidth: 96 }}
                isLoading={pending === action}
                onClick={() => onChoose({ item, action })}
              >
                {t(`attention.actionNames.${action}`)}
              </Button>
              <Text size="small" leading="compact" className="text-ui-fg-subtle">
                {t(`attention.kinds.${kind}.actions.${action}`)}
              </Text>
            </li>
          ))}
        </ul>
      )}
      <Decisions decisions={item.decisions} />
    </article>
  );
};

/** When the plugin tries next, counting down. */
const NextAttempt = ({ at, now }: { at: string | null; now: number }) => {
  const { t } = useTranslation("seqr");
  const { until } = useLocale();
  if (at === null) return null;
  const time = Date.parse(at) <= now ? t("attention.anyMoment") : until(at, now);
  return (
    <Text size="small" className="text-ui-fg-muted" role="timer">
      {t("attention.next", { time })}
    </Text>
  );
};

const Facts = ({ item, isInPayment }: { item: AdminSeqrAttentionItem; isInPayment: boolean }) => {
  const { t } = useTranslation("seqr");
  const { at, money } = useLocale();
  const { amount, currency_code: currency, refund, period, difference, disputed_amount } = item;
  const inCurrency = (sum: string | null): string => (sum && currency ? money(sum, currency) : (sum ?? "–"));
  return (
    <div className={`grid gap-x-4 gap-y-2 empty:hidden ${isInPayment ? "" : "lg:grid-cols-2"}`}>
      {!isInPayment && amount !== null && <Field name={t("payments.amount")}>{inCurrency(amount)}</Field>}
      {disputed_amount !== null && (
        <Field name={t("payments.disputedAmount")}>{inCurrency(disputed_amount)}</Field>
      )}
      {refund && (
        <>
          <Field name={t("attention.facts.refund")}>{inCurrency(refund.amount)}</Field>
          <Field name={t("attention.facts.requestedAt")}>{at(refund.requested_at)}</Field>
        </>
      )}
      {item.ers_reference !== null && !isInPayment && (
        <Field name={t("payments.ersReference")}>
          <Copied name={t("payments.ersReference")} text={item.ers_reference} />
        </Field>
      )}
      {item.order_id !== null && !isInPayment && (
        <Field name={t("payments.order")}>
          <OrderLink of={item} />
        </Field>
      )}
      {item.invoice_id !== null && !isInPayment && (
        <Field name={t("payments.payment")}>
          <Link className={LINK} to={`/seqr#${item.invoice_id}`}>
            {t("payments.openPage")}
          </Link>
        </Field>
      )}
      {difference && <Difference of={difference} inCurrency={inCurrency} />}
      {period && (
        <Field name={t("attention.facts.period")}>
          <Link className={LINK} to={`/seqr/books#${period.id}`}>
            {period.transaction_period_id ?? at(period.requested_at)}
          </Link>
        </Field>
      )}
    </div>
  );
};

interface DifferenceProps {
  of: NonNullable<AdminSeqrAttentionItem["difference"]>;
  inCurrency: (sum: string | null) => string;
}

const Difference = ({ of: difference, inCurrency }: DifferenceProps) => {
  const { t } = useTranslation("seqr");
  const { cause, reported_amount, expected_amount, medusa_amount } = difference;
  return (
    <>
      <Field name={t("attention.facts.difference")}>
        {cause === null ? t(`books.classes.${difference.class}`) : t(`books.causes.${cause}`)}
      </Field>
      <Field name={t("attention.facts.reported")}>{inCurrency(reported_amount)}</Field>
      <Field name={t("attention.facts.expected")}>{inCurrency(expected_amount)}</Field>
      <Field name={t("attention.facts.medusa")}>{inCurrency(medusa_amount)}</Field>
    </>
  );
};
