import { createHash } from "node:crypto";
import { fromHundredths, type Answer, type Invoice, type Receipt } from "../../seqr";
import type { RefundPaymentRequest } from "../../seqr/operations/refund-payment";
import type { SubmitPaymentReceiptRequest } from "../../seqr/operations/submit-payment-receipt";
import { hundredths, tidy } from "./amounts";
import { refuseInvoice } from "./invoice-content";
import { localTime } from "./local-time";
import { move } from "./move";
import { Refusal, type Outcome } from "./refusal";
import { newErsReference } from "./references";
import type { StoredInvoice, Terminal, Transaction } from "./state";
import type { World } from "./world";

/** Records the payment of an invoice. */
export function takePayment(world: World, stored: StoredInvoice, invoice: Invoice = stored.invoice): void {
  const { reference, terminalId, resellerId } = stored;
  const payment = note(
    world,
    { kind: "payment", invoiceReference: reference, terminalId, resellerId },
    invoice,
  );
  stored.payment = payment.ersReference;
}

/** Refunds a payment, any number of times up to its amount (PROTOCOL 2.7, 4.8). */
export function refundPayment(
  world: World,
  terminal: Terminal,
  { ersReference, invoice }: RefundPaymentRequest,
): Outcome<Answer> {
  const payment = transactionOf(world, terminal, ersReference);
  if (payment instanceof Refusal) return payment;
  if (payment.kind === "refund") return new Refusal(23, "this is a refund, not a payment");
  if (payment.reversed) return new Refusal(23, "the payment was reversed");
  const refusal = refuseInvoice(invoice, payment.amount.currency);
  if (refusal || !invoice) return refusal ?? new Refusal(49, "there is no invoice");
  if (world.settings.refunds === "forbidden-to-shop")
    return new Refusal(97, "refunds are switched off for the shop");
  if (world.settings.refunds === "forbidden-by-account")
    return new Refusal(99, "the shopper's account takes none");
  const refunded = BigInt(payment.refunded) + (hundredths(invoice.totalAmount) ?? 0n);
  if (refunded > (hundredths(payment.amount) ?? 0n)) {
    const rest = (hundredths(payment.amount) ?? 0n) - BigInt(payment.refunded);
    return new Refusal(98, `only ${fromHundredths(rest)} is left to refund`);
  }
  payment.refunded = refunded.toString();
  acknowledge(world, payment);
  const { invoiceReference } = payment;
  const { id: terminalId, resellerId } = terminal;
  const refund = note(
    world,
    { kind: "refund", refundOf: payment.ersReference, invoiceReference, terminalId, resellerId },
    invoice,
  );
  return { ersReference: refund.ersReference };
}

/** Acknowledges a payment that is refunded, so that it is not reversed as well. */
function acknowledge(world: World, { invoiceReference }: Transaction): void {
  const invoice = world.state.invoices.get(invoiceReference);
  if (invoice) move(world, invoice, "acknowledge");
}

/** Keeps the merchant's receipt for a payment or a refund (PROTOCOL 2.6). */
export function submitPaymentReceipt(
  world: World,
  terminal: Terminal,
  { ersReference, receiptDocument }: SubmitPaymentReceiptRequest,
): Outcome<object> {
  const transaction = transactionOf(world, terminal, ersReference);
  if (transaction instanceof Refusal) return transaction;
  if (!receiptDocument && world.settings.strict) return new Refusal(49, "receiptDocument is missing");
  const { mimeType, receiptType, receiptData = new Uint8Array() } = receiptDocument ?? {};
  transaction.receipts.push({
    at: world.clock.now(),
    ...(mimeType !== undefined && { mimeType }),
    ...(receiptType !== undefined && { receiptType }),
    data: Buffer.from(receiptData).toString("base64"),
  });
  world.changed();
  return {};
}

/** SEQR's receipt of a payment (PROTOCOL 3.7). */
export function receiptOf({ state, settings }: World, payment: Transaction): Receipt {
  const { invoice, ersReference, terminalId, invoiceReference } = payment;
  return {
    terminalId,
    paymentDate: localTime(payment.at).dateTime,
    ...(invoice.clientInvoiceId !== undefined && { clientInvoiceId: invoice.clientInvoiceId }),
    invoiceReference,
    paymentReference: ersReference,
    payerTerminalId: createHash("md5").update(settings.shopper.msisdn).digest("hex"),
    receiverName: state.terminals.get(terminalId)?.name ?? "",
    invoice,
  };
}

function note(
  world: World,
  origin: Pick<Transaction, "kind" | "refundOf" | "invoiceReference" | "terminalId" | "resellerId">,
  invoice: Invoice,
): Transaction {
  const { state, clock } = world;
  const { totalAmount, cashierId } = invoice;
  state.lastTransaction += 1;
  const transaction: Transaction = {
    ...origin,
    ersReference: newErsReference(world),
    number: state.lastTransaction,
    at: clock.now(),
    amount: tidy(totalAmount?.currency ?? "", hundredths(totalAmount) ?? 0n),
    ...(cashierId !== undefined && { cashierId }),
    refunded: "0",
    reversed: false,
    invoice,
    receipts: [],
  };
  state.transactions.set(transaction.ersReference, transaction);
  world.changed();
  return transaction;
}

/** Finds a payment or refund of this terminal's shop; otherwise 23. */
function transactionOf(
  { state }: World,
  terminal: Terminal,
  reference: string | undefined,
): Outcome<Transaction> {
  const transaction = reference === undefined ? undefined : state.transactions.get(reference.trim());
  if (transaction?.resellerId === terminal.resellerId) return transaction;
  return new Refusal(23, `the shop has no payment "${reference ?? ""}"`);
}
