import { Button, Checkbox, Container, Heading, Table, Text, toast } from "@medusajs/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrAttentionItem } from "../../../http-types";
import { useAttention, useDismiss, type Need } from "../../hooks/use-attention";
import { useFilledPage, usePage } from "../../hooks/use-filter";
import { usePaginationWords } from "../../hooks/use-pagination-words";
import { PAGE_SIZE } from "../../lib/page-size";
import type { Failure } from "../../lib/live";
import { AttentionEntries } from "./attention-entries";
import { ReasonDialog, refusalWords } from "./decision-dialog";
import { FailureNote } from "../failure";
import { Loading } from "../loading";

const NEEDS = ["all", "person", "nothing", "acknowledgement"] as const satisfies Need[];

/** What needs attention: those entries first that need a person, the oldest first. */
const AttentionPage = () => {
  const { t } = useTranslation("seqr");
  const [need, setNeed] = useState<Need>("all");
  const [page, setPage] = usePage(need);
  const list = useAttention(need, page);
  const { data, error, dataUpdatedAt, refetch } = list;
  const items = data?.attention_items ?? [];
  const selection = useSelection(items);
  useFilledPage(list, items.length, page, setPage);
  return (
    <Container className="divide-y p-0" data-testid="seqr-attention">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3 px-6 py-4">
        <div>
          <Heading>{t("attention.title")}</Heading>
          <Text size="small" className="text-ui-fg-subtle">
            {t("attention.subtitle")}
          </Text>
        </div>
        <div className="flex flex-wrap gap-1">
          {NEEDS.map((one) => (
            <Button
              key={one}
              size="small"
              variant={one === need ? "secondary" : "transparent"}
              aria-pressed={one === need}
              onClick={() => setNeed(one)}
            >
              {t(one === "all" ? "attention.all" : `attention.needs.${one}`)} {data?.totals[one]}
            </Button>
          ))}
        </div>
      </div>
      <FailureNote error={error} updatedAt={data ? dataUpdatedAt : 0} onRetry={() => void refetch()} />
      {selection.possible.length > 0 && <Dismissal selection={selection} />}
      {!data && !error && <Loading rows={8} />}
      {data?.count === 0 && <Empty need={need} />}
      <AttentionEntries
        items={items}
        before={(item) =>
          selection.possible.length > 0 && (
            <div className="w-5 shrink-0">
              {isDismissable(item) && (
                <Checkbox
                  className="mt-0.5"
                  aria-label={t("attention.several.select", {
                    title: t(`attention.kinds.${item.kind}.title`),
                  })}
                  checked={selection.has(item)}
                  onCheckedChange={() => selection.toggle(item)}
                />
              )}
            </div>
          )
        }
      />
      {data && data.count > PAGE_SIZE && <Pages count={data.count} page={page} onPage={setPage} />}
    </Container>
  );
};

const Empty = ({ need }: { need: Need }) => {
  const { t } = useTranslation("seqr");
  return (
    <div className="flex flex-col items-center gap-y-1 px-6 py-16 text-center">
      <Text size="base" weight="plus">
        {t(need === "all" ? "attention.empty.heading" : "attention.emptyOfNeed")}
      </Text>
      {need === "all" && (
        <Text size="small" className="text-ui-fg-subtle">
          {t("attention.empty.description")}
        </Text>
      )}
    </div>
  );
};

interface PagesProps {
  count: number;
  page: number;
  onPage: (page: number) => void;
}

const Pages = ({ count, page, onPage }: PagesProps) => {
  const words = usePaginationWords();
  const pages = Math.ceil(count / PAGE_SIZE);
  return (
    <Table.Pagination
      count={count}
      pageSize={PAGE_SIZE}
      pageIndex={page}
      pageCount={pages}
      canPreviousPage={page > 0}
      canNextPage={page + 1 < pages}
      previousPage={() => onPage(page - 1)}
      nextPage={() => onPage(page + 1)}
      translations={words}
    />
  );
};

/** Whether an entry can be dismissed together with others: it is for information, or a difference of the books. */
function isDismissable({ needs, kind }: AdminSeqrAttentionItem): boolean {
  return needs === "acknowledgement" || kind === "books_difference";
}

interface Selection {
  possible: AdminSeqrAttentionItem[];
  chosen: AdminSeqrAttentionItem[];
  has: (item: AdminSeqrAttentionItem) => boolean;
  toggle: (item: AdminSeqrAttentionItem) => void;
  toggleAll: () => void;
  clear: () => void;
}

/** Which entries are selected. Those that are not listed any more are not. */
function useSelection(items: AdminSeqrAttentionItem[]): Selection {
  const [ids, setIds] = useState<readonly string[]>([]);
  const possible = items.filter(isDismissable);
  const chosen = possible.filter(({ id }) => ids.includes(id));
  const isAll = chosen.length === possible.length;
  return {
    possible,
    chosen,
    has: ({ id }) => ids.includes(id),
    toggle: ({ id }) => setIds(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]),
    toggleAll: () => setIds(isAll ? [] : possible.map(({ id }) => id)),
    clear: () => setIds([]),
  };
}

/** Dismisses all that is selected, with one reason. */
const Dismissal = ({ selection }: { selection: Selection }) => {
  const { t } = useTranslation("seqr");
  const { mutateAsync: dismiss, isPending } = useDismiss();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const { chosen, possible, toggleAll, clear } = selection;
  const count = chosen.length;
  const action = count === 0 ? t("attention.several.none") : t("attention.several.action", { count });

  const close = (): void => {
    setOpen(false);
    setReason("");
    setRefusal(undefined);
  };
  const submit = async (): Promise<void> => {
    if (reason.trim() === "") return setRefusal(t("attention.dialog.reasonMissing"));
    try {
      const { results } = await dismiss({ ids: chosen.map(({ id }) => id), reason: reason.trim() });
      const left = results.filter(({ dismissed }) => !dismissed).length;
      if (results.length > left) toast.success(t("attention.several.done", { count: results.length - left }));
      if (left > 0) toast.warning(t("attention.several.left", { count: left }));
      clear();
      close();
    } catch (error) {
      setRefusal(refusalWords(t, error as Failure));
    }
  };

  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-6 py-3">
      <label className="txt-compact-small flex items-center gap-x-3">
        <Checkbox
          checked={chosen.length === possible.length ? true : chosen.length > 0 ? "indeterminate" : false}
          onCheckedChange={toggleAll}
        />
        {t("attention.several.selectAll")}
      </label>
      <Button size="small" variant="secondary" disabled={chosen.length === 0} onClick={() => setOpen(true)}>
        {action}
      </Button>
      {isOpen && (
        <ReasonDialog
          title={action}
          meaning={t("attention.several.meaning")}
          confirm={t("attention.actionNames.dismiss")}
          reason={reason}
          onReason={(text) => {
            setReason(text);
            setRefusal(undefined);
          }}
          refusal={refusal}
          isPending={isPending}
          isPossible={chosen.length > 0}
          onSubmit={submit}
          onClose={close}
        />
      )}
    </div>
  );
};

export default AttentionPage;
