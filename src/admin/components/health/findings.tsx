import { StatusBadge, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import type { AdminSeqrFinding, AdminSeqrHealthLevel } from "../../../http-types";
import { useLocale, type Locale } from "../../hooks/use-locale";
import { useUnits, type Units } from "../../hooks/use-units";
import { Marked } from "../marked";

type Values = AdminSeqrFinding["values"];

const COLOR_OF: Record<AdminSeqrHealthLevel, "green" | "orange" | "red" | "grey"> = {
  ok: "green",
  warning: "orange",
  error: "red",
  unknown: "grey",
};

/** How well something is, in words. */
export const Level = ({ level }: { level: AdminSeqrHealthLevel }) => {
  const { t } = useTranslation("seqr");
  return (
    <StatusBadge color={COLOR_OF[level]} className="whitespace-nowrap">
      {t(`health.levels.${level}`)}
    </StatusBadge>
  );
};

/** What was checked: what was found, and of what is not as it should be, its cause and its cure. */
export const Findings = ({ findings }: { findings: AdminSeqrFinding[] }) => (
  <ul className="divide-y">
    {findings.map((finding) => (
      <Finding key={`${finding.check} ${finding.code}`} finding={finding} />
    ))}
  </ul>
);

const Finding = ({ finding }: { finding: AdminSeqrFinding }) => {
  const { t, i18n } = useTranslation("seqr");
  const { exactly } = useLocale();
  const { span } = useUnits();
  const { check, code, level } = finding;
  const key = `health.findings.${code}`;
  const values = readable(finding.values, { exactly, span });
  const isKnown = i18n.exists(`${key}.title`, { ns: "seqr" });
  const say = (part: string): string =>
    i18n.exists(`${key}.${part}`, { ns: "seqr" }) ? t(`${key}.${part}`, values) : "";
  return (
    <li
      className="grid items-start gap-x-4 px-6 py-3"
      style={{ gridTemplateColumns: "8.5rem 1fr" }}
      data-testid={`seqr-finding-${code}`}
    >
      <Level level={level} />
      <div className="flex min-w-0 flex-col gap-y-1">
        <Text size="small" leading="compact" weight="plus">
          {isKnown ? say("title") : t("health.unknownFinding", { check, code })}
        </Text>
        <Part name={t("health.cause")} text={say("cause")} />
        <Part name={t("health.cure")} text={say("cure")} />
        {(level !== "ok" || !isKnown) && <Part name={t("health.measured")} text={listOf(values, t)} />}
      </div>
    </li>
  );
};

const Part = ({ name, text }: { name: string; text: string }) =>
  text === "" ? null : (
    <Text size="small" className="text-ui-fg-subtle text-pretty">
      <span className="text-ui-fg-base">{name}</span> <Marked text={text} />
    </Text>
  );

/** Lists what was measured: the cures refer to it. */
function listOf(values: Values, t: (key: string, options: { defaultValue: string }) => string): string {
  return Object.entries(values)
    .map(([name, value]) => `${t(`health.values.${name}`, { defaultValue: name })} ${value}`)
    .join(", ");
}

/** Writes times and time spans for people. */
function readable(values: Values, { exactly, span }: Pick<Locale, "exactly"> & Pick<Units, "span">): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === "number") return [name, /milliseconds$|delay$/.test(name) ? span(value) : value];
      return [name, /^\d{4}-\d\d-\d\dT/.test(value) ? exactly(value) : value];
    }),
  );
}
