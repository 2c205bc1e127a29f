// The checkout: address, delivery, payment. With SEQR the payment has a panel of its own; a page that is loaded again
// goes on with the payment that is under way.
import { changeCart, chooseShipping, currentCart, forgetCart, orderOf, shippingOptions } from "./cart.js";
import { byId, el } from "./dom.js";
import { explainInProgress, guarded, showCount } from "./frame.js";
import { money } from "./money.js";
import { cancelPayment, complete, paymentProviders, SEQR, seqrSession, startPayment } from "./payment.js";
import { seqrPanel } from "./seqr-panel.js";
import { itemList, totals } from "./summary.js";

const EXAMPLE = {
  first_name: "Astrid",
  last_name: "Berg",
  address_1: "Storgatan 1",
  postal_code: "111 22",
  city: "Stockholm",
};
const METHODS = {
  [SEQR]: ["SEQR", "Scan a code with the app on your phone, confirm with your PIN."],
  pp_system_default: ["Manual payment", "For trying out: the order is placed, nothing is charged."],
};

/** Ends the panel that is shown, if one is. */
let closePanel = () => {};

await guarded(begin);

async function begin() {
  const cart = await currentCart();
  showCount(cart);
  const order = await orderOf(cart);
  if (order) return toReceipt(order.id);
  if (!cart?.items.length) return showNothing();
  showSummary(cart);
  const session = seqrSession(cart);
  if (session) return showPanel(cart, session);
  return showForm(cart);
}

function showNothing() {
  byId("checkout").replaceChildren(
    el("p", {}, "There is nothing in your cart to pay for."),
    el("p", {}, el("a", { class: "button main", href: "/" }, "To the goods")),
  );
}

function showSummary(cart) {
  byId("summary").replaceChildren(
    el("h2", {}, "Your order"),
    itemList(cart),
    totals(cart),
    el("p", {}, el("a", { href: "/cart" }, "Change the cart")),
  );
}

async function showForm(cart) {
  closePanel();
  const [options, providers] = await Promise.all([shippingOptions(cart), paymentProviders(cart)]);
  const chosenOption = cart.shipping_methods?.[0]?.shipping_option_id ?? options[0]?.id;
  const methods = Object.keys(METHODS).filter((id) => providers.includes(id));
  const submit = el("button", { class: "main wide" });
  const form = el(
    "form",
    { id: "form", onsubmit: (event) => void send(event, cart, submit) },
    el(
      "fieldset",
      {},
      el("legend", {}, "Where to"),
      ...fields(cart),
      el("p", { class: "hint" }, "Filled in with an example. Deliveries go to Sweden."),
    ),
    el(
      "fieldset",
      {},
      el("legend", {}, "Delivery"),
      ...options.map(({ id, name, amount }) =>
        radio("delivery", id, id === chosenOption, name, money(amount, cart.currency_code)),
      ),
    ),
    el(
      "fieldset",
      {},
      el("legend", {}, "Payment"),
      ...methods.map((id, index) =>
        radio("payment", id, index === 0, METHODS[id][0], undefined, METHODS[id][1]),
      ),
    ),
    submit,
  );
  const name = () => {
    submit.textContent = form.elements.payment.value === SEQR ? "Pay with SEQR" : "Place the order";
  };
  const priceDelivery = async () => {
    await chooseShipping(cart, form.elements.delivery.value);
    showSummary(await currentCart());
  };
  form.addEventListener("change", ({ target }) => {
    if (target.name === "payment") name();
    if (target.name === "delivery") void guarded(priceDelivery);
  });
  name();
  byId("checkout").replaceChildren(form);
  if (!cart.shipping_methods?.length && chosenOption) await priceDelivery();
}

function fields({ email, shipping_address }) {
  const address = shipping_address?.address_1 ? shipping_address : EXAMPLE;
  const field = (name, label, autocomplete, value, more = {}) =>
    el(
      "p",
      { class: `field ${more.class ?? ""}` },
      el("label", { for: name }, label),
      el("input", { id: name, name, value, autocomplete, required: true, type: more.type ?? "text" }),
    );
  return [
    field("email", "E-mail", "email", email ?? "astrid.berg@example.com", { type: "email" }),
    el(
      "div",
      { class: "pair" },
      field("first_name", "First name", "given-name", address.first_name),
      field("last_name", "Last name", "family-name", address.last_name),
    ),
    field("address_1", "Street and number", "address-line1", address.address_1),
    el(
      "div",
      { class: "pair narrow-first" },
      field("postal_code", "Postal code", "postal-code", address.postal_code),
      field("city", "City", "address-level2", address.city),
    ),
  ];
}

function radio(name, value, checked, label, aside, explanation) {
  return el(
    "label",
    { class: "choice" },
    el("input", { type: "radio", name, value, checked, required: true }),
    el("span", { class: "name" }, label, explanation && el("small", {}, explanation)),
    aside && el("span", { class: "amount" }, aside),
  );
}

async function send(event, cart, submit) {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  submit.disabled = true;
  await guarded(async () => {
    const address = Object.fromEntries(Object.keys(EXAMPLE).map((name) => [name, values[name]]));
    const shipping_address = { ...address, country_code: "se" };
    await changeCart(cart, { email: values.email, shipping_address, billing_address: shipping_address });
    await chooseShipping(cart, values.delivery);
    const priced = await currentCart();
    const session = await startPayment(priced, values.payment);
    if (values.payment === SEQR) showPanel(await currentCart(), session);
    else toReceipt((await complete(priced)).id);
  });
  submit.disabled = false;
}

function showPanel(cart, session) {
  showSummary(cart);
  closePanel();
  const panel = seqrPanel(session, { onPaid: toReceipt, otherWay: giveUp });
  closePanel = panel.close;
  byId("checkout").replaceChildren(panel.element);
}

/** Cancels, so that nobody can pay the code any more, and lets the shopper choose anew. */
async function giveUp(data) {
  await guarded(async () => {
    const { status, order } = await cancelPayment(data);
    if (order) return toReceipt(order.id);
    // The phone was faster: the panel stays and shows how it ends.
    if (["waiting", "checking", "placing"].includes(status)) return explainInProgress();
    return showForm(await currentCart());
  });
}

function toReceipt(orderId) {
  forgetCart();
  window.location.replace(`/receipt?order=${encodeURIComponent(orderId)}`);
}
