import { toast } from "@medusajs/ui";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrAttentionItem } from "../../../http-types";
import { useDecide } from "../../hooks/use-attention";
import type { Failure } from "../../lib/live";
import { AttentionEntry } from "./attention-entry";
import { DecisionDialog, refusalWords, type Choice } from "./decision-dialog";

interface EntriesProps {
  items: AdminSeqrAttentionItem[];
  isInPayment?: boolean;
  /** What stands before an entry, such as a box that selects it. */
  before?: (item: AdminSeqrAttentionItem) => ReactNode;
}

/** Entries of the attention list, with the dialog in which staff decide about them. */
export const AttentionEntries = ({ items, isInPayment = false, before }: EntriesProps) => {
  const { t } = useTranslation("seqr");
  const { mutateAsync: decide, variables, isPending } = useDecide();
  const [choice, setChoice] = useState<Choice>();

  /** What the plugin does anyway is done at once; everything else needs a second step. */
  const choose = async (chosen: Choice): Promise<void> => {
    const { item, action } = chosen;
    if (action !== "retry" || item.needs !== "nothing") return setChoice(chosen);
    try {
      await decide({ id: item.id, action });
      toast.success(t("attention.dialog.done"));
    } catch (error) {
      toast.error(refusalWords(t, error as Failure));
    }
  };

  return (
    <>
      {items.map((item) => (
        <div key={item.id} className="flex gap-x-3 px-6 py-4">
          {before?.(item)}
          <div className="min-w-0 flex-1">
            <AttentionEntry
              item={item}
              isInPayment={isInPayment}
              pending={isPending && variables.id === item.id ? variables.action : undefined}
              onChoose={(chosen) => void choose(chosen)}
            />
          </div>
        </div>
      ))}
      {choice && (
        <DecisionDialog
          key={choice.item.id + choice.action}
          choice={choice}
          isCurrent={items.some(({ id }) => id === choice.item.id)}
          onClose={() => setChoice(undefined)}
        />
      )}
    </>
  );
};
