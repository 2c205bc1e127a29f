import { ContainerRegistrationKeys, Modules, RegionWorkflowEvents } from "@medusajs/framework/utils";
import {
  createStep,
  createWorkflow,
  StepResponse,
  transform,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { dismissRemoteLinkStep, emitEventStep, useQueryGraphStep } from "@medusajs/medusa/core-flows";
import type { MedusaContainer } from "@medusajs/framework/types";
import { isOn, SEQR_MODULE, seqrOf, type SeqrModuleService } from "../modules/seqr";
import { UNRESOLVED_STATES, type InvoiceState, cancelInvoice, isSeqrProvider } from "../modules/seqr/public";
import { listAttention } from "../attention/attention-list";

/** States in which a shopper can pay; those in which one has paid are counted apart. */
const PAYABLE: readonly InvoiceState[] = ["sending", "open", "canceling"];

/** What is not over yet after SEQR was switched off. */
export interface StillOpen {
  /** Invoices that a shopper can still pay. */
  payable: number;
  /** When the last of them ends; ISO 8601. Null when there is none. */
  payable_until: string | null;
  /** Payments that are being processed: each becomes an order or a refund. */
  on_the_way: number;
  /** Orders whose reservation is not captured yet. */
  to_be_captured: number;
  /** Refunds that SEQR was asked for and has not answered yet. */
  refunds_under_way: number;
  /** Refunds with an unknown outcome. */
  refunds_unknown: number;
  /** Entries of the attention list that need a decision; null in a store that starts with SEQR off. */
  for_a_person: number | null;
  /** Entries for information; null in such a store. */
  to_be_seen: number | null;
  /** Orders that were paid with SEQR: refunding them needs the plugin. */
  paid_orders: number;
}

/** What switching SEQR off has done. */
export interface SwitchedOff {
  /** Names of the regions in which SEQR was on. */
  regions: string[];
  /** Codes that were cancelled at SEQR, because an order can no longer be placed with them. */
  canceled: number;
  still_open: StillOpen;
}

interface Region {
  id: string;
  name: string;
  payment_providers?: ({ id: string } | null)[] | null;
}

/** Cancels every code that is not paid, except those whose terminals the options name no longer. What SEQR does not confirm, the watch tries to cancel again. */
const cancelOpenInvoicesStep = createStep(
  "seqr-cancel-open-invoices",
  async (_: undefined, { container }) => {
    if (!isOn(container)) return new StepResponse(0);
    const seqr = seqrOf(container);
    const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
      entity: "seqr_invoice",
      fields: ["id"],
      filters: { state: ["open", "canceling"] },
    });
    let canceled = 0;
    for (const { id } of data as { id: string }[]) {
      const invoice = await seqr.ledger.find({ id });
      if (!invoice || !seqr.terminals.find(invoice)) continue;
      if ((await cancelInvoice(seqr, invoice, "merchant")) === "canceled") canceled++;
    }
    return new StepResponse(canceled);
  },
);

const countStillOpenStep = createStep("seqr-count-still-open", async (_: undefined, { container }) => {
  return new StepResponse(await stillOpen(container));
});

/**
 * Switches SEQR off: takes it out of every region, and cancels the codes that are not paid. A payment that is made at that
 * moment is refunded, since Medusa places no order with a provider that its region does not have.
 *
 * Can run again at any time, and says each time what is still open.
 */
export const switchOffSeqrWorkflow = createWorkflow("seqr-switch-off", () => {
  const { data } = useQueryGraphStep({
    entity: "region",
    fields: ["id", "name", "payment_providers.id"],
  });
  const regions = transform({ data }, ({ data: all }) => regionsWithSeqr(all as unknown as Region[]));
  dismissRemoteLinkStep(transform({ regions }, (given) => given.regions.flatMap(linksToSeqr)));
  emitEventStep({
    eventName: RegionWorkflowEvents.UPDATED,
    data: transform({ regions }, (given) => given.regions.map(({ id }) => ({ id }))),
  });
  const canceled = cancelOpenInvoicesStep();
  const still_open = countStillOpenStep();
  const names = transform({ regions }, (given) => given.regions.map(({ name }) => name));
  return new WorkflowResponse({ regions: names, canceled, still_open });
});

function regionsWithSeqr(regions: Region[]): Region[] {
  return regions.filter((region) => seqrProvidersOf(region).length > 0);
}

/** Whatever its configuration calls it: a region may still have one under an earlier `providerId`. */
function seqrProvidersOf({ payment_providers }: Region): string[] {
  return (payment_providers ?? []).flatMap((one) => (one && isSeqrProvider(one.id) ? [one.id] : []));
}

function linksToSeqr(region: Region): Record<string, Record<string, string>>[] {
  return seqrProvidersOf(region).map((id) => ({
    [Modules.REGION]: { region_id: region.id },
    [Modules.PAYMENT]: { payment_provider_id: id },
  }));
}

async function stillOpen(container: MedusaContainer): Promise<StillOpen> {
  const ledger = container.resolve<SeqrModuleService>(SEQR_MODULE);
  const one = { take: 1 };
  const [[last], payable] = await ledger.listAndCountSeqrInvoices(
    { state: [...PAYABLE] },
    { ...one, select: ["id", "expires_at"], order: { expires_at: "DESC" } },
  );
  const [, onTheWay] = await ledger.listAndCountSeqrInvoices({ state: [...UNRESOLVED_STATES] }, one);
  const [, paidOrders] = await ledger.listAndCountSeqrInvoices({ state: "completed" }, one);
  const [, toBeCaptured] = await ledger.listAndCountSeqrInvoices({ state: "awaiting_capture" }, one);
  const [, underWay] = await ledger.listAndCountSeqrRefunds({ state: "requested" }, one);
  const [, unknown] = await ledger.listAndCountSeqrRefunds({ state: "unknown" }, one);
  const totals = isOn(container)
    ? (await listAttention({ seqr: seqrOf(container) }, { limit: 1, offset: 0 })).totals
    : undefined;
  return {
    payable,
    payable_until: last ? new Date(last.expires_at).toISOString() : null,
    on_the_way: onTheWay,
    to_be_captured: toBeCaptured,
    refunds_under_way: underWay,
    refunds_unknown: unknown,
    for_a_person: totals?.person ?? null,
    to_be_seen: totals?.acknowledgement ?? null,
    paid_orders: paidOrders,
  };
}
