import { Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrDecision } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";

/** What staff have decided about a payment or a period, oldest first. */
export const Decisions = ({ decisions }: { decisions: AdminSeqrDecision[] }) => {
  const { t } = useTranslation("seqr");
  if (decisions.length === 0) return null;
  return (
    <div className="flex flex-col gap-y-1">
      <Text size="small" leading="compact" weight="plus">
        {t("attention.decisions")}
      </Text>
      {decisions.map((decision) => (
        <DecisionLine key={decision.decided_at + decision.subject} decision={decision} />
      ))}
    </div>
  );
};

const DecisionLine = ({ decision }: { decision: AdminSeqrDecision }) => {
  const { t } = useTranslation("seqr");
  const { at } = useLocale();
  return (
    <Text size="small" leading="compact" className="text-ui-fg-subtle break-words">
      {t("attention.decision", {
        action: t(`attention.actionNames.${decision.action}`, decision.action),
        who: decision.actor ?? decision.actor_id,
        time: at(decision.decided_at),
        reason: decision.reason || t("attention.noReason"),
      })}
    </Text>
  );
};
