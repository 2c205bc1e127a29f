// What all pages share: the number of things in the cart, and what to do when something fails.
import { alertIn, byId, el } from "./dom.js";
import { countOf, currentCart } from "./cart.js";
import { isPaymentInProgress } from "./payment.js";

/** Shows how much is in the cart. */
export function showCount(cart) {
  const count = cart?.completed_at ? 0 : countOf(cart);
  const badge = byId("cart-count");
  badge.textContent = count > 0 ? String(count) : "";
  byId("cart-link").setAttribute("aria-label", `Cart, ${count} ${count === 1 ? "item" : "items"}`);
}

/** Runs a page's work and shows what went wrong. */
export async function guarded(work) {
  try {
    byId("alerts").replaceChildren();
    return await work();
  } catch (error) {
    explain(error);
    return undefined;
  }
}

export function explain(error) {
  if (isPaymentInProgress(error)) return explainInProgress();
  console.error(error);
  alertIn(byId("alerts"), "error", el("p", {}, error.message));
}

/** Why the cart cannot be changed, and the payment not be cancelled, just now. */
export function explainInProgress() {
  const isCheckout = window.location.pathname === "/checkout";
  alertIn(
    byId("alerts"),
    "notice",
    el("p", {}, el("strong", {}, "You are paying for this cart on your phone right now.")),
    el("p", {}, "It stays as it is, and your order is placed as soon as the payment is through."),
    !isCheckout && el("p", {}, el("a", { href: "/checkout" }, "See how the payment stands")),
  );
}

/** For pages that need no cart of their own. */
export async function showCountNow() {
  showCount(await currentCart().catch(() => undefined));
}
