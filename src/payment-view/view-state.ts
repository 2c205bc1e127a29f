import type { PaymentStatus } from "./payment";
import type { Notice } from "./locales/texts";

/** State of the view. `offline`: no connection, still trying; `missing`: the payment does not exist. */
export type ViewState = PaymentStatus | "offline" | "missing";

/** Status from the server. An unknown one counts as pending. */
type Status = string | undefined;

/** Final states after which the shopper can request a new code. */
const UNPAID: readonly Status[] = [
  "canceled",
  "superseded",
  "expired",
  "failed",
  "reversed",
] satisfies ViewState[];
/** Final states of the whole purchase; after the others, a newer code or a late payment is possible. */
const FINAL: readonly Status[] = ["paid", "refunded", "clarifying", "missing"] satisfies ViewState[];

/** What the view knows at one time. */
export interface Known {
  /** The latest status from the server; undefined before the first. */
  status: Status;
  /** Whether the latest requests to the server failed. */
  isLost: boolean;
  /** Whether the code has expired by the browser's clock. */
  isOver: boolean;
}

/** Whether this code has ended. */
export function isEnd(state: Status): boolean {
  return canRenew(state) || isFinal(state);
}

/** Whether the purchase has ended. */
export function isFinal(state: Status): boolean {
  return FINAL.includes(state);
}

/** Whether the shopper can request a new code. */
export function canRenew(state: Status): boolean {
  return UNPAID.includes(state);
}

/** Why a cancellation by the shopper failed, if the state shows it. */
export function whyNotCanceled(state: Status): Notice | undefined {
  if (state === "waiting") return "notCanceled";
  return state === "placing" || state === "paid" ? "tooLate" : undefined;
}

/** Whether the code may be shown: only one that can certainly be paid. */
export function showsCode({ status, isOver }: Known): boolean {
  return status === "waiting" && !isOver;
}

/** Chooses the state to show. A payment is shown as failed, cancelled or expired only after the server has reported it. */
export function viewState(known: Known): ViewState {
  const { status = "preparing", isLost } = known;
  if (isEnd(status)) return status as ViewState;
  if (isLost) return "offline";
  if (status === "preparing" || status === "placing") return status;
  return showsCode(known) ? "waiting" : "checking";
}
