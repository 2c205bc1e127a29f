import type { PaymentEventDetail } from "./element";

/** States of a view that has received no answer from the store's server. */
const SILENT: readonly string[] = ["preparing", "offline"];
/** States of a payment without a result. */
const UNDECIDED: readonly string[] = [...SILENT, "waiting", "checking", "placing"];

/** The needed part of the Navigation API, which TypeScript's types do not include yet. */
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
  // The server then redirects to the shop.
  if ("leadsOn" in document.body.dataset && !UNDECIDED.includes(state)) {
    isLeaving = true;
    location.reload();
  }
});

/**
 * Stops the page's reloading when the view has received an answer from the server, and not before. The page of a payment
 * reloads every few seconds, whether or not its scripts work.
 */
function stopRefreshing(): void {
  hasHeard = true;
  // Removing the tag does not stop a pending refresh.
  document.querySelector("meta[http-equiv]")?.remove();
  const { navigation } = window as Navigating;
  // window.stop() also ends the view's stream, which then requests the status for a while. Older browsers have nothing better.
  if (!navigation) return stop();
  navigation.addEventListener("navigate", (away) => {
    if (!away.userInitiated && !isLeaving) away.preventDefault();
  });
}
