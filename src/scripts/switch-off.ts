import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { ExecArgs } from "@medusajs/framework/types";
import { switchOffSeqrWorkflow, type SwitchedOff } from "../workflows/switch-off";

/** Removes SEQR from all regions, and logs what is still open. It can be run repeatedly, with `medusa exec`. */
export default async function switchOff({ container }: ExecArgs): Promise<void> {
  const { result } = await switchOffSeqrWorkflow(container).run();
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  for (const line of wordsOf(result)) logger.info(`seqr: ${line}`);
}

function wordsOf({ regions, canceled, still_open: open }: SwitchedOff): string[] {
  const left = [
    ["invoices that can still be paid, and would then be refunded", open.payable],
    ["payments that are neither an order nor refunded yet", open.on_the_way],
    ["orders whose reservation is not captured yet", open.to_be_captured],
    ["refunds that SEQR has not answered yet", open.refunds_under_way],
    ["refunds of unknown outcome", open.refunds_unknown],
    ["entries of the attention list that require a person", open.for_a_person],
    ["entries of the attention list that need only acknowledgement", open.to_be_seen],
  ].filter(([, count]) => count !== 0 && count !== null);
  return [
    regions.length > 0
      ? `switched off in ${regions.join(", ")}. No payment can be started with SEQR any more.`
      : "not on in any region.",
    ...(canceled > 0 ? [`cancelled open invoices: ${canceled}.`] : []),
    ...(left.length > 0 ? ["still open:"] : ["nothing is open."]),
    ...left.map(([what, count]) => `- ${what}: ${count}`),
    ...(open.payable_until ? [`the last invoice can be paid until ${open.payable_until}.`] : []),
    ...(left.length > 0 ? ["keep the plugin installed and the store running, and run this again."] : []),
    `orders paid with SEQR, which only the plugin can refund: ${open.paid_orders}.`,
  ];
}
