import { Button, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { useLocale } from "../hooks/use-locale";
import { failureKind } from "../lib/live";

interface FailureProps {
  error: Error | null;
  /** When what is shown was read, in milliseconds; 0 when nothing is shown. */
  updatedAt?: number;
  onRetry?: () => void;
}

/** Says why something cannot be shown, or that what is shown may be out of date. */
export const FailureNote = ({ error, updatedAt = 0, onRetry }: FailureProps) => {
  const { t } = useTranslation("seqr");
  const { exactly } = useLocale();
  if (!error) return null;
  const kind = failureKind(error);
  const isStale = updatedAt > 0 && (kind === "unreachable" || kind === "other");
  const words = isStale
    ? t("payments.failures.stale", { time: exactly(new Date(updatedAt).toISOString()) })
    : t(`payments.failures.${kind}`, { message: error.message });
  return (
    <div className="flex items-center justify-between gap-x-4 px-6 py-4">
      <Text size="small" role="alert" className={isStale ? "text-ui-fg-subtle" : "text-ui-fg-error"}>
        {words}
      </Text>
      {kind === "signedOut" ? (
        <Button variant="secondary" size="small" onClick={signIn}>
          {t("payments.signIn")}
        </Button>
      ) : (
        onRetry && (
          <Button variant="secondary" size="small" onClick={onRetry}>
            {t("payments.retry")}
          </Button>
        )
      )}
    </div>
  );
};

/** Leads to the dashboard's login and back: it asks for it when a page is opened without a session. */
function signIn(): void {
  location.reload();
}
