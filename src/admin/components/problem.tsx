import { Badge, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";

interface ProblemProps {
  code: string;
  /** Whether the cause is explained beside it. */
  isExplained?: boolean;
}

/** What stands in the way of a payment, why, and what helps. */
export const Problem = ({ code, isExplained = false }: ProblemProps) => {
  const { t, i18n } = useTranslation("seqr");
  const isKnown = i18n.exists(`problems.${code}.cause`, { ns: "seqr" });
  return (
    <div className="flex flex-col items-start gap-y-1">
      <Badge color="red" size="2xsmall">
        {code}
      </Badge>
      {!(isKnown && isExplained) && (
        <Text size="small">{isKnown ? t(`problems.${code}.cause`) : t("payments.unknownProblem")}</Text>
      )}
      {isKnown && (
        <Text size="small" className="text-ui-fg-subtle">
          {t(`problems.${code}.cure`)}
        </Text>
      )}
    </div>
  );
};
