import { refusedChange } from "@lib/util/seqr-refusal";

/** Throws what a request to Medusa failed with. */
export default function medusaError(error: unknown): never {
  const refused = refusedChange(error);
  if (refused) throw refused;
  throw new Error(error instanceof Error ? error.message : String(error));
}
