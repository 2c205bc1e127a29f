/**
 * All texts of the view. `{brand}`, `{amount}` and `{time}` are filled in. Each state has a heading, and a sentence
 * that screen readers announce.
 */
export interface Texts {
  preparing: string;
  preparingText: string;
  waiting: string;
  waitingText: string;
  checking: string;
  checkingText: string;
  placing: string;
  placingText: string;
  paid: string;
  paidText: string;
  /** Of a payment that the shop has not captured yet. */
  reserved: string;
  reservedText: string;
  refunded: string;
  refundedText: string;
  clarifying: string;
  clarifyingText: string;
  reversed: string;
  reversedText: string;
  canceled: string;
  canceledText: string;
  superseded: string;
  supersededText: string;
  expired: string;
  expiredText: string;
  failed: string;
  failedText: string;
  offline: string;
  offlineText: string;
  missing: string;
  missingText: string;
  /** Instruction for the code. */
  scan: string;
  /** Button that opens the app. */
  open: string;
  /** Shown when the app did not open. */
  noApp: string;
  /** Description of the code for screen readers. */
  code: string;
  timeLeft: string;
  cancel: string;
  notCanceled: string;
  tooLate: string;
  renew: string;
  notRenewed: string;
  order: string;
  reference: string;
  amount: string;
  print: string;
}

/** Name of a text that says why an action failed. */
export type Notice = keyof Pick<Texts, "tooLate" | "notCanceled" | "notRenewed">;
