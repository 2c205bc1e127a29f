import { randomUUID } from "node:crypto";
import type { MedusaError } from "@medusajs/framework/utils";
import { compare, SeqrError, type InvoiceRow } from "../../../seqr";
import { after, sleep } from "../../../clock";
import type { OperationContext } from "./operation-context";
import { providerOf, type Terminal } from "./terminals";
import { SENDING_TIME_LIMIT } from "../invoice/time-limits";
import type { InvoiceRecord } from "../ledger/ledger";
import { seqrError } from "../../../errors/error-codes";
import { toMedusaError } from "../../../errors/seqr-errors";
import { hashToken, newToken } from "../invoice/tokens";
import { cancelInvoice } from "./cancel-invoice";
import { invoiceInput } from "./invoice-input";
import { takeTransition } from "./take-transition";

/** The content of an invoice. */
export interface IssueInput {
  /** Name of the terminal that makes it; undefined in a store with one terminal. */
  terminal: string | undefined;
  sessionId: string;
  paymentCollectionId: string;
  cartId: string | null;
  /** Decimal string. */
  amount: string;
  /** ISO 4217, any case. */
  currencyCode: string;
  rows: InvoiceRow[];
}

/** An issued invoice, and the shopper's token, of which the ledger keeps only the hash. */
export interface IssuedInvoice {
  invoice: InvoiceRecord;
  token: string;
}

/** Attempts to cancel the purchase's earlier invoice, or to wait until it is sent. */
const ATTEMPTS = 5;
/** Milliseconds between two attempts. */
const ATTEMPT_INTERVAL = 400;

/**
 * Sends an invoice to SEQR. An earlier live invoice of the same purchase is cancelled at SEQR first, so that a purchase never
 * has two payable codes. The intent is recorded before the call, so that a crash cannot leave an unknown invoice.
 *
 * @throws {MedusaError} SEQR_TERMINAL_RETIRED, SEQR_CURRENCY, SEQR_AMOUNT, SEQR_NOTHING_TO_PAY, SEQR_PAYMENT_IN_PROGRESS, SEQR_NOT_CANCELED, SEQR_BUSY,
 * SEQR_TERMINAL_UNKNOWN when another terminal's code is open that the options name no longer, or the client's code when SEQR cannot be reached or refuses
 */
export async function issueInvoice(context: OperationContext, input: IssueInput): Promise<IssuedInvoice> {
  const currency = input.currencyCode.toUpperCase();
  const terminal = context.terminals.named(input.terminal);
  if (terminal.options.retired) throw seqrError("SEQR_TERMINAL_RETIRED", `It is "${terminal.name}".`);
  if (!terminal.options.currencies.includes(currency)) throw otherCurrency(context, terminal, currency);
  if (compare(input.amount, "0") <= 0) throw seqrError("SEQR_AMOUNT", `It is ${input.amount}.`);

  const token = newToken();
  const notificationToken = newToken();
  const record = await recordIntent(
    context,
    terminal,
    { ...input, currencyCode: currency },
    token,
    notificationToken,
  );
  return { invoice: await send(context, terminal, record, input.rows, token, notificationToken), token };
}

/** Says which currencies the terminal takes, and which other terminals take this one. */
function otherCurrency(
  { terminals }: OperationContext,
  { options }: Terminal,
  currency: string,
): MedusaError {
  const others = terminals.sold.filter((one) => one.options.currencies.includes(currency)).map(providerOf);
  const detail = [
    `It is ${currency}; the terminal takes ${options.currencies.join(", ")}.`,
    ...(others.length > 0 ? [`These payment providers take it: ${others.join(", ")}.`] : []),
  ];
  return seqrError("SEQR_CURRENCY", detail.join(" "));
}

async function recordIntent(
  context: OperationContext,
  { name, options }: Terminal,
  input: IssueInput,
  token: string,
  notificationToken: string,
): Promise<InvoiceRecord> {
  const { ledger, clock } = context;
  if (await ledger.find({ session_id: input.sessionId })) throw seqrError("SEQR_BUSY");
  const earlier = await ledger.invoicesOf([input.paymentCollectionId]);
  if (earlier.some(({ completed_at }) => completed_at !== null)) throw seqrError("SEQR_NOTHING_TO_PAY");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await supersede(context, input.paymentCollectionId);
    const now = clock.now();
    const record = await ledger.insert({
      session_id: input.sessionId,
      payment_collection_id: input.paymentCollectionId,
      cart_id: input.cartId,
      token_hash: hashToken(token) ?? "",
      notification_token_hash: hashToken(notificationToken) ?? "",
      terminal: name,
      terminal_id: options.terminalId,
      client_invoice_id: randomUUID().replaceAll("-", ""),
      amount: input.amount,
      currency_code: input.currencyCode,
      reservation_time: options.capture === "manual" ? options.reservationTime : null,
      state_since: now,
      expires_at: after(now, options.lifetime * 1_000),
      due_at: after(now, SENDING_TIME_LIMIT),
    });
    if (record) return record;
  }
  throw seqrError("SEQR_BUSY");
}

/** Cancels the purchase's live invoice, or waits while it is being sent. */
async function supersede(context: OperationContext, paymentCollectionId: string): Promise<void> {
  const live = await context.ledger.findLive(paymentCollectionId);
  if (!live) return;
  if (live.state === "sending") return sleep(context.clock, ATTEMPT_INTERVAL);
  const outcome = await cancelInvoice(context, live, "superseded");
  if (outcome === "paying") throw seqrError("SEQR_PAYMENT_IN_PROGRESS");
  if (outcome === "unknown") context.terminals.of(live);
  if (outcome === "unknown") throw seqrError("SEQR_NOT_CANCELED");
}

async function send(
  context: OperationContext,
  { client, options }: Terminal,
  record: InvoiceRecord,
  rows: InvoiceRow[],
  token: string,
  notificationToken: string,
): Promise<InvoiceRecord> {
  try {
    const sent = await client.sendInvoice({
      ...invoiceInput(options, record, rows),
      notificationUrl: `${options.backendUrl}/hooks/seqr/${notificationToken}`,
      backURL: `${options.backendUrl}/seqr/return/${token}`,
    });
    const opened = await takeTransition(context, record, "open", {
      invoice_reference: sent.invoiceReference,
      qr_code: sent.invoiceQRCode,
    });
    // Only the watch can have ended it meanwhile, after the time limit of sending; the code was not shown.
    if (!opened) throw seqrError("SEQR_BUSY");
    return opened;
  } catch (error) {
    const code = error instanceof SeqrError ? error.code : null;
    // Even if SEQR has issued it, no one can scan a code that was never shown (PROTOCOL 2.1).
    await takeTransition(context, record, "not_issued", {
      ...{ reason: "not_sent", problem: code, due_at: null },
    });
    throw toMedusaError(error);
  }
}
