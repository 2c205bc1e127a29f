import { entriesOfInvoices, refundInvoice } from "../../../src/modules/seqr/public";
import { asValue } from "@medusajs/framework/awilix";
import type { MedusaContainer } from "@medusajs/framework/types";
import { createMedusaContainer } from "@medusajs/framework/utils";
import { seqrError } from "../../../src/errors/error-codes";
import {
  cancelSeqrPaymentWorkflow,
  dismissSeqrAttentionWorkflow,
  processSeqrPaymentWorkflow,
  resolveSeqrAttentionWorkflow,
} from "../../../src/workflows";
import { present } from "../modules/ledger-contract";
import { containerOf, startStoreWorld, type StoreWorld } from "../processing/store-world";

/** The store's handlers of hooks; a workflow takes one of each for the life of the process. */
const hooks = {
  validate: jest.fn<undefined, [unknown]>(),
  resolved: jest.fn<undefined, [unknown]>(),
  processed: jest.fn<undefined, [unknown]>(),
};
resolveSeqrAttentionWorkflow.hooks.validate((given) => hooks.validate(given));
resolveSeqrAttentionWorkflow.hooks.attentionResolved((given) => hooks.resolved(given));
processSeqrPaymentWorkflow.hooks.paymentProcessed((given) => hooks.processed(given));

describe("a store's code", () => {
  let world: StoreWorld;
  let container: MedusaContainer;
  beforeEach(async () => {
    for (const hook of Object.values(hooks)) hook.mockReset();
    world = await startStoreWorld();
    container = createMedusaContainer();
    const { resolve } = containerOf(world);
    for (const name of ["logger", "order", "payment", "query", "seqr"])
      container.register(name, asValue(resolve(name)));
  });
  afterEach(() => world.stop());

  /** A refund of which nobody knows whether SEQR made it. */
  const doubtful = async () => {
    const { invoice, order } = await world.ordered();
    world.sandbox.faults.add({ operation: "refundPayment", kind: "lost-request" });
    await expect(
      refundInvoice(world.seqr, invoice, { amount: "30.00", idempotencyKey: "ref_1", reason: "medusa" }),
    ).rejects.toMatchObject({ code: "SEQR_REFUND_UNKNOWN" });
    const [entry] = await entriesOfInvoices(world.seqr, [invoice.id]);
    return { invoice, order, id: present(entry).id };
  };
  const decision = (id: string, action: "retry" | "dismiss") => ({
    ...{ id, action, reason: "asked SEQR", actor_id: "user_1" },
  });

  it("has a payment processed, and hears how it stands", async () => {
    const { invoice } = await world.ordered();
    const { result } = await processSeqrPaymentWorkflow(container).run({
      input: { invoice_id: invoice.id, source: "staff" },
    });
    const { order_id } = await world.row(invoice);
    expect(result).toEqual({ invoice_id: invoice.id, state: "completed", problem: null, order_id });
    expect(order_id).not.toBeNull();
    expect(hooks.processed).toHaveBeenCalledWith({ payment: result });
  });

  it("has a payment cancelled", async () => {
    const { invoice } = await world.checkout();
    const input = { invoice_id: invoice.id, reason: "merchant" as const };
    const { result } = await cancelSeqrPaymentWorkflow(container).run({ input });
    expect(result).toMatchObject({ invoice_id: invoice.id, state: "canceled" });
  });

  it("is told what is wrong with type, code and message, as Medusa's API tells it", async () => {
    const { type, code, message } = seqrError("SEQR_NO_SUCH_INVOICE");
    await expect(
      processSeqrPaymentWorkflow(container).run({ input: { invoice_id: "seqrinv_none", source: "staff" } }),
    ).rejects.toMatchObject({ type, code, message });
  });

  it("hears of a decision before and after, and can forbid it: nothing happens then", async () => {
    const { id, invoice } = await doubtful();
    hooks.validate.mockImplementationOnce(() => {
      throw new Error("a second person has to agree");
    });
    const input = decision(id, "dismiss");
    await expect(resolveSeqrAttentionWorkflow(container).run({ input })).rejects.toMatchObject({
      message: "a second person has to agree",
    });
    expect(world.ledger.decisions).toEqual([]);
    expect(hooks.resolved).not.toHaveBeenCalled();

    const { result } = await resolveSeqrAttentionWorkflow(container).run({ input });
    expect(result).toEqual([]);
    expect(world.ledger.decisions).toMatchObject([{ invoice_id: invoice.id, actor_id: "user_1" }]);
    expect(hooks.resolved).toHaveBeenCalledWith({ input, attention_items: [] });
    await expect(resolveSeqrAttentionWorkflow(container).run({ input })).rejects.toMatchObject({
      ...{ type: "conflict", code: "SEQR_DECISION_STALE" },
    });
  });

  it("hears of each entry that was to be dismissed what became of it", async () => {
    const { id } = await doubtful();
    const input = { ids: [id], reason: "seen", actor_id: "user_1" };
    const { result } = await dismissSeqrAttentionWorkflow(container).run({ input });
    expect(result).toMatchObject([{ id, dismissed: false, code: "SEQR_DECISION" }]);
  });
});
