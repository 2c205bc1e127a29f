/** Errors of the sandbox itself, as opposed to SEQR's result codes, with cause and cure. */
export const SANDBOX_ERRORS = {
  SANDBOX_INPUT: {
    cause: "A value is missing or invalid.",
    cure: "Correct what the message names; docs/sandbox.md lists the values of each command.",
  },
  SANDBOX_OPTION: {
    cause: "An option of the sandbox is invalid.",
    cure: "Correct the option that the message names; `medusa-payment-seqr sandbox --help` lists them.",
  },
  SANDBOX_PORT_TAKEN: {
    cause: "Another program listens on this port, perhaps another sandbox.",
    cure: "Stop it, or choose another port with --port (0 chooses a free one).",
  },
  SANDBOX_NOT_RUNNING: {
    cause: "No sandbox answers at this address.",
    cure: "Start one with `medusa-payment-seqr sandbox`, or name its address with --url.",
  },
  SANDBOX_STATE_UNREADABLE: {
    cause: "The state file cannot be read, or is from another version of the sandbox.",
    cure: "Choose another file, or delete this one to start empty.",
  },
  SANDBOX_STATE_UNWRITABLE: {
    cause: "The state file cannot be written.",
    cure: "Check the folder, its permissions and the disk space.",
  },
  SANDBOX_NO_SUCH_INVOICE: {
    cause: "No invoice has this reference, or the till of this code has none.",
    cure: "List them with `medusa-payment-seqr invoices`. A sandbox without --state loses them when it stops.",
  },
  SANDBOX_INVOICE_CLOSED: {
    cause: "The invoice is paid, cancelled, failed or expired; the phone cannot use it any more.",
    cure: "Issue a new invoice in the shop.",
  },
  SANDBOX_WAITING_FOR_SHOP: {
    cause:
      "The invoice requires the shop's acknowledgement of the shopper (acknowledgmentMode), which is missing.",
    cure: "The shop calls getPaymentStatus with the announced version, or updateInvoice. Shops without loyalty send NO_ACKNOWLEDGMENT.",
  },
  SANDBOX_NOT_NOW: {
    cause: "The phone cannot do this at the invoice's present stage.",
    cure: "Check the stage: a payment must be started before it is finished, and an executing one cannot be cancelled.",
  },
  SANDBOX_CLOCK_NOT_TURNABLE: {
    cause: "The sandbox runs on the machine's clock.",
    cure: "Start it with --clock turnable.",
  },
  SANDBOX_LOOPBACK_ONLY: {
    cause: "The control API answers programs on this machine only, by a local name.",
    cure: "Call it from the machine that runs the sandbox, as 127.0.0.1 or localhost, with Content-Type application/json.",
  },
  SANDBOX_NO_STORE: {
    cause: "The command requires the folder of a Medusa store, and this folder has no Medusa.",
    cure: "Change to the folder with medusa-config; in a workspace that is often apps/backend.",
  },
  SANDBOX_NOT_FOUND: {
    cause: "The control API has no such path or method.",
    cure: "docs/sandbox.md lists them.",
  },
} as const;

export type SandboxErrorCode = keyof typeof SANDBOX_ERRORS;

/** A request that the sandbox cannot carry out. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly reason: string;
  readonly cure: string;

  constructor(
    /** Stable code: a key of SANDBOX_ERRORS. */
    readonly code: SandboxErrorCode,
    readonly detail: string,
  ) {
    super(`${detail} [${code}]`);
    this.reason = SANDBOX_ERRORS[code].cause;
    this.cure = SANDBOX_ERRORS[code].cure;
  }
}
