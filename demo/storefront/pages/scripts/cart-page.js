// The cart: quantities can be changed, as long as nobody is paying for it.
import { currentCart, orderOf, setQuantity } from "./cart.js";
import { button, byId, el } from "./dom.js";
import { guarded, showCount } from "./frame.js";
import { money } from "./money.js";
import { totals } from "./summary.js";

await guarded(show);

async function show() {
  const cart = await currentCart();
  showCount(cart);
  const order = await orderOf(cart);
  if (order) return window.location.replace(`/receipt?order=${order.id}`);
  const isEmpty = !cart?.items.length;
  byId("cart").replaceChildren(...(isEmpty ? empty() : full(cart)));
}

function empty() {
  return [
    el("p", {}, "There is nothing in it yet."),
    el("p", {}, el("a", { class: "button main", href: "/" }, "To the goods")),
  ];
}

function full(cart) {
  return [
    el("ul", { class: "lines" }, ...cart.items.map((item) => line(cart, item))),
    totals(cart),
    el("p", { class: "actions" }, el("a", { class: "button main", href: "/checkout" }, "To the checkout")),
  ];
}

function line(cart, item) {
  const { id, product_title, variant_title, product_handle, quantity, unit_price, total } = item;
  const name = `${product_title}, ${variant_title}`;
  const change = (to, label, text) =>
    button(text, () => changeTo(cart, item, to, `${label}: ${name}`), {
      class: "small",
      "aria-label": `${label}: ${name}`,
    });
  return el(
    "li",
    { "data-item": id },
    el("img", {
      class: "picture",
      src: `/pictures/${product_handle}.svg`,
      alt: "",
      width: "96",
      height: "72",
    }),
    el(
      "div",
      { class: "name" },
      el("strong", {}, product_title),
      el("small", {}, `${variant_title} · ${money(unit_price, cart.currency_code)} each`),
    ),
    el(
      "div",
      { class: "quantity" },
      change(quantity - 1, "One less", "−"),
      el("span", {}, el("span", { class: "unseen" }, "Quantity "), String(quantity)),
      change(quantity + 1, "One more", "+"),
    ),
    el("span", { class: "amount" }, money(total, cart.currency_code)),
    change(0, "Remove", "Remove"),
  );
}

async function changeTo(cart, item, quantity, label) {
  await guarded(async () => {
    await setQuantity(cart, item, quantity);
    await show();
    byId("news").textContent =
      quantity === 0 ? `${item.product_title} was taken out.` : `${item.product_title}: ${quantity}.`;
    // The button that was pressed was drawn anew.
    document.querySelector(`[aria-label="${label}"]`)?.focus();
  });
}
