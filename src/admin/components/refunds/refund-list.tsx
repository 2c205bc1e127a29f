import { Badge, Input } from "@medusajs/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { AdminSeqrRefundDetails } from "../../../http-types";
import { useLocale } from "../../hooks/use-locale";
import { useRefunds, type RefundFilter } from "../../hooks/use-refunds";
import { Copied } from "../copied";
import { ExplainedBadge } from "../explained-badge";
import { ChoiceFilter, ClearFilters, DaysFilter } from "../list/filters";
import { ListHead } from "../list/list-head";
import { LINK, OrderLink } from "../order-link";
import { PaymentLink } from "../payment-link";
import { Table, usePage, type Column } from "../list/table";

type State = AdminSeqrRefundDetails["state"];

const COLOR_OF: Record<State, "green" | "orange" | "red"> = {
  unknown: "red",
  refused: "red",
  requested: "orange",
  done: "green",
};

const NO_FILTER: RefundFilter = { state: "", q: "", from: "", to: "" };

/** Milliseconds after the last key until something is searched. */
const TYPING_PAUSE = 300;

/** The refunds, those of unknown outcome first. */
const RefundList = () => {
  const { t } = useTranslation("seqr");
  const [filter, setFilter] = useState(NO_FILTER);
  const [page, setPage] = usePage(JSON.stringify(filter));
  const { data, error, dataUpdatedAt, refetch } = useRefunds(filter, page);
  const isFiltered = Object.values(filter).some((value) => value !== "");
  const empty = isFiltered ? "common.nothingFound" : "refunds.empty";
  return (
    <Table
      head={<ListHead heading={t("refunds.heading")} subtitle={t("refunds.subtitle")} />}
      filters={<Filters filter={filter} onChange={setFilter} />}
      columns={useColumns()}
      rows={data?.refunds}
      count={data?.count}
      hasMore={data?.has_more}
      error={error}
      updatedAt={dataUpdatedAt}
      onRetry={() => void refetch()}
      empty={{ heading: t(`${empty}.heading`), description: t(`${empty}.description`) }}
      page={page}
      onPage={setPage}
    />
  );
};

function useColumns(): Column<AdminSeqrRefundDetails>[] {
  const { t } = useTranslation("seqr");
  const { at, money } = useLocale();
  return [
    {
      id: "requestedAt",
      header: t("refunds.requestedAt"),
      cell: ({ requested_at }) => at(requested_at),
    },
    { id: "state", header: t("refunds.state"), cell: (refund) => <RefundState refund={refund} /> },
    {
      id: "amount",
      header: t("refunds.amount"),
      cell: (refund) => money(refund.amount, refund.currency_code),
    },
    { id: "order", header: t("refunds.order"), cell: (refund) => <OrderLink of={refund} /> },
    {
      id: "payment",
      header: t("refunds.payment"),
      cell: ({ invoice_id, ers_reference }) => (
        <PaymentLink
          id={invoice_id}
          label={t("refunds.openLabel", { reference: ers_reference ?? invoice_id })}
        >
          {t("refunds.open")}
        </PaymentLink>
      ),
    },
    {
      id: "reference",
      header: t("refunds.reference"),
      cell: ({ refund_reference }) => <Copied name={t("refunds.reference")} text={refund_reference} />,
    },
    { id: "reason", header: t("refunds.reason"), cell: (refund) => <Reason refund={refund} /> },
    { id: "actor", header: t("refunds.actor"), cell: ({ actor }) => actor ?? t("refunds.plugin") },
  ];
}

/** How a refund stands; of one that SEQR refused its code, of an unknown one the way to its decision. */
const RefundState = ({ refund }: { refund: AdminSeqrRefundDetails }) => {
  const { t } = useTranslation("seqr");
  const { money } = useLocale();
  const { state, result } = refund;
  return (
    <span className="flex items-center gap-x-2">
      <ExplainedBadge color={COLOR_OF[state]} explanation={t(`refunds.explained.${state}`)}>
        {t(`refunds.states.${state}`)}
      </ExplainedBadge>
      {state === "refused" && result !== null && (
        <Badge color="red" size="2xsmall">
          {result}
        </Badge>
      )}
      {state === "unknown" && (
        <Link
          className={LINK}
          to="/seqr/attention"
          aria-label={t("refunds.resolveLabel", { amount: money(refund.amount, refund.currency_code) })}
        >
          {t("refunds.resolve")}
        </Link>
      )}
    </span>
  );
};

/** Why a refund was made; the note of whoever made it is more than the plugin knows. */
const Reason = ({ refund: { reason, note } }: { refund: AdminSeqrRefundDetails }) => {
  const { t } = useTranslation("seqr");
  return (
    <span className="block max-w-[250px] truncate">
      {note ?? t(`refunds.reasons.${reason}`, { defaultValue: reason })}
    </span>
  );
};

interface FiltersProps {
  filter: RefundFilter;
  onChange: (filter: RefundFilter) => void;
}

const Filters = ({ filter, onChange }: FiltersProps) => {
  const { t } = useTranslation("seqr");
  const states = Object.keys(COLOR_OF) as State[];
  return (
    <>
      <Search key={String(filter === NO_FILTER)} q={filter.q} onChange={(q) => onChange({ ...filter, q })} />
      <ChoiceFilter
        label={t("refunds.state")}
        value={filter.state}
        options={states.map((value) => ({ value, label: t(`refunds.states.${value}`) }))}
        onChange={(state) => onChange({ ...filter, state: state as RefundFilter["state"] })}
      />
      <DaysFilter days={filter} onChange={(days) => onChange({ ...filter, ...days })} />
      <ClearFilters isOn={filter !== NO_FILTER} onClear={() => onChange(NO_FILTER)} />
    </>
  );
};

/** A field for a whole reference, which is searched when the person pauses. */
const Search = ({ q, onChange }: { q: string; onChange: (q: string) => void }) => {
  const { t } = useTranslation("seqr");
  const [text, setText] = useState(q);
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => onChange(text.trim()), TYPING_PAUSE);
    return () => clearTimeout(timer);
  });
  return (
    <div className="w-[250px]">
      <Input
        type="search"
        size="small"
        aria-label={t("refunds.search")}
        placeholder={t("refunds.search")}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </div>
  );
};

export default RefundList;
