// An order and how it was paid.
import { byId, el } from "./dom.js";
import { guarded, showCountNow } from "./frame.js";
import { money } from "./money.js";
import { SEQR } from "./payment.js";
import { store } from "./store.js";
import { amounts, itemList, totals } from "./summary.js";

const FIELDS =
  "fields=*items,*shipping_methods,*shipping_address,*payment_collections,*payment_collections.payments";

await guarded(show);
await showCountNow();

async function show() {
  const id = new URLSearchParams(window.location.search).get("order");
  if (id === null)
    return byId("receipt").replaceChildren(el("p", {}, "Which order? The address names none."));
  const { order } = await store("GET", `/orders/${encodeURIComponent(id)}?${FIELDS}`);
  document.title = `Order ${order.display_id} · Nordic Goods`;
  return byId("receipt").replaceChildren(
    el("h1", { tabindex: "-1", id: "title" }, `Thank you for order ${order.display_id}`),
    el(
      "p",
      {},
      `${order.shipping_address.first_name}, we send it to ${place(order)} and write to ${order.email}.`,
    ),
    el(
      "div",
      { class: "columns" },
      el("section", {}, el("h2", {}, "Your order"), itemList(order), totals(order)),
      payment(order),
    ),
    el("p", { class: "actions" }, el("a", { class: "button", href: "/" }, "Back to the goods")),
  );
}

function place({ shipping_address: { address_1, postal_code, city } }) {
  return `${address_1}, ${postal_code} ${city}`;
}

function payment({ payment_collections, currency_code }) {
  const [collection] = payment_collections;
  const paid = collection.payments?.find(({ canceled_at }) => !canceled_at);
  const isSeqr = paid?.provider_id === SEQR;
  const data = isSeqr ? paid.data : {};
  const refunded = collection.refunded_amount > 0;
  const rows = [
    ["Paid with", isSeqr ? "SEQR" : "Manual payment"],
    ["Amount", money(collection.amount, currency_code)],
    ...(isSeqr
      ? [
          ["SEQR reference", data.ers_reference],
          ["Invoice", data.invoice_reference],
        ]
      : []),
    ...(refunded ? [["Refunded", money(collection.refunded_amount, currency_code)]] : []),
    ...(refunded && data.refund_reference ? [["Reference of the refund", data.refund_reference]] : []),
  ];
  return el("section", { id: "payment" }, el("h2", {}, "Payment"), amounts(rows));
}
