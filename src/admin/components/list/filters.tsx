import { Button, Input, Select } from "@medusajs/ui";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../hooks/use-health";

/** A choice that leaves everything in: Radix' Select takes no empty value. */
const ALL = "all";

interface ChoiceProps {
  label: string;
  /** Empty, or none of the options: everything. */
  value: string;
  options: { value: string; label: string }[];
  /** What is said of everything. Default: "<label>: all". */
  all?: string;
  onChange: (value: string) => void;
}

/** A filter that takes one of several values. */
export const ChoiceFilter = ({ label, value, options, all, onChange }: ChoiceProps) => {
  const { t } = useTranslation("seqr");
  const isOffered = options.some((option) => option.value === value);
  return (
    <Select
      size="small"
      value={isOffered ? value : ALL}
      onValueChange={(chosen) => onChange(chosen === ALL ? "" : chosen)}
    >
      <Select.Trigger aria-label={label} className="w-[180px]">
        <Select.Value />
      </Select.Trigger>
      <Select.Content>
        <Select.Item value={ALL}>{all ?? t("common.filters.all", { what: label })}</Select.Item>
        {options.map((option) => (
          <Select.Item key={option.value} value={option.value}>
            {option.label}
          </Select.Item>
        ))}
      </Select.Content>
    </Select>
  );
};

interface TerminalProps {
  value: string;
  onChange: (value: string) => void;
}

/** A filter by terminal, in a store with several. */
export const TerminalFilter = ({ value, onChange }: TerminalProps) => {
  const { t } = useTranslation("seqr");
  const { data: settings } = useSettings();
  const configured = settings?.terminals.map(({ terminal }) => terminal) ?? [];
  const names = [...new Set([...configured, value])].filter(Boolean);
  if (names.length < 2 && value === "") return null;
  return (
    <ChoiceFilter
      label={t("common.filters.terminal")}
      value={value}
      options={names.map((name) => ({ value: name, label: name }))}
      onChange={onChange}
    />
  );
};

/** Days from which and to which something is listed; empty: from the beginning, to the end. */
export interface Days {
  from: string;
  to: string;
}

/** A filter from a day to a day. */
export const DaysFilter = ({ days, onChange }: { days: Days; onChange: (days: Days) => void }) => {
  const { t } = useTranslation("seqr");
  const id = useId();
  const { from, to } = days;
  return (
    <>
      {(["from", "to"] as const).map((name) => (
        <div key={name} className="flex items-center gap-x-2">
          <label className="txt-compact-small text-ui-fg-subtle" htmlFor={`${id}${name}`}>
            {t(`common.filters.${name}`)}
          </label>
          <Input
            id={`${id}${name}`}
            type="date"
            size="small"
            value={days[name]}
            min={name === "to" ? from : undefined}
            max={name === "from" ? to : undefined}
            onChange={({ target }) => onChange({ from, to, [name]: target.value })}
          />
        </div>
      ))}
    </>
  );
};

/** Takes all filters away. It stays where it is when there are none, so that nothing moves. */
export const ClearFilters = ({ isOn, onClear }: { isOn: boolean; onClear: () => void }) => {
  const { t } = useTranslation("seqr");
  return (
    <Button variant="transparent" size="small" disabled={!isOn} onClick={onClear}>
      {t("common.filters.clear")}
    </Button>
  );
};
