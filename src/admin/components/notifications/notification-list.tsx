import { useTranslation } from "react-i18next";
import type { AdminSeqrNotification, AdminSeqrNotificationResult } from "../../../http-types";
import { useFilter } from "../../hooks/use-filter";
import { useLocale } from "../../hooks/use-locale";
import { useNotifications, useReplay, type NotificationFilter } from "../../hooks/use-notifications";
import { useUnits } from "../../hooks/use-units";
import { ConfirmedButton } from "../confirmed-button";
import { ExplainedBadge } from "../explained-badge";
import { ChoiceFilter, ClearFilters, DaysFilter, TerminalFilter } from "../list/filters";
import { ListHead } from "../list/list-head";
import { OrderLink } from "../order-link";
import { PaymentLink } from "../payment-link";
import { Table, type Column } from "../list/table";

const COLOR_OF: Record<AdminSeqrNotificationResult, "green" | "orange" | "grey"> = {
  recorded: "green",
  repeated: "grey",
  unknown: "orange",
};

const NO_FILTER: NotificationFilter = { result: "", terminal: "", from: "", to: "" };

/** What SEQR has sent to the shop, newest first. */
const NotificationList = () => {
  const { t } = useTranslation("seqr");
  const { filter, change, clear, isFiltered, page, show } = useFilter(NO_FILTER);
  const list = useNotifications(filter, page);
  const results = Object.keys(COLOR_OF) as AdminSeqrNotificationResult[];
  return (
    <Table
      head={<ListHead heading={t("notifications.heading")} subtitle={t("notifications.subtitle")} />}
      filters={
        <>
          <ChoiceFilter
            label={t("notifications.result")}
            value={filter.result}
            options={results.map((value) => ({ value, label: t(`notifications.results.${value}`) }))}
            onChange={(result) => change({ result: result as NotificationFilter["result"] })}
          />
          <TerminalFilter value={filter.terminal} onChange={(terminal) => change({ terminal })} />
          <DaysFilter days={filter} onChange={change} />
          <ClearFilters isOn={isFiltered} onClear={clear} />
        </>
      }
      columns={useColumns()}
      list={list}
      rows={list.data?.notifications}
      empty={isFiltered ? "common.nothingFound" : "notifications.empty"}
      page={page}
      onPage={show}
    />
  );
};

function useColumns(): Column<AdminSeqrNotification>[] {
  const { t } = useTranslation("seqr");
  const { exactly } = useLocale();
  const { span } = useUnits();
  return [
    {
      id: "receivedAt",
      header: t("notifications.receivedAt"),
      cell: ({ received_at }) => exactly(received_at),
    },
    {
      id: "payment",
      header: t("notifications.payment"),
      cell: ({ invoice_id, invoice_reference }) =>
        invoice_id ? <PaymentLink id={invoice_id}>{invoice_reference ?? invoice_id}</PaymentLink> : "–",
    },
    { id: "order", header: t("notifications.order"), cell: (row) => <OrderLink of={row} /> },
    { id: "terminal", header: t("notifications.terminal"), cell: ({ terminal }) => terminal ?? "–" },
    {
      id: "result",
      header: t("notifications.result"),
      cell: (notification) => <Result notification={notification} />,
    },
    {
      id: "delay",
      header: t("notifications.delay"),
      cell: ({ delay }) => (delay === null ? t("notifications.noDelay") : span(delay)),
    },
    {
      id: "again",
      header: t("notifications.actions"),
      cell: (notification) => notification.invoice_id && <ProcessAgain notification={notification} />,
    },
  ];
}

/** What became of a notification, how many requests it stands for, and whether its payment was processed again. */
const Result = ({ notification }: { notification: AdminSeqrNotification }) => {
  const { t } = useTranslation("seqr");
  const { exactly } = useLocale();
  const { result, requests, replayed_at, replayed_by } = notification;
  return (
    <span className="flex items-center gap-x-2">
      <ExplainedBadge color={COLOR_OF[result]} explanation={t(`notifications.explained.${result}`)}>
        {t(`notifications.results.${result}`)}
      </ExplainedBadge>
      {requests > 1 && <span>{t("notifications.requests", { count: requests })}</span>}
      {replayed_at !== null && (
        <ExplainedBadge
          color="blue"
          explanation={t("notifications.replayedBy", {
            time: exactly(replayed_at),
            actor: replayed_by ?? "–",
          })}
        >
          {t("notifications.replayed")}
        </ExplainedBadge>
      )}
    </span>
  );
};

/** Has a notification's payment processed again. */
const ProcessAgain = ({ notification }: { notification: AdminSeqrNotification }) => {
  const { t } = useTranslation("seqr");
  const { mutateAsync: replay, isPending } = useReplay();
  const act = async (): Promise<string> => {
    const { payment } = await replay(notification.id);
    return t("notifications.replay.done", { state: t(`payments.states.${payment.state}`) });
  };
  return (
    <ConfirmedButton texts="notifications.replay" variant="transparent" isLoading={isPending} act={act} />
  );
};

export default NotificationList;
