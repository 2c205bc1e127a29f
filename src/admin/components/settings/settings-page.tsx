import { Badge, Container, Heading, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrSetting } from "../../../http-types";
import { useSettings } from "../../hooks/use-health";
import { FailureNote } from "../failure";
import { ListHead } from "../list/list-head";
import { Loading } from "../loading";
import { Marked } from "../marked";

/** The options that are in force. They cannot be changed here: they are in the store's configuration. */
const SettingsPage = () => {
  const { t } = useTranslation("seqr");
  const { data, error, dataUpdatedAt, refetch } = useSettings();
  return (
    <div className="flex flex-col gap-y-3">
      <Container className="divide-y p-0">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-6 py-4">
          <ListHead heading={t("settings.heading")} subtitle={t("settings.subtitle")} />
          {data && <Badge size="2xsmall">{t("settings.version", { version: data.version })}</Badge>}
        </div>
        <FailureNote error={error} updatedAt={dataUpdatedAt} onRetry={() => void refetch()} />
        {data && <Settings settings={data.settings} />}
        {!data && !error && <Loading rows={12} />}
      </Container>
      {data?.terminals.map(({ terminal, settings }) => (
        <Container key={terminal} className="divide-y p-0" data-testid={`seqr-settings-${terminal}`}>
          <div className="px-6 py-4">
            <Heading level="h2">{t("settings.terminal", { name: terminal })}</Heading>
          </div>
          <Settings settings={settings} />
        </Container>
      ))}
    </div>
  );
};

const Settings = ({ settings }: { settings: AdminSeqrSetting[] }) => (
  <dl className="divide-y">
    {settings.map((setting) => (
      <Setting key={setting.name} setting={setting} />
    ))}
  </dl>
);

const Setting = ({ setting }: { setting: AdminSeqrSetting }) => {
  const { t, i18n } = useTranslation("seqr");
  const { name, source } = setting;
  const meaning = meaningsOf(name).find((key) => i18n.exists(key, { ns: "seqr" }));
  return (
    <div className="grid grid-cols-1 gap-y-1 px-6 py-3">
      <dt className="flex min-w-0 flex-col gap-y-1">
        <Text as="span" size="small" leading="compact" weight="plus" className="break-all font-mono">
          {name}
        </Text>
        <Text as="span" size="small" className="text-ui-fg-subtle text-pretty">
          <Marked text={t(meaning ?? "settings.noMeaning")} />
        </Text>
      </dt>
      <dd className="flex min-w-0 flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <Text as="span" size="small" leading="compact" className="min-w-0 whitespace-pre-wrap break-all">
          <Value setting={setting} />
        </Text>
        <Badge size="2xsmall" color={source === "default" ? "grey" : "blue"} className="shrink-0">
          {t(`settings.sources.${source}`)}
        </Badge>
      </dd>
    </div>
  );
};

const Value = ({ setting: { value, is_secret } }: { setting: AdminSeqrSetting }) => {
  const { t } = useTranslation("seqr");
  if (is_secret) return t(value === null ? "settings.notSet" : "settings.secret");
  if (value === null) return t("settings.notSet");
  return value === "" ? t("settings.empty") : value;
};

/** Keys of texts about an option, its own before that of the one that it is a part of: `books.accounts.sales.25`. */
function meaningsOf(name: string): string[] {
  const parts = name.split(".");
  return parts.map((_, at) => `settings.options.${parts.slice(0, parts.length - at).join("_")}`);
}

export default SettingsPage;
