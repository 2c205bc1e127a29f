// node-soap, set up as well as it can be: connections are kept alive, as ours are.
import { Agent } from "node:http";
// As most servers load it; and the same file whose loading is measured.
import { createClientAsync } from "soap";
import type { Call } from "./caller";
import { CLIENT_ID, CLIENT_REFERENCE, INVOICE_REFERENCE, TERMINAL } from "./messages";

export async function connect(endpoint: string): Promise<Call> {
  const client = await createClientAsync(`${new URL(endpoint).origin}/?wsdl`, { endpoint });
  const message = {
    context: {
      channel: "WS",
      clientId: CLIENT_ID,
      clientReference: CLIENT_REFERENCE,
      clientRequestTimeout: 0,
      initiatorPrincipalId: { id: TERMINAL.id, type: "TERMINALID" },
      password: TERMINAL.password,
    },
    invoiceReference: INVOICE_REFERENCE,
    invoiceVersion: 0,
  };
  const options = { forever: true, httpAgent: new Agent({ keepAlive: true }) };
  return async () => {
    const [{ return: answer }] = (await client.getPaymentStatusAsync(message, options)) as [
      { return: { status: string; ersReference?: string } },
    ];
    return `${answer.status} ${answer.ersReference}`;
  };
}
