import type { PaymentEventDetail } from "./element";

/** What the view shows while it has heard nothing from the store's server. */
const SILENT: readonly string[] = ["preparing", "offline"];

/** What is needed here of the Navigation API, which TypeScript does not know yet. */
interface Navigating {
  navigation?: {
    addEventListener(name: "navigate", heard: (event: Event & { userInitiated: boolean }) => void): void;
  };
}

/**
 * The page of a payment loads itself again every few seconds, whatever becomes of its scripts. Once the view hears from
 * the server it needs that no more: then, and not before, this takes the refresh away.
 */
document.addEventListener("seqr-state", function heard(event) {
  if (SILENT.includes((event as CustomEvent<PaymentEventDetail>).detail.state)) return;
  document.removeEventListener("seqr-state", heard);
  // Without its tag the refresh comes all the same.
  document.querySelector("meta[http-equiv]")?.remove();
  const { navigation } = window as Navigating;
  // Stopping ends the view's stream as well, which then asks for a while; older browsers know nothing better.
  if (!navigation) return stop();
  navigation.addEventListener("navigate", (away) => {
    if (!away.userInitiated) away.preventDefault();
  });
});
