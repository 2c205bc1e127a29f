import { Badge } from "@medusajs/ui";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { AdminSeqrRefundDetails } from "../../../http-types";
import { useFilter } from "../../hooks/use-filter";
import { useLocale } from "../../hooks/use-locale";
import { useRefunds, type RefundFilter } from "../../hooks/use-refunds";
import { isDropped } from "../../lib/refunds";
import { Copied } from "../copied";
import { ExplainedBadge } from "../explained-badge";
import { ChoiceFilter, ClearFilters, DaysFilter } from "../list/filters";
import { ListHead } from "../list/list-head";
import { LINK, OrderLink } from "../order-link";
import { PaymentLink } from "../payment-link";
import { SearchField } from "../list/search-field";
import { Table, type Column } from "../list/table";

type State = AdminSeqrRefundDetails["state"];

const COLOR_OF: Record<State, "green" | "orange" | "red"> = {
  unknown: "red",
  refused: "red",
  requested: "orange",
  done: "green",
};

const NO_FILTER: RefundFilter = { state: "", q: "", from: "", to: "" };

/** The refunds, those of unknown outcome first. */
const RefundList = () => {
  const { t } = useTranslation("seqr");
  const { filter, change, clear, isFiltered, page, show } = useFilter(NO_FILTER);
  const list = useRefunds(filter, page);
  const states = Object.keys(COLOR_OF) as State[];
  return (
    <Table
      head={<ListHead heading={t("refunds.heading")} subtitle={t("refunds.subtitle")} />}
      filters={
        <>
          <SearchField
            value={filter.q}
            label={t("refunds.search")}
            hint={t("refunds.search")}
            onChange={(q) => change({ q })}
          />
          <ChoiceFilter
            label={t("refunds.state")}
            value={filter.state}
            options={states.map((value) => ({ value, label: t(`refunds.states.${value}`) }))}
            onChange={(state) => change({ state: state as RefundFilter["state"] })}
          />
          <DaysFilter days={filter} onChange={change} />
          <ClearFilters isOn={isFiltered} onClear={clear} />
        </>
      }
      columns={useColumns()}
      list={list}
      rows={list.data?.refunds}
      empty={isFiltered ? "common.nothingFound" : "refunds.empty"}
      page={page}
      onPage={show}
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
      cell: ({ invoice_id, requested_at }) => <PaymentLink id={invoice_id}>{at(requested_at)}</PaymentLink>,
    },
    { id: "state", header: t("refunds.state"), cell: (refund) => <RefundState refund={refund} /> },
    {
      id: "amount",
      header: t("refunds.amount"),
      cell: (refund) => money(refund.amount, refund.currency_code),
    },
    { id: "order", header: t("refunds.order"), cell: (refund) => <OrderLink of={refund} /> },
    {
      id: "reference",
      header: t("refunds.reference"),
      cell: ({ refund_reference }) => <Copied name={t("refunds.reference")} text={refund_reference} />,
    },
    { id: "reason", header: t("refunds.reason"), cell: (refund) => <Reason refund={refund} /> },
  ];
}

/** How a refund stands; of one that SEQR refused its code, of an unknown one the way to its decision. */
const RefundState = ({ refund }: { refund: AdminSeqrRefundDetails }) => {
  const { t } = useTranslation("seqr");
  const { money } = useLocale();
  const { state, result } = refund;
  return (
    <span className="flex items-center gap-x-2">
      {isDropped(refund) ? (
        <ExplainedBadge color="grey" explanation={t("refunds.notMade.explained")}>
          {t("refunds.notMade.state")}
        </ExplainedBadge>
      ) : (
        <ExplainedBadge color={COLOR_OF[state]} explanation={t(`refunds.explained.${state}`)}>
          {t(`refunds.states.${state}`)}
        </ExplainedBadge>
      )}
      {state === "refused" && result !== null && !isDropped(refund) && (
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

/** Who made a refund, and why; the note of whoever made it is more than the plugin knows. */
const Reason = ({ refund: { actor, reason, note } }: { refund: AdminSeqrRefundDetails }) => {
  const { t } = useTranslation("seqr");
  const why = note ?? t(`refunds.reasons.${reason}`, { defaultValue: reason });
  const words = `${actor ?? t("refunds.plugin")}: ${why}`;
  return (
    <span className="block max-w-[250px] truncate" title={words}>
      {words}
    </span>
  );
};

export default RefundList;
