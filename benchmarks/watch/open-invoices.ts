// Open invoices at the sandbox, and in a ledger: of one terminal or of several.
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Client from "../../src/seqr";
import { send } from "../../testkit/http";
import type { SandboxProcess } from "../../testkit/sandbox";
import type { Database } from "../bench-store";
import type { BenchTerminal } from "./sweeper";

const PASSWORD = "bench-password";

/** An invoice that SEQR has, and the terminal that made it. */
export interface OpenInvoice {
  reference: string;
  terminal: BenchTerminal;
}

/** Adds terminals to the sandbox. To the client each is at an endpoint of its own: only the address differs. */
export async function addTerminals(
  { url, endpoint }: SandboxProcess,
  count: number,
): Promise<BenchTerminal[]> {
  const terminals = Array.from({ length: count }, (_, index) => ({
    ...{ name: `t${index + 1}`, id: `terminal_${index + 1}`, password: PASSWORD },
    endpoint: `${endpoint}?${index + 1}`,
  }));
  for (const { id, password } of terminals)
    await send("POST", `${url}/sandbox/terminals`, { body: { id, password, currency: "SEK" } });
  return terminals;
}

/** Sends invoices, of each terminal in turns. */
export async function sendInvoices(
  server: string,
  terminals: BenchTerminal[],
  count: number,
): Promise<OpenInvoice[]> {
  const built = createRequire(join(server, "src", "index.js"));
  const { SeqrClient } = built("./seqr") as typeof Client;
  const clients = terminals.map(
    ({ endpoint, id, password }) => new SeqrClient({ endpoint, terminal: { id, password } }),
  );
  const invoices: OpenInvoice[] = [];
  for (let number = 0; number < count; number++) {
    const turn = number % terminals.length;
    const [client, terminal] = [clients[turn], terminals[turn]];
    if (!client || !terminal) throw new Error("there is no terminal");
    const { invoiceReference: reference } = await client.sendInvoice({
      title: "Nordic Goods",
      clientInvoiceId: String(number),
      cashierId: "webshop",
      footer: "",
      totalAmount: { currency: "SEK", value: "100.00" },
    });
    invoices.push({ reference, terminal });
  }
  for (const client of clients) client.close();
  return invoices;
}

/** Writes open invoices into a ledger. Each is due within the interval of the polls. */
export async function openInvoices(sql: Database["sql"], invoices: OpenInvoice[]): Promise<void> {
  const names = ["session", "collection", "cart", "token", "notification"]
    .map((what) => `'${what}_open_' || reference`)
    .join(", ");
  await sql(
    `insert into seqr_invoice (id, session_id, payment_collection_id, cart_id, token_hash, notification_token_hash, terminal,
       terminal_id, client_invoice_id, invoice_reference, amount, currency_code, state, state_since, expires_at, due_at)
     select 'open_' || reference, ${names}, name, terminal, 'client_' || reference, reference, '100.00', 'SEK', 'open', now(),
       now() + interval '1 day', now() + random() * interval '5 seconds'
     from unnest($1::text[], $2::text[], $3::text[]) as open (reference, name, terminal)`,
    [
      invoices.map(({ reference }) => reference),
      invoices.map(({ terminal }) => terminal.name),
      invoices.map(({ terminal }) => terminal.id),
    ],
  );
}
