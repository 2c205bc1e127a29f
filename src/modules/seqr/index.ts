import { Module } from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { SeqrPayments } from "./payments";
import SeqrModuleService from "./service";

/** Name under which the ledger is registered in Medusa's container. */
export const SEQR_MODULE = "seqr";

/** SEQR's payments in a Medusa container. */
export function seqrOf(container: Pick<MedusaContainer, "resolve">): SeqrPayments {
  return container.resolve<SeqrModuleService>(SEQR_MODULE).payments;
}

export default Module(SEQR_MODULE, { service: SeqrModuleService });
export type { SeqrModuleService };
