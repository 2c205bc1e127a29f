// Our own client, from the built package.
import { createRequire } from "node:module";
import { CLIENT_ID, CLIENT_REFERENCE, INVOICE_REFERENCE, TERMINAL } from "./messages.mjs";

const { SeqrClient } = createRequire(import.meta.url)("../../.medusa/server/src/seqr/index.js");

export async function connect(endpoint) {
  const client = new SeqrClient({
    endpoint,
    terminal: TERMINAL,
    clientId: CLIENT_ID,
    clientReference: () => CLIENT_REFERENCE,
  });
  return async () => {
    const { status, ersReference } = await client.getPaymentStatus(INVOICE_REFERENCE, 0);
    return `${status} ${ersReference}`;
  };
}
