import type { InterfaceVersion } from "../core/settings";

const ORDER: readonly InterfaceVersion[] = ["2.4", "2.9", "2.10"];

/** Additions of later versions of the interface: type, and element or value (PROTOCOL 1.5). */
const ADDITIONS: readonly { since: InterfaceVersion; type: string; name: string }[] = [
  { since: "2.9", type: "commitReservation", name: "amount" },
  { since: "2.9", type: "invoice", name: "commitReservationTimeout" },
  { since: "2.9", type: "paymentMode", name: "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT" },
  { since: "2.10", type: "invoiceStatus", name: "EXPIRED" },
];

/** Whether a version of the interface has this element in the type, or this value in the enumeration. */
export function isKnown(version: InterfaceVersion, type: string, name: string): boolean {
  const addition = ADDITIONS.find((other) => other.type === type && other.name === name);
  return !addition || ORDER.indexOf(addition.since) <= ORDER.indexOf(version);
}
