// A SEQR payment while it is under way: the plugin's own view, which comes from the store's server, with the storefront's
// other way to pay beside it.
import { button, el } from "./dom.js";
import { config } from "./store.js";

await import(`${config.store_url}/seqr/payment-view/payment-view.js`);

/** States in which the shopper may still choose another way. */
const UNDECIDED = ["waiting", "canceled", "superseded", "expired", "failed", "reversed", "refunded"];

/**
 * @param session the payment session, with its data
 * @param does what happens next: `onPaid(orderId)`, `otherWay(data)`
 * @returns `{ element, close() }`
 */
export function seqrPanel(session, does) {
  let { data } = session;
  const view = el("seqr-payment", { id: "seqr", language: "en" });
  view.session = data;
  const otherWay = button("Pay another way", () => does.otherWay(data));
  view.addEventListener("seqr-state", ({ detail }) => {
    otherWay.hidden = !UNDECIDED.includes(detail.state);
  });
  view.addEventListener("seqr-paid", ({ detail }) => detail.orderId && does.onPaid(detail.orderId));
  view.addEventListener("seqr-renewed", ({ detail }) => {
    data = detail.session;
  });
  const element = el("div", {}, view, el("p", { class: "beside" }, otherWay), demoHint(data));
  return { element, close: () => element.remove() };
}

/** In the demo the app is a page of the sandbox. */
function demoHint({ deep_link }) {
  if (!/^https?:/.test(deep_link)) return undefined;
  return el(
    "p",
    { class: "hint" },
    "This is a demo: the phone is a page of its own. ",
    el("a", { href: config.phone_url, target: "_blank" }, "Open the phone"),
  );
}
