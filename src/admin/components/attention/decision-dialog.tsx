import { Button, Input, Label, Prompt, Text, Textarea, toast } from "@medusajs/ui";
import { useId, useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AdminSeqrAttentionItem } from "../../../http-types";
import { useDecide } from "../../hooks/use-attention";
import type { Failure } from "../../lib/live";

/** An entry, and what is to be done about it. */
export interface Choice {
  item: AdminSeqrAttentionItem;
  action: AdminSeqrAttentionItem["actions"][number];
}

interface DialogProps {
  choice: Choice;
  /** Whether the entry is still there as it was when the dialog was opened. */
  isCurrent: boolean;
  onClose: () => void;
}

/** Asks for the reason of a decision, and for what SEQR has said, and then decides. */
export const DecisionDialog = ({ choice: { item, action }, isCurrent, onClose }: DialogProps) => {
  const { t } = useTranslation("seqr");
  const { mutateAsync: decide, isPending } = useDecide();
  const [reason, setReason] = useState("");
  const [reference, setReference] = useState("");
  const [refusal, setRefusal] = useState<string>();
  const needs = inputsOf(item, action);

  const submit = async (): Promise<void> => {
    const missing = needs.missing({ reason, reference });
    if (missing) return setRefusal(t(missing));
    try {
      await decide({
        id: item.id,
        action,
        ...(reason.trim() && { reason: reason.trim() }),
        ...(needs.reference && reference.trim() && { [needs.reference]: reference.trim() }),
      });
      toast.success(t("attention.dialog.done"));
      onClose();
    } catch (error) {
      setRefusal(refusalWords(t, error as Failure));
    }
  };

  return (
    <ReasonDialog
      title={t(`attention.kinds.${item.kind}.title`)}
      meaning={t(`attention.kinds.${item.kind}.actions.${action}`)}
      confirm={t(`attention.actionNames.${action}`)}
      reason={reason}
      onReason={(text) => {
        setReason(text);
        setRefusal(undefined);
      }}
      isOptional={action === "retry"}
      refusal={isCurrent || isPending ? refusal : t("attention.dialog.gone")}
      isPending={isPending}
      isPossible={isCurrent}
      onSubmit={submit}
      onClose={onClose}
    >
      {needs.reference && <ReferenceField name={needs.reference} value={reference} onChange={setReference} />}
    </ReasonDialog>
  );
};

interface ReasonDialogProps {
  title: string;
  meaning: string;
  confirm: string;
  reason: string;
  onReason: (reason: string) => void;
  isOptional?: boolean;
  refusal: string | undefined;
  isPending: boolean;
  isPossible?: boolean;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children?: ReactNode;
}

/** A dialog with a field for the reason. */
export const ReasonDialog = (props: ReasonDialogProps) => {
  const { title, meaning, confirm, reason, onReason, isOptional, refusal, children } = props;
  const { isPending, isPossible = true, onSubmit, onClose } = props;
  const { t } = useTranslation("seqr");
  const id = useId();
  // Radix gives the focus to the button that opened a dialog, but only to one that it knows.
  const [opener] = useState(() => document.activeElement);
  const giveFocus = (event: Event): void => {
    event.preventDefault();
    if (opener instanceof HTMLElement) opener.focus();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isPending && isPossible) void onSubmit();
  };
  return (
    <Prompt open onOpenChange={(isOpen) => !isOpen && onClose()} variant="confirmation">
      <Prompt.Content onCloseAutoFocus={giveFocus}>
        <form onSubmit={submit}>
          <Prompt.Header>
            <Prompt.Title>{title}</Prompt.Title>
            <Prompt.Description>{meaning}</Prompt.Description>
          </Prompt.Header>
          <div className="flex flex-col gap-y-4 px-6 pt-4">
            {children}
            <div className="flex flex-col gap-y-2">
              <Label htmlFor={id} size="small" weight="plus">
                {t("attention.dialog.reason")} {isOptional && t("attention.dialog.optional")}
              </Label>
              <Textarea
                id={id}
                autoFocus
                rows={3}
                maxLength={1_000}
                value={reason}
                aria-describedby={`${id}-hint`}
                onChange={({ target }) => onReason(target.value)}
              />
              <Text id={`${id}-hint`} size="xsmall" className="text-ui-fg-muted">
                {t("attention.dialog.reasonHint")}
              </Text>
            </div>
            {refusal && (
              <Text size="small" role="alert" className="text-ui-fg-error break-words">
                {refusal}
              </Text>
            )}
          </div>
          <Prompt.Footer>
            <Button type="button" variant="secondary" size="small" onClick={onClose}>
              {t("attention.dialog.cancel")}
            </Button>
            <Button type="submit" size="small" isLoading={isPending} disabled={!isPossible}>
              {confirm}
            </Button>
          </Prompt.Footer>
        </form>
      </Prompt.Content>
    </Prompt>
  );
};

interface ReferenceProps {
  name: Reference;
  value: string;
  onChange: (value: string) => void;
}

const ReferenceField = ({ name, value, onChange }: ReferenceProps) => {
  const { t } = useTranslation("seqr");
  const id = useId();
  const key = name === "refund_reference" ? "refundReference" : "transactionPeriodId";
  return (
    <div className="flex flex-col gap-y-2">
      <Label htmlFor={id} size="small" weight="plus">
        {t(`attention.dialog.${key}`)}
      </Label>
      <Input
        id={id}
        size="small"
        maxLength={100}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => onChange(target.value)}
      />
      <Text id={`${id}-hint`} size="xsmall" className="text-ui-fg-muted">
        {t(`attention.dialog.${key}Hint`)}
      </Text>
    </div>
  );
};

type Reference = "refund_reference" | "transaction_period_id";

interface Inputs {
  /** The reference of SEQR's that the decision takes. */
  reference: Reference | undefined;
  /** The text that says what is missing. */
  missing: (given: { reason: string; reference: string }) => string | undefined;
}

function inputsOf({ kind, refund }: AdminSeqrAttentionItem, action: Choice["action"]): Inputs {
  const isOfPeriod = kind === "period_lost" && action === "retry";
  const isOfRefund = refund !== null && action === "accept";
  return {
    reference: isOfPeriod ? "transaction_period_id" : isOfRefund ? "refund_reference" : undefined,
    missing: ({ reason, reference }) => {
      if (isOfPeriod && reference.trim() === "") return "attention.dialog.transactionPeriodIdMissing";
      return action !== "retry" && reason.trim() === "" ? "attention.dialog.reasonMissing" : undefined;
    },
  };
}

/** Words for a decision that was not carried out. */
export function refusalWords(
  t: (key: string, values?: Record<string, string>) => string,
  { status, message }: Failure,
): string {
  if (status === 409 || status === 404) return t("attention.dialog.stale");
  if (status === 403) return t("attention.dialog.forbidden");
  return t("attention.dialog.failed", { message });
}
