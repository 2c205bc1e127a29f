import { refusedChange } from "@lib/util/seqr-refusal";

/** Throws what a request to Medusa failed with. */
export default function medusaError(error: unknown): never {
  throw refusedChange(error) ?? new Error(error instanceof Error ? error.message : String(error));
}
