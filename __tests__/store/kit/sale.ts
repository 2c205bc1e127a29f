import type { Staff } from "./staff";
import type { TestStore } from "./store";

/** An order that was paid through SEQR. */
export interface Sale {
  orderId: string;
  sessionId: string;
  total: number;
  ersReference: string;
}

/** Has a shopper buy something, and pay it with the phone. */
export async function sell(store: TestStore): Promise<Sale> {
  const shopper = store.shopper();
  const { total } = await shopper.fillCart();
  const session = await shopper.startPayment();
  await store.sandbox.phone.pay(session.data.qr_text);
  const { order, ers_reference } = await shopper.statusBecomes(session, "paid");
  return { orderId: order?.id ?? "", sessionId: session.id, total, ersReference: ers_reference ?? "" };
}

/** What SEQR gave back of a payment, in the order in which it did. */
export function refundsAtSeqr(store: TestStore, ersReference: string) {
  return store.sandbox.core
    .transactions()
    .filter(({ kind, refundOf }) => kind === "refund" && refundOf === ersReference);
}

/** A refund that SEQR makes while the database fails core, which then deletes its row: staff see an error. */
export async function refundThatCoreForgets(
  { sql }: TestStore,
  staff: Staff,
  orderId: string,
  amount: number,
): Promise<void> {
  await refusing(sql, "update on payment", () => staff.refund(orderId, amount));
}

/** What staff do gives money back, and core breaks off before the order's own books have it: staff see an error. */
export async function refundThatTheOrderForgets(
  { sql }: TestStore,
  refund: () => Promise<unknown>,
): Promise<void> {
  await refusing(sql, "insert on order_transaction", refund);
}

async function refusing(sql: TestStore["sql"], what: string, work: () => Promise<unknown>): Promise<void> {
  await sql(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'away'; end $$;
     create trigger refuse before ${what} for each row execute function refuse()`,
  );
  try {
    await expect(work()).rejects.toMatchObject({ status: 500 });
  } finally {
    await sql("drop function refuse cascade");
  }
}
