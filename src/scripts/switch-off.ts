import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { ExecArgs } from "@medusajs/framework/types";
import { switchOffSeqrWorkflow, type SwitchedOff } from "../workflows/switch-off";

/** Switches SEQR off in all regions, and says what is still open; can be run again at any time. `medusa exec` runs it. */
export default async function switchOff({ container }: ExecArgs): Promise<void> {
  const { result } = await switchOffSeqrWorkflow(container).run();
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  for (const line of wordsOf(result)) logger.info(`seqr: ${line}`);
}

function wordsOf({ regions, canceled, still_open: open }: SwitchedOff): string[] {
  const left = [
    ["invoices that can still be paid, and whose money then goes back", open.payable],
    ["payments whose money is on its way to an order or back", open.on_the_way],
    ["refunds that SEQR has not answered yet", open.refunds_under_way],
    ["refunds of which nobody knows whether SEQR made them", open.refunds_unknown],
    ["entries of the attention list that wait for a person", open.for_a_person],
    ["entries of the attention list that only want to be seen", open.to_be_seen],
  ].filter(([, count]) => count !== 0 && count !== null);
  return [
    regions.length > 0
      ? `switched off in ${regions.join(", ")}. Nobody can start a payment with SEQR any more.`
      : "is on in no region.",
    ...(canceled > 0 ? [`cancelled codes that nobody had paid: ${canceled}.`] : []),
    ...(left.length > 0 ? ["still open:"] : ["nothing is open."]),
    ...left.map(([what, count]) => `- ${what}: ${count}`),
    ...(open.payable_until ? [`the last invoice can be paid until ${open.payable_until}.`] : []),
    ...(left.length > 0 ? ["leave the plugin installed and the store running, and run this again."] : []),
    `orders paid with SEQR, which only the plugin can refund: ${open.paid_orders}.`,
  ];
}
