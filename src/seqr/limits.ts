import { SeqrInputError } from "./errors";
import { compare, MAX_AMOUNT_LENGTH, sum, toHundredths } from "./money";
import { decimal } from "./wire/schema";
import type { Amount, CustomerToken, Invoice, InvoiceRow } from "./types";

/** Input of sendInvoice and updateInvoice: the fields that the documentation requires, and any others. */
export type InvoiceInput = Omit<
  Invoice,
  "title" | "clientInvoiceId" | "totalAmount" | "cashierId" | "footer"
> &
  Required<Pick<Invoice, "title" | "clientInvoiceId" | "totalAmount" | "cashierId" | "footer">>;

/** Input of refundPayment; `totalAmount` is the amount to refund (PROTOCOL 2.7). */
export type RefundInvoiceInput = Pick<Invoice, "clientInvoiceId" | "invoiceRows" | "footer"> &
  Required<Pick<Invoice, "title" | "cashierId" | "totalAmount">>;

/** Characters. SEQR accepts a terminal with a shorter password and then refuses all its requests (PROTOCOL 11). */
export const MIN_PASSWORD_LENGTH = 4;

/** Letters and digits. A longer SEQR id does not fit the printed code (PROTOCOL 11). */
export const MAX_SEQR_ID_LENGTH = 34;

type Fail = (detail: string) => never;

/**
 * Checks an invoice against the documented limits before it is sent (PROTOCOL 11, 14).
 *
 * @throws {SeqrInputError} naming the field
 */
export function checkInvoice(invoice: InvoiceInput, operation: string): void {
  const fail = failing(operation);
  for (const name of ["title", "clientInvoiceId"] as const) {
    if (!invoice[name].trim()) fail(`${name} is empty`);
  }
  checkTotal(invoice.totalAmount, operation);
  checkRows(invoice, fail);
  const { issueDate, notificationUrl, backURL, commitReservationTimeout } = invoice;
  if (
    issueDate !== undefined &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.test(issueDate)
  ) {
    fail("issueDate must be a date and time such as 2015-12-25T12:34:56Z");
  }
  if (notificationUrl !== undefined && !isHttpUrl(notificationUrl)) {
    fail("notificationUrl must be an http or https address");
  }
  if (backURL !== undefined && !URL.canParse(backURL)) fail("backURL must be an address");
  if (
    commitReservationTimeout !== undefined &&
    !(commitReservationTimeout > 0 && isWhole(commitReservationTimeout))
  ) {
    fail("commitReservationTimeout must be whole seconds above zero");
  }
}

/**
 * Checks a refund like an invoice: an amount above zero, rows that add up if there are any.
 *
 * @throws {SeqrInputError} naming the field
 */
export function checkRefund(invoice: RefundInvoiceInput, operation: string): void {
  checkTotal(invoice.totalAmount, operation);
  checkRows(invoice, failing(operation));
}

/**
 * Checks a total to charge or refund: above zero, at most two decimals, at most 18 characters, an ISO 4217 currency.
 *
 * @param name the field that the error names
 * @throws {SeqrInputError} naming what is wrong
 */
export function checkTotal(total: Amount, operation: string, name = "totalAmount"): void {
  const fail = failing(operation);
  checkAmount(total, name, fail);
  if (toHundredths(total.value) <= 0n) fail(`${name} must be above zero, not ${total.value}`);
}

/**
 * Checks that customer tokens have the four documented fields (PROTOCOL 3.6).
 *
 * @throws {SeqrInputError} naming the field
 */
export function checkTokens(tokens: CustomerToken[], operation: string): void {
  const fail = failing(operation);
  tokens.forEach((token, index) => {
    for (const name of ["description", "id", "status", "value"] as const) {
      if (token[name] === undefined) fail(`tokens[${index}].${name} is missing`);
    }
    if (!isWhole(token.status)) fail(`tokens[${index}].status must be a whole number`);
  });
}

/** Whether the value is a whole number of 32 bits, as the wire's integers are. */
export function isWhole(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
}

function checkRows(
  { invoiceRows: rows, totalAmount }: Pick<InvoiceInput, "invoiceRows" | "totalAmount">,
  fail: Fail,
): void {
  if (rows === undefined) return;
  rows.forEach((row, index) => checkRow(row, `invoiceRows[${index}]`, totalAmount.currency, fail));
  const added = sum(rows.map((row) => row.itemTotalAmount?.value ?? "0"));
  if (compare(added, totalAmount.value) !== 0) {
    fail(`the rows add up to ${added}, the total is ${totalAmount.value}`);
  }
}

function checkRow(row: InvoiceRow, where: string, currency: string, fail: Fail): void {
  for (const name of ["itemQuantity", "itemTaxRate"] as const) {
    const value = row[name];
    if (value !== undefined && decimal.parse(value) === undefined)
      fail(`${where}.${name} must be a decimal number`);
  }
  if (!(Number(row.itemQuantity) >= 1)) fail(`${where}.itemQuantity must be 1 or more`);
  if (row.itemTotalAmount === undefined) fail(`${where}.itemTotalAmount is missing`);
  for (const name of ["itemTotalAmount", "itemUnitPrice", "itemDiscount"] as const) {
    const amount = row[name];
    if (amount === undefined) continue;
    checkAmount(amount, `${where}.${name}`, fail);
    if (amount.currency !== currency)
      fail(`${where}.${name} is in ${amount.currency}, the total in ${currency}`);
  }
}

function checkAmount({ currency, value }: Amount, where: string, fail: Fail): void {
  if (!/^[A-Z]{3}$/.test(currency))
    fail(`${where}.currency must be three capitals (ISO 4217), not "${currency}"`);
  if (value.length > MAX_AMOUNT_LENGTH) fail(`${where}.value is longer than ${MAX_AMOUNT_LENGTH} characters`);
  try {
    toHundredths(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    fail(`${where}.value: ${error.message}`);
  }
}

function failing(operation: string): Fail {
  return (detail) => {
    throw new SeqrInputError(detail, operation);
  };
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
