// Our own client, from the built package.
import { createRequire } from "node:module";
import type * as Client from "../../src/seqr";
import type { Call } from "./caller";
import { CLIENT_ID, CLIENT_REFERENCE, INVOICE_REFERENCE, TERMINAL } from "./messages";

const { SeqrClient } = createRequire(__filename)("../../.medusa/server/src/seqr") as typeof Client;

export async function connect(endpoint: string): Promise<Call> {
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
