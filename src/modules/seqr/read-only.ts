import { seqrError } from "../../errors/error-codes";

/** Methods that Medusa generates for every model, and that write. */
const WRITES = /^(create|update|delete|softDelete|restore)[A-Z]/;
/** Methods that Medusa generates for the model of invoices, and that read. */
const READS_INVOICES = /^(retrieve|list|listAndCount)SeqrInvoices?$/;

/**
 * Restricts what Medusa generates for a module's service. The methods that write are closed: they would go past the state
 * machine and the log of decisions. The methods that read leave out the hashes of tokens, so that no query and no link shows them.
 *
 * @param service whose parent class has the generated methods
 */
export function makeReadOnly(service: { prototype: object }): void {
  const generated = Object.getPrototypeOf(service.prototype) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(generated)) {
    const method = generated[name];
    if (typeof method !== "function") continue;
    if (WRITES.test(name))
      define(service, name, () => Promise.reject(seqrError("SEQR_READ_ONLY", `${name}.`)));
    if (READS_INVOICES.test(name)) {
      define(service, name, async function (this: unknown, ...given: unknown[]) {
        return withoutHashes(await (method.apply(this, given) as Promise<unknown>));
      });
    }
  }
}

function define(
  { prototype }: { prototype: object },
  name: string,
  value: (...given: unknown[]) => unknown,
): void {
  Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
}

/** One invoice, several, or several with their number. */
function withoutHashes(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withoutHashes);
  if (typeof answer !== "object" || answer === null) return answer;
  const invoice = { ...answer } as Record<string, unknown>;
  delete invoice["token_hash"];
  delete invoice["notification_token_hash"];
  return invoice;
}
