// Where the phone's browser comes back to from the app.
import { byId, el } from "./dom.js";
import { guarded, showCountNow } from "./frame.js";

const WORDS = {
  paid: "Paid. Thank you!",
  returned: "This payment is not used for an order. The money goes back to you.",
  reversed: "The shop could not confirm your payment. The money goes back to you.",
  clarifying: "The shop handles this payment by hand, and can answer your questions.",
  canceled: "The payment was cancelled. Nothing was charged.",
  superseded: "This code is out of date. Nothing was charged.",
  expired: "The time was up. Nothing was charged.",
  failed: "The payment did not go through. Nothing was charged.",
};
const UNDECIDED = "The shop has not heard of your payment yet. This takes a few seconds at most.";

await guarded(() => {
  const query = new URLSearchParams(window.location.search);
  const order = query.get("order_id");
  if (order !== null) return window.location.replace(`/receipt?order=${encodeURIComponent(order)}`);
  const words = WORDS[query.get("seqr_status")] ?? UNDECIDED;
  return byId("return").replaceChildren(
    el("p", {}, words),
    el("p", {}, el("a", { class: "button main", href: "/checkout" }, "Back to the checkout")),
  );
});
await showCountNow();
