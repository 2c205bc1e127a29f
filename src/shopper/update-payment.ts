import { Modules } from "@medusajs/framework/utils";
import type { BigNumberRawValue, BigNumberValue, MedusaContainer } from "@medusajs/framework/types";
import { decimalString } from "../amounts";
import { seqrError, type ErrorCode } from "../errors/error-codes";
import { queryOf, readRows } from "../medusa/queries";
import { seqrOf } from "../modules/seqr";
import { lockPurchase, type InvoiceRecord } from "../modules/seqr/public";
import type { SessionDataRecord } from "./restart-payment";

interface CartRow {
  currency_code: string;
  raw_total: BigNumberRawValue;
  payment_collection?: {
    id: string;
    payment_sessions?: { id: string; amount: BigNumberValue; data?: SessionDataRecord | null }[] | null;
  } | null;
}

const NOT_UPDATED: ErrorCode = "SEQR_NOT_UPDATED";

/**
 * Changes the amount of a cart's open SEQR payment to the cart's present total. The shopper keeps the same code.
 *
 * @returns the session's data; undefined when the cart has no open SEQR payment, or its amount is right
 * @throws {MedusaError} SEQR_PAYMENT_IN_PROGRESS when the shopper is paying the present amount, which SEQR then does not change;
 * SEQR_NOT_UPDATED when SEQR did not confirm the change, and the code was cancelled; SEQR_AMOUNT, SEQR_BUSY
 */
export async function updatePayment(
  container: MedusaContainer,
  cartId: string,
): Promise<SessionDataRecord | undefined> {
  const cart = await readCart(container, cartId);
  const collection = cart?.payment_collection;
  if (!collection) return undefined;
  const seqr = seqrOf(container);
  const unlock = await lockPurchase(seqr, collection.id);
  try {
    const open = await seqr.ledger.findLive(collection.id);
    const session = collection.payment_sessions?.find(({ id }) => id === open?.session_id);
    if (!open || !session || decimalString(cart.raw_total) === open.amount) return undefined;
    if (open.state !== "open") throw seqrError("SEQR_PAYMENT_IN_PROGRESS");
    return await updateSession(container, { ...cart, payment_collection: collection }, session, open);
  } finally {
    await unlock();
  }
}

async function updateSession(
  container: MedusaContainer,
  cart: CartRow & { payment_collection: { id: string } },
  session: { id: string; data?: SessionDataRecord | null },
  open: InvoiceRecord,
): Promise<SessionDataRecord> {
  const payments = container.resolve(Modules.PAYMENT);
  const { currency_code, raw_total: amount } = cart;
  try {
    const { data } = await payments.updatePaymentSession({
      ...{ id: session.id, data: session.data ?? {}, currency_code, amount },
    });
    // With all its digits: core compares the two exactly, and drops the session when they differ.
    await payments.updatePaymentCollections(cart.payment_collection.id, { amount });
    return data;
  } catch (error) {
    if ((error as { code?: string }).code !== NOT_UPDATED) throw error;
    const now = await seqrOf(container).ledger.find({ id: open.id });
    // SEQR has refused the change, because a phone shows the bill: the invoice stays as it is.
    throw now?.state === "open" ? seqrError("SEQR_PAYMENT_IN_PROGRESS") : error;
  }
}

async function readCart(container: MedusaContainer, id: string): Promise<CartRow | undefined> {
  const [cart] = await readRows<CartRow>(queryOf(container), {
    entity: "cart",
    fields: [
      ...["id", "currency_code", "total", "raw_total", "payment_collection.id"],
      "payment_collection.payment_sessions.*",
    ],
    filters: { id },
  });
  return cart;
}
