import { SeqrInputError } from "./errors";
import type { OperationName } from "./messages";
import { compare, MAX_AMOUNT_LENGTH, sum, toHundredths } from "./money";
import type { Amount, Invoice, InvoiceRow } from "./types";

/** What sendInvoice and updateInvoice are given: the documented-required fields, and the rest as wanted. */
export type InvoiceInput = Omit<Invoice, "title" | "clientInvoiceId" | "totalAmount" | "cashierId" | "footer"> &
  Required<Pick<Invoice, "title" | "clientInvoiceId" | "totalAmount" | "cashierId" | "footer">>;

/**
 * Checks an invoice against the documented limits before it is sent (PROTOCOL 11, 14).
 *
 * @throws {SeqrInputError} naming the field
 */
export function checkInvoice(invoice: InvoiceInput, operation: OperationName): void {
  const fail = (detail: string): never => {
    throw new SeqrInputError(detail, operation);
  };
  for (const name of ["title", "clientInvoiceId"] as const) {
    if (!invoice[name].trim()) fail(`${name} is empty`);
  }
  checkTotal(invoice.totalAmount, operation);
  for (const name of ["notificationUrl", "backURL"] as const) {
    const url = invoice[name];
    if (url !== undefined && !isHttpUrl(url) && !(name === "backURL" && URL.canParse(url))) {
      fail(`${name} must be an http or https address`);
    }
  }
  const rows = invoice.invoiceRows;
  if (rows === undefined) return;
  rows.forEach((row, index) => checkRow(row, index, invoice.totalAmount.currency, fail));
  const added = sum(rows.map((row) => row.itemTotalAmount?.value ?? "0"));
  if (compare(added, invoice.totalAmount.value) !== 0) {
    fail(`the rows add up to ${added}, the total is ${invoice.totalAmount.value}`);
  }
}

/**
 * A total to charge or refund: above zero, at most two decimals, at most 18 characters, an ISO 4217 currency.
 *
 * @throws {SeqrInputError} naming what is wrong
 */
export function checkTotal({ currency, value }: Amount, operation: OperationName): void {
  checkAmount({ currency, value }, "totalAmount", (detail) => {
    throw new SeqrInputError(detail, operation);
  });
  if (toHundredths(value) <= 0n) throw new SeqrInputError(`totalAmount must be above zero, not ${value}`, operation);
}

function checkRow(row: InvoiceRow, index: number, currency: string, fail: (detail: string) => void): void {
  const where = `invoiceRows[${index}]`;
  const { itemQuantity, itemTotalAmount } = row;
  if (itemQuantity === undefined || !(Number(itemQuantity) >= 1)) fail(`${where}.itemQuantity must be 1 or more`);
  if (itemTotalAmount === undefined) return fail(`${where}.itemTotalAmount is missing`);
  for (const name of ["itemTotalAmount", "itemUnitPrice", "itemDiscount"] as const) {
    const amount = row[name];
    if (amount === undefined) continue;
    checkAmount(amount, `${where}.${name}`, fail);
    if (amount.currency !== currency) fail(`${where}.${name} is in ${amount.currency}, the total in ${currency}`);
  }
}

function checkAmount({ currency, value }: Amount, where: string, fail: (detail: string) => void): void {
  if (!/^[A-Z]{3}$/.test(currency)) fail(`${where}.currency must be three capitals (ISO 4217), not "${currency}"`);
  if (value.length > MAX_AMOUNT_LENGTH) fail(`${where}.value is longer than ${MAX_AMOUNT_LENGTH} characters`);
  try {
    toHundredths(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    fail(`${where}.value: ${error.message}`);
  }
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
