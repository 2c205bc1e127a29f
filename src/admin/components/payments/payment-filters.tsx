import { useTranslation } from "react-i18next";
import type { AdminSeqrPaymentRow } from "../../../http-types";
import type { AddressChoice } from "../../hooks/use-payment-choice";
import { INVOICE_STATES_SHOWN } from "../../lib/invoice-states";
import { ChoiceFilter, ClearFilters, DaysFilter, TerminalFilter } from "../list/filters";
import { SearchField } from "../list/search-field";

interface FiltersProps {
  choice: AddressChoice;
  isFiltered: boolean;
  /** The rows that are shown: their currencies are offered. */
  rows: AdminSeqrPaymentRow[];
  onChange: (part: Partial<AddressChoice>) => void;
  onClear: () => void;
}

/** Currencies that SEQR takes. */
const CURRENCIES = ["SEK", "EUR", "NOK", "DKK"];

/** The search field and the filters of the payments. */
export const PaymentFilters = ({ choice, isFiltered, rows, onChange, onClear }: FiltersProps) => {
  const { t } = useTranslation("seqr");
  const currencies = [...CURRENCIES, ...rows.map((row) => row.currency_code), choice.currency_code];
  return (
    <>
      <SearchField
        value={choice.q}
        label={t("payments.search")}
        hint={t("payments.searchHint")}
        help={t("payments.searchHelp")}
        onChange={(q) => onChange({ q })}
      />
      <ChoiceFilter
        label={t("payments.filters.state")}
        value={choice.state}
        options={INVOICE_STATES_SHOWN.map((state) => ({
          value: state,
          label: t(`payments.states.${state}`),
        }))}
        onChange={(state) => onChange({ state })}
      />
      <TerminalFilter value={choice.terminal} onChange={(terminal) => onChange({ terminal })} />
      <ChoiceFilter
        label={t("payments.filters.currency")}
        value={choice.currency_code}
        options={[...new Set(currencies)].filter(Boolean).map((value) => ({ value, label: value }))}
        onChange={(currency_code) => onChange({ currency_code })}
      />
      <DaysFilter days={choice} onChange={onChange} />
      <ChoiceFilter
        label={t("payments.filters.problem")}
        value={choice.has_problem}
        all={t("payments.filters.anyProblem")}
        options={[
          { value: "true", label: t("payments.filters.hasProblem") },
          { value: "false", label: t("payments.filters.noProblem") },
        ]}
        onChange={(has_problem) => onChange({ has_problem })}
      />
      <ChoiceFilter
        label={t("payments.filters.order")}
        value={choice.order}
        all={t("payments.filters.newest")}
        options={[{ value: "created_at", label: t("payments.filters.oldest") }]}
        onChange={(order) => onChange({ order })}
      />
      <ClearFilters isOn={isFiltered} onClear={onClear} />
    </>
  );
};
