import { Button, Input, Select } from "@medusajs/ui";
import { useId } from "react";
import { useTranslation } from "react-i18next";

/** A choice that leaves everything in. */
const ALL = "all";

interface ChoiceProps {
  label: string;
  /** Empty: everything. */
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** A filter that takes one of several values. */
export const ChoiceFilter = ({ label, value, options, onChange }: ChoiceProps) => {
  const { t } = useTranslation("seqr");
  return (
    <Select
      size="small"
      value={value || ALL}
      onValueChange={(chosen) => onChange(chosen === ALL ? "" : chosen)}
    >
      <Select.Trigger aria-label={label} className="w-[180px]">
        <Select.Value />
      </Select.Trigger>
      <Select.Content>
        <Select.Item value={ALL}>{t("common.filters.all", { what: label })}</Select.Item>
        {options.map((option) => (
          <Select.Item key={option.value} value={option.value}>
            {option.label}
          </Select.Item>
        ))}
      </Select.Content>
    </Select>
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
            min={name === "to" ? days.from : undefined}
            max={name === "from" ? days.to : undefined}
            onChange={({ target }) => onChange({ ...days, [name]: target.value })}
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
