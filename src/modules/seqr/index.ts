import { Module } from "@medusajs/framework/utils";
import SeqrModuleService from "./service";

/** Name under which the ledger is registered in Medusa's container. */
export const SEQR_MODULE = "seqr";

export default Module(SEQR_MODULE, { service: SeqrModuleService });
export type { SeqrModuleService };
