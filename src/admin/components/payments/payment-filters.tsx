import { Button, Input, Label, Select, Text } from "@medusajs/ui";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentRow } from "../../../http-types";
import { LONGEST_SEARCH, type AddressChoice } from "../../hooks/use-payment-choice";
import { INVOICE_STATES_SHOWN } from "../../lib/invoice-states";

interface FiltersProps {
  choice: AddressChoice;
  isFiltered: boolean;
  /** The rows that are shown: their terminals and currencies are offered. */
  rows: AdminSeqrPaymentRow[];
  onChange: (part: Partial<AddressChoice>) => void;
  onClear: () => void;
}

/** Milliseconds after the last key until what was written is searched for. */
const PAUSE = 300;

/** Currencies that SEQR takes. */
const CURRENCIES = ["SEK", "EUR", "NOK", "DKK"];

/** The search field, which has the focus, and the filters of the payments. */
export const PaymentFilters = ({ choice, isFiltered, rows, onChange, onClear }: FiltersProps) => {
  const { t } = useTranslation("seqr");
  const currencies = [
    ...new Set([...CURRENCIES, ...rows.map((row) => row.currency_code), choice.currency_code]),
  ];
  return (
    <div className="flex w-full flex-col gap-y-3">
      <Search value={choice.q} onChange={(q) => onChange({ q })} />
      <div className="flex flex-wrap items-end gap-2">
        <Choice
          label={t("payments.filters.state")}
          value={choice.state}
          any={t("payments.filters.anyState")}
          options={INVOICE_STATES_SHOWN.map((state) => [state, t(`payments.states.${state}`)])}
          onChange={(state) => onChange({ state })}
        />
        <Terminal value={choice.terminal} rows={rows} onChange={(terminal) => onChange({ terminal })} />
        <Choice
          label={t("payments.filters.currency")}
          value={choice.currency_code}
          any={t("payments.filters.anyCurrency")}
          options={currencies.filter(Boolean).map((currency) => [currency, currency])}
          onChange={(currency_code) => onChange({ currency_code })}
        />
        <Day
          label={t("payments.filters.from")}
          value={choice.from}
          max={choice.to}
          onChange={(from) => onChange({ from })}
        />
        <Day
          label={t("payments.filters.to")}
          value={choice.to}
          min={choice.from}
          onChange={(to) => onChange({ to })}
        />
        <Choice
          label={t("payments.filters.problem")}
          value={choice.has_problem}
          any={t("payments.filters.anyProblem")}
          options={[
            ["true", t("payments.filters.hasProblem")],
            ["false", t("payments.filters.noProblem")],
          ]}
          onChange={(has_problem) => onChange({ has_problem })}
        />
        <Choice
          label={t("payments.filters.order")}
          value={choice.order}
          any={t("payments.filters.newest")}
          options={[["created_at", t("payments.filters.oldest")]]}
          onChange={(order) => onChange({ order })}
        />
        <Button variant="transparent" size="small" disabled={!isFiltered} onClick={onClear}>
          {t("payments.filters.clear")}
        </Button>
      </div>
    </div>
  );
};

const Search = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => {
  const { t } = useTranslation("seqr");
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  const [written, setWritten] = useState(value);
  const [sent, setSent] = useState(value);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    // The filters were cleared, or the browser went to another address. What was written here comes back later, and may be old by then.
    if (value !== sent) {
      setSent(value);
      setWritten(value);
    }
  }
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (written === sent) return;
    const timer = setTimeout(() => {
      setSent(written);
      latest.current(written);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [written, sent]);
  return (
    <div className="flex flex-col gap-y-1">
      <Input
        ref={field}
        role="searchbox"
        size="small"
        value={written}
        maxLength={LONGEST_SEARCH}
        placeholder={t("payments.searchHint")}
        aria-label={t("payments.search")}
        aria-describedby={id}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setWritten(target.value)}
      />
      <Text id={id} size="xsmall" className="text-ui-fg-muted">
        {t("payments.searchHelp")}
      </Text>
    </div>
  );
};

/** Of a choice that leaves everything in: Radix' Select takes no empty value. */
const ANY = "any";

interface ChoiceProps {
  label: string;
  value: string;
  any: string;
  options: [value: string, label: string][];
  onChange: (value: string) => void;
}

const Choice = ({ label, value, any, options, onChange }: ChoiceProps) => {
  const isOffered = options.some(([one]) => one === value);
  return (
    <div style={{ width: 176 }}>
      <Select
        size="small"
        value={isOffered ? value : ANY}
        onValueChange={(chosen) => onChange(chosen === ANY ? "" : chosen)}
      >
        <Select.Trigger aria-label={label}>
          <Select.Value />
        </Select.Trigger>
        <Select.Content>
          <Select.Item value={ANY}>{any}</Select.Item>
          {options.map(([one, words]) => (
            <Select.Item key={one} value={one}>
              {words}
            </Select.Item>
          ))}
        </Select.Content>
      </Select>
    </div>
  );
};

interface TerminalProps {
  value: string;
  rows: AdminSeqrPaymentRow[];
  onChange: (value: string) => void;
}

/** Shown where the store has several terminals, as far as the rows show it. */
const Terminal = ({ value, rows, onChange }: TerminalProps) => {
  const { t } = useTranslation("seqr");
  const [seen, setSeen] = useState<string[]>([]);
  const now = [...seen, value, ...rows.map(({ terminal }) => terminal ?? "")].filter(Boolean);
  const names = [...new Set(now)].sort();
  if (names.length > seen.length) setSeen(names);
  if (names.length < 2 && value === "") return null;
  return (
    <Choice
      label={t("payments.filters.terminal")}
      value={value}
      any={t("payments.filters.anyTerminal")}
      options={names.map((name) => [name, name])}
      onChange={onChange}
    />
  );
};

interface DayProps {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (value: string) => void;
}

const Day = ({ label, value, min, max, onChange }: DayProps) => {
  const id = useId();
  return (
    <div className="flex items-center gap-x-2">
      <Label htmlFor={id} size="xsmall" className="text-ui-fg-subtle whitespace-nowrap">
        {label}
      </Label>
      <Input
        id={id}
        type="date"
        size="small"
        value={value}
        min={min || undefined}
        max={max || undefined}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
};
