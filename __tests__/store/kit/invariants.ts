import type { TestStore } from "./store";

/** Something that must never be, in words. */
export interface Violation {
  cartId: string | null;
  what: string;
}

interface Invoice {
  id: string;
  session_id: string;
  cart_id: string | null;
  invoice_reference: string | null;
  ers_reference: string | null;
  completed_at: Date | null;
  state: string;
  problem: string | null;
  due_at: Date | null;
  expires_at: Date;
}
interface Payment {
  id: string;
  payment_session_id: string;
  amount: string;
  captures: number;
  captured: string;
  refunded: string;
}
interface Order {
  id: string;
  cart_id: string;
  status: string;
  total: string;
  payments: number;
  entered: string;
  entries: number;
  /** What was given back, and what is still to be paid. */
  returned: string;
  pending: string;
}
interface Refund {
  invoice_id: string;
  amount: string;
  state: string;
  idempotency_key: string;
  refund_reference: string | null;
}

/** Final states of an invoice in which SEQR has no money for it. */
const WITHOUT_MONEY = ["canceled", "expired", "failed", "not_issued", "lapsed"];

/**
 * Compares what SEQR has with what Medusa and the ledger say. To be asked when everything has come to rest: work that
 * is still going on is a violation too, unless the ledger shows it to a person.
 *
 * @param carts only what belongs to these; left out, everything
 * @param inOrders whether the orders' own books are compared: core itself writes too much there when an order is refunded
 * and cancelled at once
 */
export async function violations(
  { sql, sandbox }: Pick<TestStore, "sql" | "sandbox">,
  carts?: readonly string[],
  { inOrders = true } = {},
): Promise<Violation[]> {
  const found: Violation[] = [];
  const all = await sql<Invoice>("select * from seqr_invoice where deleted_at is null");
  const invoices = carts ? all.filter(({ cart_id }) => cart_id !== null && carts.includes(cart_id)) : all;
  const ledgerRefunds = await sql<Refund>("select * from seqr_refund where deleted_at is null");
  const receipts = await sql<{ ers_reference: string }>("select ers_reference from seqr_receipt");
  const payments = await sql<Payment>(`
    select p.id, p.payment_session_id, p.amount::text,
      (select count(*)::int from capture c where c.payment_id = p.id and c.deleted_at is null) as captures,
      (select coalesce(sum(amount), 0)::text from capture c where c.payment_id = p.id and c.deleted_at is null) as captured,
      (select coalesce(sum(amount), 0)::text from refund r where r.payment_id = p.id and r.deleted_at is null) as refunded
    from payment p
    where p.provider_id = 'pp_seqr_seqr' and p.deleted_at is null and p.canceled_at is null`);
  const orders = await sql<Order>(`
    select oc.order_id as id, oc.cart_id, o.status,
      (select s.totals->>'original_order_total' from order_summary s
       where s.order_id = o.id and s.deleted_at is null order by s.version limit 1) as total,
      (select count(*)::int from order_payment_collection opc
       join payment p on p.payment_collection_id = opc.payment_collection_id
       where opc.order_id = o.id and opc.deleted_at is null and p.deleted_at is null and p.canceled_at is null) as payments,
      (select coalesce(sum(amount), 0)::text from order_transaction t
       where t.order_id = o.id and t.reference = 'capture' and t.deleted_at is null) as entered,
      (select count(*)::int from order_transaction t
       where t.order_id = o.id and t.reference = 'capture' and t.deleted_at is null) as entries,
      (select coalesce(-sum(amount), 0)::text from order_transaction t
       where t.order_id = o.id and t.reference = 'refund' and t.deleted_at is null) as returned,
      (select s.totals->>'pending_difference' from order_summary s
       where s.order_id = o.id and s.deleted_at is null order by s.version desc limit 1) as pending
    from order_cart oc join "order" o on o.id = oc.order_id
    where oc.deleted_at is null and o.deleted_at is null`);
  // Also orders that only their payments are linked to.
  const doubles = await sql<{ cart_id: string; orders: number }>(`
    select cpc.cart_id, count(distinct o.id)::int as orders
    from cart_payment_collection cpc
    join order_payment_collection opc on opc.payment_collection_id = cpc.payment_collection_id
    join "order" o on o.id = opc.order_id
    where cpc.deleted_at is null and opc.deleted_at is null and o.deleted_at is null and o.status <> 'canceled'
    group by cpc.cart_id having count(distinct o.id) > 1`);
  const atSeqr = sandbox.core.transactions();

  if (!carts) {
    for (const { kind, reversed, invoiceReference } of atSeqr) {
      if (kind !== "payment" || reversed) continue;
      if (!all.some(({ invoice_reference }) => invoice_reference === invoiceReference)) {
        found.push({
          cartId: null,
          what: `SEQR has money for ${invoiceReference}, which the ledger does not know`,
        });
      }
    }
  }

  for (const invoice of invoices) {
    const { cart_id: cartId, invoice_reference: reference, state, problem } = invoice;
    const say = (what: string): void => {
      found.push({ cartId, what: `invoice ${reference ?? invoice.id} (${state}): ${what}` });
    };
    const paid = atSeqr.filter(
      ({ kind, reversed, invoiceReference }) =>
        kind === "payment" && !reversed && invoiceReference === reference,
    );
    const [money] = paid;
    const sum = hundredths(money?.amount.value ?? 0);
    const returned = atSeqr
      .filter(({ kind, refundOf }) => kind === "refund" && refundOf === money?.ersReference)
      .reduce((total, { amount }) => total + hundredths(amount.value), 0);
    const ownRefunds = ledgerRefunds.filter(({ invoice_id }) => invoice_id === invoice.id);
    const known = ownRefunds
      .filter((refund) => refund.state === "done")
      .reduce((total, { amount }) => total + hundredths(amount), 0);
    const unclear = ownRefunds.some((refund) => refund.state === "requested" || refund.state === "unknown");
    const forPerson = unclear || (state === "refunding" && problem !== null && invoice.due_at === null);
    const own = payments.filter(({ payment_session_id }) => payment_session_id === invoice.session_id);
    const [payment] = own;
    const itsOrders = orders.filter(({ cart_id }) => cart_id === cartId);

    if (known !== returned && !unclear)
      say(`the ledger knows of refunds of ${crowns(known)}, SEQR made ${crowns(returned)}`);
    const needsReceipt = [
      ...(invoice.completed_at ? [invoice.ers_reference] : []),
      ...ownRefunds.filter((refund) => refund.state === "done").map((refund) => refund.refund_reference),
    ];
    for (const wanted of needsReceipt) {
      if (wanted !== null && !receipts.some(({ ers_reference }) => ers_reference === wanted))
        say(`SEQR gets no receipt of ${wanted}`);
    }
    if (own.length > 1) say(`Medusa has ${own.length} payments for it`);

    if (!money) {
      if (payment) say(`Medusa has payment ${payment.id}, SEQR has no money`);
      if (!WITHOUT_MONEY.includes(state)) {
        if (state !== "open" || invoice.expires_at < new Date()) say("is not brought to an end");
      }
    } else if (payment) {
      if (hundredths(payment.amount) !== sum)
        say(`SEQR has ${crowns(sum)}, Medusa's payment is ${payment.amount}`);
      if (payment.captures !== 1 || hundredths(payment.captured) !== sum)
        say(`${payment.captures} captures with ${payment.captured} for ${crowns(sum)}`);
      if (hundredths(payment.refunded) !== returned && !unclear)
        say(`Medusa refunded ${payment.refunded}, SEQR ${crowns(returned)}`);
      if (
        ownRefunds.some(
          ({ idempotency_key, state }) => idempotency_key.startsWith("refund-") && state === "done",
        )
      )
        say("its money went back although Medusa has its payment");
      const isRefundedAtSeqr = returned === sum && itsOrders.every((order) => order.status === "canceled");
      if (state !== "completed" && !(state === "refunded" && isRefundedAtSeqr))
        say("Medusa has its payment, it is not processed");
      const [order] = itsOrders;
      if (!order) say("Medusa has its payment but no order");
      else {
        if (hundredths(order.total) !== sum)
          say(`its order is over ${order.total}, the payment over ${crowns(sum)}`);
        if (order.entries !== 1 || hundredths(order.entered) !== sum)
          say(`its order has ${order.entries} entries with ${order.entered} for ${crowns(sum)}`);
        const isSure = inOrders && !unclear;
        if (hundredths(order.returned) !== returned && isSure)
          say(`its order returned ${order.returned}, SEQR ${crowns(returned)}`);
        if (hundredths(order.pending) !== 0 && isSure) say(`its order has ${order.pending} to be paid`);
      }
    } else if (!forPerson) {
      if (returned !== sum)
        say(`SEQR has ${crowns(sum)} and returned ${crowns(returned)}; Medusa has no payment`);
      else if (state !== "refunded") say("all its money went back, it is not returned");
    }

    const status = reference === null ? undefined : sandbox.core.invoice(reference)?.status;
    if (status === "ISSUED" && (state !== "open" || invoice.expires_at < new Date()))
      say("is still payable at SEQR");
  }

  for (const { cart_id: cartId, orders } of doubles) {
    if (!carts || carts.includes(cartId)) found.push({ cartId, what: `${orders} orders for one payment` });
  }

  const ofCarts = new Set(invoices.map(({ cart_id }) => cart_id));
  for (const cartId of ofCarts) {
    const placed = orders.filter(({ cart_id, status }) => cart_id === cartId && status !== "canceled");
    if (placed.length > 1) found.push({ cartId, what: `${placed.length} orders for one cart` });
    for (const { id, payments } of placed) {
      if (payments === 0) found.push({ cartId, what: `order ${id} is placed without a payment` });
      if (payments > 1) found.push({ cartId, what: `order ${id} is paid ${payments} times` });
    }
  }
  return found;
}

function hundredths(amount: string | number): number {
  return Math.round(Number(amount) * 100);
}

function crowns(value: number): string {
  return (value / 100).toFixed(2);
}
