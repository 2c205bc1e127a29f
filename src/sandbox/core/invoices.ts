import type { CustomerToken, Invoice } from "../../seqr";
import type { CancelInvoiceRequest } from "../../seqr/operations/cancel-invoice";
import type { CommitReservationRequest } from "../../seqr/operations/commit-reservation";
import type {
  GetPaymentStatusRequest,
  GetPaymentStatusReturn,
} from "../../seqr/operations/get-payment-status";
import type { SendInvoiceRequest, SendInvoiceReturn } from "../../seqr/operations/send-invoice";
import type { UpdateInvoiceRequest } from "../../seqr/operations/update-invoice";
import { hundredths, tidy } from "./amounts";
import { refuseIncomplete, refuseInvoice, refuseTokens } from "./invoice-content";
import { STATUS } from "./life-cycle";
import { move, setDeadline } from "./move";
import { Refusal, type Outcome } from "./refusal";
import { receiptOf, takePayment } from "./transactions";
import { invoiceQRCode, newInvoiceReference } from "./references";
import type { StoredInvoice, Terminal } from "./state";
import type { World } from "./world";

/** Creates an invoice; on a cash register the previous unpaid one is cancelled (PROTOCOL 2.1). */
export function sendInvoice(
  world: World,
  terminal: Terminal,
  { invoice, tokens = [] }: SendInvoiceRequest,
): Outcome<SendInvoiceReturn> {
  const refusal = refuseContent(world, terminal, invoice, tokens);
  if (refusal || !invoice) return refusal ?? new Refusal(49, "there is no invoice");
  if (terminal.kind === "cashregister") replaceCurrent(world, terminal);
  const reference = newInvoiceReference(world);
  const stored: StoredInvoice = {
    reference,
    qrCode: invoiceQRCode(world, reference),
    terminalId: terminal.id,
    resellerId: terminal.resellerId,
    stage: "open",
    version: 0,
    invoice,
    tokens,
    issuedAt: world.clock.now(),
    history: [],
  };
  world.state.invoices.set(reference, stored);
  if (terminal.kind === "cashregister") terminal.currentInvoice = reference;
  setDeadline(world, stored);
  world.changed();
  return { invoiceQRCode: stored.qrCode, invoiceReference: reference };
}

/** Replaces an invoice's content until the shopper has opened the bill (PROTOCOL 2.2). */
export function updateInvoice(
  world: World,
  terminal: Terminal,
  { invoiceReference, invoice, tokens = [] }: UpdateInvoiceRequest,
): Outcome<object> {
  const stored = invoiceOf(world, terminal, invoiceReference);
  if (stored instanceof Refusal) return stored;
  const refusal = refuseContent(world, terminal, invoice, tokens);
  if (refusal || !invoice) return refusal ?? new Refusal(49, "there is no invoice");
  if (!move(world, stored, "update")) {
    return new Refusal(world.settings.lateUpdateCode, `too late: the invoice is ${stored.stage}`);
  }
  stored.invoice = invoice;
  stored.tokens = withVerdicts(stored.tokens, tokens);
  return {};
}

/** Gives the status of an invoice. That acknowledges a payment, and what the given version announced (PROTOCOL 2.3, 4). */
export function getPaymentStatus(
  world: World,
  terminal: Terminal,
  { invoiceReference, invoiceVersion = 0 }: GetPaymentStatusRequest,
): Outcome<GetPaymentStatusReturn> {
  const atTill = invoiceReference === undefined && terminal.kind === "cashregister";
  const stored = invoiceOf(world, terminal, atTill ? terminal.currentInvoice : invoiceReference);
  if (stored instanceof Refusal) return stored;
  const echoed = invoiceVersion === stored.version;
  if (stored.stage === "pending" ? echoed : echoed || !world.settings.strict)
    move(world, stored, "acknowledge");
  const { stage, tokens, version } = stored;
  const payment = STATUS[stage] === "PAID" ? world.state.transactions.get(stored.payment ?? "") : undefined;
  return {
    ...(payment && { ersReference: payment.ersReference }),
    status: shownStatus(world, stored),
    ...(payment && { receipt: receiptOf(world, payment) }),
    ...(tokens.length > 0 && { customerTokens: tokens }),
    version,
  };
}

/** Cancels an invoice unless it is paid (50), being paid (51) or closed already (95) (PROTOCOL 4.6). */
export function cancelInvoice(
  world: World,
  terminal: Terminal,
  { invoiceReference }: CancelInvoiceRequest,
): Outcome<object> {
  const stored = invoiceOf(world, terminal, invoiceReference);
  if (stored instanceof Refusal) return stored;
  if (move(world, stored, "cancel")) return {};
  switch (stored.stage) {
    case "paid":
    case "acknowledged":
      return new Refusal(50, "the invoice is paid");
    case "paying":
      return new Refusal(51, "the shopper is paying right now");
    default:
      return new Refusal(95, `the invoice is ${stored.stage}`);
  }
}

/** Commits a reservation, in full or in part (PROTOCOL 2.5, 4.5). */
export function commitReservation(
  world: World,
  terminal: Terminal,
  { amount, invoiceReference }: CommitReservationRequest,
): Outcome<object> {
  const stored = invoiceOf(world, terminal, invoiceReference);
  if (stored instanceof Refusal) return stored;
  if (stored.stage !== "reserved") return new Refusal(96, `the invoice is ${stored.stage}`);
  const invoice = { ...stored.invoice, ...(amount && { totalAmount: amount }) };
  const refusal = refuseInvoice(invoice, terminal.currency);
  if (refusal) return refusal;
  const value = hundredths(invoice.totalAmount) ?? 0n;
  if (value > (hundredths(stored.reserved) ?? 0n) && !world.settings.commitAboveReservation) {
    return new Refusal(11, `only ${stored.reserved?.value ?? "0.00"} is reserved`);
  }
  takePayment(world, stored, { ...invoice, totalAmount: tidy(terminal.currency, value) });
  move(world, stored, "commit");
  return {};
}

/** Finds an invoice of this terminal; otherwise 54. */
function invoiceOf(
  { state }: World,
  terminal: Terminal,
  reference: string | undefined,
): Outcome<StoredInvoice> {
  const stored = reference === undefined ? undefined : state.invoices.get(reference.trim());
  if (stored?.terminalId === terminal.id) return stored;
  return new Refusal(54, `the terminal has no invoice "${reference ?? ""}"`);
}

function refuseContent(
  { settings }: World,
  terminal: Terminal,
  invoice: Invoice | undefined,
  tokens: CustomerToken[],
): Refusal | undefined {
  const refusal = refuseInvoice(invoice, terminal.currency);
  if (refusal || !settings.strict || !invoice) return refusal;
  return refuseIncomplete(invoice) ?? refuseTokens(tokens);
}

/** Status for the emulated interface: an older one has no EXPIRED (PROTOCOL 1.5, 14). */
function shownStatus({ settings }: World, { stage }: StoredInvoice): string {
  return stage === "expired" && settings.emulate !== "2.10" ? STATUS.cancelled : STATUS[stage];
}

/** Cancels an unpaid invoice of the till, unless its payment is executing (PROTOCOL 14). */
function replaceCurrent(world: World, terminal: Terminal): void {
  const current = world.state.invoices.get(terminal.currentInvoice ?? "");
  if (current) move(world, current, "withdraw");
}

/** Applies the merchant's answer to offered tokens, and cards swiped at the till (PROTOCOL 7). */
function withVerdicts(known: readonly CustomerToken[], sent: readonly CustomerToken[]): CustomerToken[] {
  const isSame = (a: CustomerToken, b: CustomerToken): boolean => a.id === b.id && a.value === b.value;
  const judged = known.map((token) => ({ ...token, ...sent.find((other) => isSame(token, other)) }));
  return [...judged, ...sent.filter((token) => !known.some((other) => isSame(token, other)))];
}
