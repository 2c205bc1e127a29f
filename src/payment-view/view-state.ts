import type { PaymentStatus } from "./payment";
import type { Notice } from "./locales/texts";

/** What the view shows. `offline`: no connection, still trying; `missing`: there is no such payment. */
export type ViewState = PaymentStatus | "offline" | "missing";

/** As the server says it; what is not known here is no end. */
type Status = string | undefined;

/** Ends after which there can be a new code. */
const UNPAID: readonly Status[] = [
  "canceled",
  "superseded",
  "expired",
  "failed",
  "reversed",
] satisfies ViewState[];
/** Ends of the whole purchase; after the others, a newer code or a late payment may still turn up. */
const FINAL: readonly Status[] = ["paid", "refunded", "clarifying", "missing"] satisfies ViewState[];

/** What is known at a moment. */
export interface Known {
  /** As the server said it last; undefined before it has said anything. */
  status: Status;
  /** Whether the server could not be reached of late. */
  isLost: boolean;
  /** Whether the time to pay is over by our own clock. */
  isOver: boolean;
}

/** Whether this code has come to its end. */
export function isEnd(state: Status): boolean {
  return canRenew(state) || isFinal(state);
}

/** Whether nothing more happens by itself. */
export function isFinal(state: Status): boolean {
  return FINAL.includes(state);
}

/** Whether the shopper can ask for a new code. */
export function canRenew(state: Status): boolean {
  return UNPAID.includes(state);
}

/** Why a payment goes on that the shopper wanted to cancel, as far as its state tells. */
export function whyNotCanceled(state: Status): Notice | undefined {
  if (state === "waiting") return "notCanceled";
  return state === "placing" || state === "paid" ? "tooLate" : undefined;
}

/** Whether the code may be shown: never one that cannot be paid, or perhaps cannot. */
export function showsCode({ status, isOver }: Known): boolean {
  return status === "waiting" && !isOver;
}

/** The state to show. Nothing is called failed, cancelled or expired before the server has said so. */
export function viewState(known: Known): ViewState {
  const { status = "preparing", isLost } = known;
  if (isEnd(status)) return status as ViewState;
  if (isLost) return "offline";
  if (status === "preparing" || status === "placing") return status;
  return showsCode(known) ? "waiting" : "checking";
}
