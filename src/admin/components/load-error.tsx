import { Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";

/** What a failed request says, as far as it is known. */
interface Failure extends Error {
  status?: number;
  statusText?: string;
}

/** Which words fit a failure: a server without the route, a session that has ended, and so on. */
function kindOf({ status, statusText, message }: Failure): string {
  // A route that is there says in its own words that it does not have what was asked for.
  if (status === 404 && (message === statusText || message === "")) return "oldServer";
  if (status === 401) return "signedOut";
  if (status === 403) return "forbidden";
  return status === undefined ? "unreachable" : "other";
}

/** Says why something cannot be shown, and what helps. */
export const LoadError = ({ error }: { error: Error }) => {
  const { t } = useTranslation("seqr");
  return (
    <Text className="text-ui-fg-error px-6 py-4" size="small" role="alert">
      {t(`common.loadErrors.${kindOf(error)}`, { message: error.message })}
    </Text>
  );
};

/** Whether asking again may help: not where the server has refused. */
export function mayRetry(failures: number, error: Failure): boolean {
  return failures < 1 && (error.status === undefined || error.status >= 500);
}
