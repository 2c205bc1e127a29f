import type { PaymentStatus } from "./payment";

/** What the view shows. `offline`: no connection, still trying; `missing`: there is no such payment. */
export type ViewState = PaymentStatus | "offline" | "missing";

/** Ends after which there can be a new code. */
const UNPAID: readonly string[] = ["canceled", "superseded", "expired", "failed"] satisfies ViewState[];
const ENDS: readonly string[] = [...UNPAID, "paid", "returned", "missing"];

/** What is known at a moment. */
export interface Known {
  /** As the server said it last; undefined before it has said anything. */
  status: string | undefined;
  /** Whether the server could not be reached of late. */
  isLost: boolean;
  /** Whether the time to pay is over by our own clock. */
  isOver: boolean;
}

/** Whether nothing more happens by itself. */
export function isEnd(state = ""): boolean {
  return ENDS.includes(state);
}

/** Whether the shopper can ask for a new code. */
export function canRenew(state: ViewState): boolean {
  return UNPAID.includes(state);
}

/** Whether the code may be shown: never one that cannot be paid, or perhaps cannot. */
export function showsCode({ status, isOver }: Known): boolean {
  return status === "waiting" && !isOver;
}

/** The state to show. Nothing is called failed, cancelled or expired before the server has said so. */
export function viewState(known: Known): ViewState {
  const { status, isLost } = known;
  if (isEnd(status)) return status as ViewState;
  if (isLost) return "offline";
  if (status === undefined || status === "preparing") return "preparing";
  if (status === "placing") return status;
  return showsCode(known) ? "waiting" : "checking";
}
