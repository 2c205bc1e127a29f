// What a cart or an order costs.
import { el } from "./dom.js";
import { money } from "./money.js";

/** A list of items, with the amounts of each. */
export function itemList({ items, currency_code }) {
  return el(
    "ul",
    { class: "items" },
    ...items.map((item) =>
      el(
        "li",
        {},
        el("img", { src: `/pictures/${item.product_handle}.svg`, alt: "", width: "64", height: "48" }),
        el(
          "span",
          { class: "name" },
          item.product_title,
          el(
            "small",
            {},
            `${item.variant_title} · ${item.quantity} × ${money(item.unit_price, currency_code)}`,
          ),
        ),
        el("span", { class: "amount" }, money(item.total, currency_code)),
      ),
    ),
  );
}

/** @param rows `[name, text]`, or `[name, text, true]` for the sum */
export function amounts(rows) {
  return el(
    "dl",
    { class: "amounts" },
    ...rows.map(([name, text, isSum]) =>
      el("div", { class: isSum ? "sum" : undefined }, el("dt", {}, name), el("dd", {}, text)),
    ),
  );
}

/** Goods, delivery, the sum and the taxes in it; of an order as it was before any refund. */
export function totals({ item_total, shipping_total, tax_total, total, credit_line_total, ...rest }) {
  const amount = (value) => money(value, rest.currency_code);
  return amounts([
    ["Goods", amount(item_total)],
    ["Delivery", rest.shipping_methods?.length ? amount(shipping_total) : "chosen at the checkout"],
    ["Total", amount(total + (credit_line_total ?? 0)), true],
    ["of which VAT", amount(tax_total)],
  ]);
}
