import {
  fromHundredths,
  type ClientContext,
  type CustomerToken,
  type Invoice,
  type InvoiceRow,
} from "../../seqr";
import { MAX_AMOUNT_LENGTH } from "../../seqr/money";
import { hundredths } from "./amounts";
import { Refusal } from "./refusal";

/**
 * Why an invoice is refused: 49 for its data or currency, 11 for its amount, 64 for its notification address
 * (PROTOCOL 2.1, 14).
 *
 * @param currency of the terminal
 */
export function refuseInvoice(invoice: Invoice | undefined, currency: string): Refusal | undefined {
  if (!invoice) return new Refusal(49, "there is no invoice");
  const total = invoice.totalAmount;
  if (total && total.currency !== currency) {
    return new Refusal(49, `the currency is ${total.currency || "missing"}, the terminal's is ${currency}`);
  }
  const value = hundredths(total);
  if (value === undefined) return new Refusal(11, "the amount has more than two decimals");
  if (value <= 0n) return new Refusal(11, "the amount is not above zero");
  return refuseNotificationUrl(invoice.notificationUrl);
}

function refuseNotificationUrl(url: string | undefined): Refusal | undefined {
  const address = url?.trim();
  if (!address || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))) return undefined;
  return new Refusal(64, "notificationUrl is not an http or https address");
}

/** Documented-required content of the context, and its lengths: code 49 in strict mode (PROTOCOL 3.1, 14). */
export function refuseContext(context: ClientContext | undefined): Refusal | undefined {
  const problem =
    missing("context", context, ["channel", "clientId", "clientReference", "clientRequestTimeout"]) ??
    tooLong("channel", context?.channel, 40) ??
    tooLong("clientComment", context?.clientComment, 80) ??
    tooLong("clientReference", context?.clientReference, 32) ??
    (context?.clientRequestTimeout === 0 ? undefined : "clientRequestTimeout is not 0");
  return problem === undefined ? undefined : new Refusal(49, problem);
}

/** Documented-required content of an invoice, and whether its rows add up: code 49 in strict mode (PROTOCOL 3.3). */
export function refuseIncomplete(invoice: Invoice): Refusal | undefined {
  const problem =
    missing("invoice", invoice, [
      "paymentMode",
      "acknowledgmentMode",
      "issueDate",
      "title",
      "clientInvoiceId",
      "totalAmount",
      "cashierId",
      "footer",
    ]) ??
    tooLong("totalAmount", invoice.totalAmount?.value, MAX_AMOUNT_LENGTH) ??
    problemOfRows(invoice);
  return problem === undefined ? undefined : new Refusal(49, problem);
}

/** Tokens with a status that no document lists: code 49 in strict mode (PROTOCOL 3.6). */
export function refuseTokens(tokens: readonly CustomerToken[]): Refusal | undefined {
  const odd = tokens.find(({ status }) => ![0, 1, 90, 99].includes(status ?? -1));
  return odd && new Refusal(49, `token status ${odd.status ?? "(missing)"} is none of 0, 1, 90, 99`);
}

function problemOfRows({ invoiceRows, totalAmount }: Invoice): string | undefined {
  if (!invoiceRows || invoiceRows.length === 0 || !totalAmount) return undefined;
  for (const [index, row] of invoiceRows.entries()) {
    const problem = problemOfRow(row, totalAmount.currency);
    if (problem) return `invoiceRow ${index + 1}: ${problem}`;
  }
  const added = invoiceRows.reduce(
    (sum, { itemTotalAmount }) => sum + (hundredths(itemTotalAmount) ?? 0n),
    0n,
  );
  if (added === hundredths(totalAmount)) return undefined;
  return `the rows add up to ${fromHundredths(added)}, the total is ${totalAmount.value}`;
}

function problemOfRow(row: InvoiceRow, currency: string): string | undefined {
  const { itemQuantity, itemTotalAmount } = row;
  if (!(Number(itemQuantity) >= 1)) return "itemQuantity is not 1 or more";
  if (!itemTotalAmount) return "itemTotalAmount is missing";
  if (hundredths(itemTotalAmount) === undefined) return "itemTotalAmount has more than two decimals";
  const foreign = [itemTotalAmount, row.itemUnitPrice, row.itemDiscount].find(
    (amount) => amount && amount.currency !== currency,
  );
  return foreign && `an amount is in ${foreign.currency}, the total in ${currency}`;
}

function missing<T extends object>(
  where: string,
  value: T | undefined,
  names: readonly (keyof T & string)[],
): string | undefined {
  if (value === undefined) return `${where} is missing`;
  const name = names.find((name) => value[name] === undefined);
  return name && `${where}/${name} is missing`;
}

function tooLong(name: string, value: string | undefined, limit: number): string | undefined {
  return value !== undefined && value.length > limit
    ? `${name} is longer than ${limit} characters`
    : undefined;
}
