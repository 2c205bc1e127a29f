import { Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrTimelineEntry } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { isDropped } from "../../lib/refunds";
import { Copied } from "../copied";

interface TimelineProps {
  entries: AdminSeqrTimelineEntry[];
  currency: string;
}

/** What happened to a payment, the latest first. */
export const Timeline = ({ entries, currency }: TimelineProps) => {
  const { t } = useTranslation("seqr");
  if (entries.length === 0) {
    return (
      <Text size="small" className="text-ui-fg-subtle">
        {t("payments.timeline.empty")}
      </Text>
    );
  }
  return (
    <ol className="flex flex-col" data-testid="seqr-timeline">
      {[...entries].reverse().map((entry) => (
        <Event key={entry.id} entry={entry} currency={currency} />
      ))}
    </ol>
  );
};

const DOT_OF: Partial<Record<AdminSeqrTimelineEntry["kind"], string>> = {
  paid: "bg-ui-tag-green-icon",
  order_placed: "bg-ui-tag-green-icon",
  captured: "bg-ui-tag-green-icon",
  refund_refused: "bg-ui-tag-red-icon",
  refund_unknown: "bg-ui-tag-red-icon",
  receipt_refused: "bg-ui-tag-orange-icon",
  decision: "bg-ui-tag-blue-icon",
};

const Event = ({ entry, currency }: { entry: AdminSeqrTimelineEntry; currency: string }) => {
  const { t } = useTranslation("seqr");
  const { exactly, money } = useLocale();
  const { kind, at, amount, reference } = entry;
  const details = useDetails(entry);
  const isNotMade = kind === "refund_refused" && isDropped({ result: entry.result ?? null });
  return (
    <li className="flex gap-x-3 pb-3">
      <span className="flex flex-col items-center pt-1.5" aria-hidden>
        <span
          className={`size-2 shrink-0 rounded-full ${(!isNotMade && DOT_OF[kind]) || "bg-ui-tag-neutral-icon"}`}
        />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-y-0.5">
        <div className="flex flex-wrap items-start justify-between gap-x-4">
          <Text size="small" leading="compact" weight="plus">
            {isNotMade ? t("payments.timeline.notMade") : t(`payments.timeline.kinds.${kind}`)}
            {amount !== undefined && ` ${money(amount, currency)}`}
          </Text>
          <Text as="span" size="xsmall" leading="compact" className="text-ui-fg-muted">
            <time dateTime={at}>{exactly(at)}</time>
          </Text>
        </div>
        {details.map((text) => (
          <Text key={text} size="small" leading="compact" className="text-ui-fg-subtle break-words">
            {text}
          </Text>
        ))}
        {reference && (
          <span className="text-ui-fg-subtle">
            <Copied
              name={t(kind === "sent" ? "payments.invoiceReference" : "payments.ersReference")}
              text={reference}
            />
          </span>
        )}
      </div>
    </li>
  );
};

/** What was asked and answered, why it happened, and who did it. */
function useDetails({
  kind,
  operation,
  source,
  result,
  reason,
  actor,
  action,
  attention_kind,
}: AdminSeqrTimelineEntry): string[] {
  const { t } = useTranslation("seqr");
  const cause = result?.startsWith("SEQR_") ? t(`problems.${result}.cause`, "") : "";
  const asked =
    kind === "asked" &&
    t("payments.timeline.asked.operation", {
      operation: operation ?? "",
      result: [result ?? t("payments.timeline.asked.noAnswer"), cause].filter(Boolean).join(": "),
    });
  const occasion = source && t(`payments.timeline.asked.sources.${source}`, reasonWords(t, source));
  const ended = kind === "ended" && result && t(`payments.states.${result}`, result);
  const refused = kind !== "asked" && kind !== "ended" && result && result !== "0" && (cause || result);
  const decided =
    action && attention_kind
      ? `${t(`attention.kinds.${attention_kind}.title`)}: ${t(
          `attention.kinds.${attention_kind}.actions.${action}`,
          t(`attention.actionNames.${action}`),
        )}`
      : null;
  const why = reason && (decided ? reason : reasonWords(t, reason));
  const who = actor && t("payments.by", { who: actor });
  return [asked, occasion, ended, refused, decided, why, who].filter(
    (text) => typeof text === "string" && text !== "",
  ) as string[];
}

/** Words for the reason of an end or a refund: a code of the plugin, or what a person wrote. */
export function reasonWords(t: (key: string, otherwise: string) => string, reason: string): string {
  return t(`payments.reasons.${reason}`, t(`payments.refundReasons.${reason}`, reason));
}
