declare const __BASE__: string | undefined;

/** Makes the address of a page of the dashboard, wherever the store serves it. Medusa's build puts the path in. */
function addressOf(path: string): string {
  return `${(__BASE__ ?? "/app").replace(/\/$/, "")}${path}`;
}

/** Makes the address of an order's page. */
export function orderAddress(id: string): string {
  return addressOf(`/orders/${encodeURIComponent(id)}`);
}

/** Makes the address of a payment's page. @param invoiceId the ledger's id of its invoice */
export function paymentAddress(invoiceId: string): string {
  return addressOf(`/seqr#${encodeURIComponent(invoiceId)}`);
}

/** The address of what needs a person. */
export function attentionAddress(): string {
  return addressOf("/seqr/attention");
}

/** Makes the address of another page about SEQR. */
export function seqrAddress(page: "notifications" | "health"): string {
  return addressOf(`/seqr/${page}`);
}
