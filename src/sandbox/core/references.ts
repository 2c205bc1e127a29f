import { localTime } from "./local-time";
import type { StoredInvoice } from "./state";
import type { World } from "./world";

/** An invoice reference: 17 digits that begin with the date, as SEQR's newer ones do (PROTOCOL 2.1). */
export function newInvoiceReference({ state, clock, ids }: World): string {
  const date = localTime(clock.now()).digits.slice(0, 8);
  let reference: string;
  do reference = date + ids.digits(9);
  while (state.invoices.has(reference));
  return reference;
}

/** An ersReference: 25 digits of local time, `01`, and a counter (PROTOCOL 3.11). */
export function newErsReference({ state, clock }: World): string {
  state.lastErsReference += 1;
  return `${localTime(clock.now()).digits}01${String(state.lastErsReference % 1_000_000).padStart(6, "0")}`;
}

/** The text of an invoice's QR code (PROTOCOL 5.3). */
export function invoiceQRCode({ settings }: World, reference: string): string {
  return `${settings.qrHost}/R${reference}`;
}

/**
 * Finds the invoice of a text: a reference, the text of an invoice's QR code or its link, or a till's static code
 * (`…/Q<seqrId>`), which leads to the till's current invoice.
 */
export function findInvoice({ state }: World, text: string): StoredInvoice | undefined {
  const found = state.invoices.get(text.trim());
  if (found) return found;
  const [, family, id] = /(?:^|\/)([RQ])([A-Za-z0-9]+)\s*$/i.exec(text) ?? [];
  if (!family || !id) return undefined;
  if (family.toUpperCase() === "R") return state.invoices.get(id);
  const till = [...state.terminals.values()].find(({ seqrId }) => seqrId === id);
  return till?.currentInvoice === undefined ? undefined : state.invoices.get(till.currentInvoice);
}
