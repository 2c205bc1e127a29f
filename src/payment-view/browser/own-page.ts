import type { PaymentEventDetail } from "./element";

/** What the view shows while it has heard nothing from the store's server. */
const SILENT: readonly string[] = ["preparing", "offline"];
/** While it shows these, the payment is not decided. */
const UNDECIDED: readonly string[] = [...SILENT, "waiting", "checking", "placing"];

/** What is needed here of the Navigation API, which TypeScript does not know yet. */
interface Navigating {
  navigation?: {
    addEventListener(name: "navigate", heard: (event: Event & { userInitiated: boolean }) => void): void;
  };
}

let hasHeard = false;
let isLeaving = false;

document.addEventListener("seqr-state", (event) => {
  const { state } = (event as CustomEvent<PaymentEventDetail>).detail;
  if (!hasHeard && !SILENT.includes(state)) stopRefreshing();
  // The server then leads on to the shop.
  if ("leadsOn" in document.body.dataset && !UNDECIDED.includes(state)) {
    isLeaving = true;
    location.reload();
  }
});

/**
 * The page of a payment loads itself again every few seconds, whatever becomes of its scripts. Once the view hears from
 * the server it needs that no more: then, and not before, this takes the refresh away.
 */
function stopRefreshing(): void {
  hasHeard = true;
  // Without its tag the refresh comes all the same.
  document.querySelector("meta[http-equiv]")?.remove();
  const { navigation } = window as Navigating;
  // Stopping ends the view's stream as well, which then asks for a while; older browsers know nothing better.
  if (!navigation) return stop();
  navigation.addEventListener("navigate", (away) => {
    if (!away.userInitiated && !isLeaving) away.preventDefault();
  });
}
