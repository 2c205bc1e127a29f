// The shop's goods.
import { addToCart } from "./cart.js";
import { button, byId, el } from "./dom.js";
import { guarded, showCount, showCountNow } from "./frame.js";
import { money } from "./money.js";
import { config, store } from "./store.js";

const FIELDS = "fields=id,title,handle,*variants,*variants.calculated_price";

await guarded(async () => {
  const { products } = await store("GET", `/products?region_id=${config.region_id}&order=title&${FIELDS}`);
  byId("goods").replaceChildren(...products.map(card));
});
await showCountNow();

function card({ title, handle, ...product }) {
  const variants = product.variants.sort((one, other) => (one.sku < other.sku ? -1 : 1));
  const price = el("p", { class: "price" });
  const choice = el(
    "select",
    { id: `kind-${handle}`, onchange: () => showPrice() },
    ...variants.map(({ id, title: kind }) => el("option", { value: id }, kind)),
  );
  const chosen = () => variants.find(({ id }) => id === choice.value);
  const showPrice = () => {
    const { calculated_amount, currency_code } = chosen().calculated_price;
    price.textContent = money(calculated_amount, currency_code);
  };
  showPrice();
  const add = button(
    "Add to cart",
    () =>
      guarded(async () => {
        showCount(await addToCart(chosen().id));
        byId("news").textContent = `${title}, ${chosen().title}, is in the cart.`;
      }),
    { class: "main", "aria-label": `Add to cart: ${title}` },
  );
  return el(
    "li",
    { class: "card", "data-handle": handle },
    el("img", { class: "picture", src: `/pictures/${handle}.svg`, alt: "", width: "320", height: "240" }),
    el("h2", {}, title),
    variants.length > 1
      ? el("p", { class: "kind" }, el("label", { for: choice.id }, "Kind"), choice)
      : el("p", { class: "kind" }, variants[0].title),
    price,
    add,
  );
}
