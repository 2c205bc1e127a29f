import { Alert, Container, Heading, StatusBadge, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrHealth, AdminSeqrTerminalHealth } from "../../../http-types";
import { useHealth } from "../../hooks/use-health";
import { useLocale } from "../../hooks/use-locale";
import { FailureNote } from "../failure";
import { Findings, Level } from "./findings";
import { Loading } from "../loading";
import { Marked } from "../marked";
import { ServerList } from "./server-list";

/** What is said about money at the top of the page, and not again among the findings. */
const MODE = "mode";

/** How SEQR is connected and how the plugin runs, with the cause and the cure of what is not as it should be. */
const HealthPage = () => {
  const { data: health, error, dataUpdatedAt, refetch } = useHealth();
  return (
    <div className="flex flex-col gap-y-3">
      <Container className="divide-y p-0">
        <Head health={health} />
        <FailureNote error={error} updatedAt={dataUpdatedAt} onRetry={() => void refetch()} />
        {!error && !health && <Loading rows={6} />}
        {health && <Environment terminals={health.terminals} />}
        {health && <Findings findings={health.findings.filter(({ check }) => check !== MODE)} />}
      </Container>
      {health?.terminals.map((terminal) => (
        <Terminal key={terminal.terminal} terminal={terminal} />
      ))}
      {health && <ServerList servers={health.servers} />}
    </div>
  );
};

const Head = ({ health }: { health: AdminSeqrHealth | undefined }) => {
  const { t } = useTranslation("seqr");
  const { exactly } = useLocale();
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-6 py-4">
      <div>
        <Heading>{t("health.heading")}</Heading>
        <Text size="small" className="text-ui-fg-subtle">
          {health ? t("health.checkedAt", { time: exactly(health.checked_at) }) : t("health.subtitle")}
        </Text>
      </div>
      <span role="status">{health && <Level level={health.level} />}</span>
    </div>
  );
};

/** Says whether money is moved, in words that cannot be overlooked. */
const Environment = ({ terminals }: { terminals: AdminSeqrTerminalHealth[] }) => {
  const { t } = useTranslation("seqr");
  const inUse = terminals.filter(({ retired }) => !retired);
  const sandboxes = inUse.filter(({ is_sandbox }) => is_sandbox);
  if (inUse.length === 0) return null;
  const kind = sandboxes.length === 0 ? "live" : sandboxes.length === inUse.length ? "sandbox" : "both";
  const names = sandboxes.map(({ terminal }) => terminal).join(", ");
  return (
    <div className="px-6 py-4">
      <Alert
        variant={kind === "live" ? "info" : "warning"}
        className={kind === "live" ? "" : "bg-ui-tag-orange-bg border-ui-tag-orange-border"}
        data-testid="seqr-environment"
      >
        <Heading level={kind === "live" ? "h2" : "h1"}>
          {t(`health.environment.${kind}.title`, { names })}
        </Heading>
        <Text size="small">
          <Marked text={t(`health.environment.${kind}.description`, { names })} />
        </Text>
      </Alert>
    </div>
  );
};

const Terminal = ({ terminal }: { terminal: AdminSeqrTerminalHealth }) => {
  const { t } = useTranslation("seqr");
  const { terminal: name, terminal_id, endpoint, is_sandbox, retired, level, findings } = terminal;
  return (
    <Container className="divide-y p-0" data-testid={`seqr-terminal-${name}`}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-6 py-4">
        <div>
          <Heading level="h2">{t("health.terminal", { name })}</Heading>
          <Text size="small" className="text-ui-fg-subtle break-all">
            {t("health.terminalAt", { id: terminal_id, endpoint })}
          </Text>
        </div>
        <div className="flex items-center gap-x-2">
          {retired && <StatusBadge color="grey">{t("health.retired")}</StatusBadge>}
          <StatusBadge color={is_sandbox ? "orange" : "blue"}>
            {t(is_sandbox ? "health.sandbox" : "health.live")}
          </StatusBadge>
          <Level level={level} />
        </div>
      </div>
      <Findings findings={findings} />
    </Container>
  );
};

export default HealthPage;
