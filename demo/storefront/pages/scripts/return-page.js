// Where the phone's browser comes back to from the app.
import { byId, el } from "./dom.js";
import { guarded, showCountNow } from "./frame.js";

const WORDS = {
  paid: "Paid. Thank you!",
  refunded: "No order uses this payment. It is refunded to you.",
  reversed: "The shop could not confirm your payment. The money goes back to you.",
  clarifying: "A person at the shop handles this payment. Please ask there.",
  canceled: "The payment was cancelled. Nothing was charged.",
  superseded: "The code can no longer be paid. Nothing was charged.",
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
