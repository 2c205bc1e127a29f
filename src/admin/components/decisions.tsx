import { useQuery } from "@tanstack/react-query";
import { Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrDecision } from "../../http-types";
import { useLocale } from "../hooks/use-locale";
import { sdk } from "../lib/sdk";

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
  const who = useStaffName(decision.actor_id);
  return (
    <Text size="small" leading="compact" className="text-ui-fg-subtle break-words">
      {t("attention.decision", {
        action: t(`attention.actionNames.${decision.action}`, decision.action),
        who,
        time: at(decision.decided_at),
        reason: decision.reason || t("attention.noReason"),
      })}
    </Text>
  );
};

/** The name of a member of staff, or else the e-mail; the id until it is known, and where it cannot be. */
function useStaffName(id: string): string {
  const { data } = useQuery({
    queryKey: ["seqr-staff", id],
    queryFn: async () => {
      const { user } = await sdk.admin.user.retrieve(id, { fields: "id,email,first_name,last_name" });
      return [user.first_name, user.last_name].filter(Boolean).join(" ") || user.email;
    },
    staleTime: Infinity,
    retry: false,
  });
  return data ?? id;
}
