import { Module } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { Changes } from "./changes";
import type { SeqrPayments } from "./payments";
import SeqrModuleService from "./service";

/** Name under which the ledger is registered in Medusa's container. */
export const SEQR_MODULE = "seqr";

/** SEQR's payments in a Medusa container. */
export function seqrOf(container: Pick<MedusaContainer, "resolve">): SeqrPayments {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).payments;
}

/** Tells of changes of invoices, in a Medusa container. */
export function changesOf(container: Pick<MedusaContainer, "resolve">): Changes {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).changes;
}

export default Module(SEQR_MODULE, { service: SeqrModuleService });
export type { SeqrModuleService };
