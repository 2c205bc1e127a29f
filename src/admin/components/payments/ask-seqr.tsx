import { Button, Text, toast } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { useAskSeqr } from "../../hooks/use-payments";
import { failureKind } from "../../lib/live";

/** Asks SEQR how a payment stands, and says what asking does. */
export const AskSeqr = ({ id }: { id: string }) => {
  const { t } = useTranslation("seqr");
  const { mutateAsync: ask, isPending } = useAskSeqr(id);
  const press = async (): Promise<void> => {
    try {
      const { state } = await ask();
      toast.success(t("payments.ask.done", { state: t(`payments.states.${state}`) }));
    } catch (error) {
      const { message } = error as Error;
      toast.error(t(`payments.failures.${failureKind(error as Error)}`, { message }));
    }
  };
  return (
    <div className="flex flex-col items-start gap-y-2">
      <Button variant="secondary" size="small" isLoading={isPending} onClick={() => void press()}>
        {t("payments.ask.action")}
      </Button>
      <Text size="small" leading="compact" className="text-ui-fg-subtle">
        {t("payments.ask.meaning")}
      </Text>
    </div>
  );
};
