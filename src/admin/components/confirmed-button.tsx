import { Button, toast, usePrompt } from "@medusajs/ui";
import { useTranslation } from "react-i18next";

interface ConfirmedButtonProps {
  /** Where its texts are: `action`, `description`, `confirm` and `cancel`. */
  texts: string;
  variant: "secondary" | "transparent";
  isLoading: boolean;
  /** Does it, and gives what to say then. */
  act: () => Promise<string>;
}

/** Says what an action does, does it when that is wanted, and says what came of it. */
export const ConfirmedButton = ({ texts, variant, isLoading, act }: ConfirmedButtonProps) => {
  const { t } = useTranslation("seqr");
  const prompt = usePrompt();
  const ask = async (): Promise<void> => {
    const isWanted = await prompt({
      title: t(`${texts}.action`),
      description: t(`${texts}.description`),
      confirmText: t(`${texts}.confirm`),
      cancelText: t(`${texts}.cancel`),
      variant: "confirmation",
    });
    if (!isWanted) return;
    try {
      toast.success(await act());
    } catch (error) {
      toast.error((error as Error).message);
    }
  };
  return (
    <Button variant={variant} size="small" isLoading={isLoading} onClick={() => void ask()}>
      {t(`${texts}.action`)}
    </Button>
  );
};
