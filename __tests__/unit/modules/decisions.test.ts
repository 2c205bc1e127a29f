import type { AttentionEntry } from "../../../src/modules/seqr/attention/attention-entries";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import {
  resolveAttentionItem,
  dismissAttentionItems,
  type Decision,
} from "../../../src/attention/attention-list";
import type { ProcessingContext } from "../../../src/processing/processing-context";
import type { Store } from "../../../src/processing/store-port";
import { startWorld, type World } from "./seqr-world";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";

describe("what staff decide", () => {
  let world: World;
  let context: ProcessingContext;
  let invoice: InvoiceRecord;

  beforeEach(async () => {
    world = await startWorld();
    // A store that knows of no payment: what is given back is given back at SEQR.
    const shop = { refund: () => Promise.resolve("unknown") } satisfies Partial<Store>;
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    context = {
      seqr: world.context,
      store: shop as Partial<Store> as Store,
      logger: quiet,
    };
    invoice = await world.paid();
  });
  afterEach(() => world.stop());

  const by = (action: Decision["action"]): Decision => ({ action, actorId: "user_1", reason: "seen" });
  const entry = async (): Promise<AttentionEntry> => {
    const [first] = await entriesOfInvoices(context.seqr, [invoice.id]);
    if (!first) throw new Error("nothing is listed");
    return first;
  };
  const note = (patch: Partial<InvoiceRecord>): void => {
    const row = world.ledger.invoices.find(({ id }) => id === invoice.id);
    Object.assign(row ?? {}, { ...patch, problem_no: (row?.problem_no ?? 0) + 1 });
  };

  it.each<InvoiceState>(["open", "canceling", "canceled", "expired", "failed"])(
    "refunds what SEQR says it took for an invoice that is %s, and not what was asked for",
    async (state) => {
      const taken = { disputed_amount: "80.00", disputed_reference: invoice.ers_reference };
      note({ state, problem: "SEQR_ANSWER_CONTRADICTS", ...taken });
      const { id } = await entry();
      expect(await resolveAttentionItem(context, id, by("refund"))).toEqual([]);
      expect(await world.row(invoice)).toMatchObject({ state: "refunded", amount: "80.00", reason: "staff" });
      expect(await world.ledger.refundsOf(invoice.id)).toMatchObject([{ amount: "80.00", state: "done" }]);
      await expect(resolveAttentionItem(context, id, by("refund"))).rejects.toMatchObject({
        code: "SEQR_DECISION_STALE",
      });
    },
  );

  it("cannot be to refund what is not known to have been taken", async () => {
    note({ state: "open", problem: "SEQR_ANSWER_CONTRADICTS" });
    await expect(resolveAttentionItem(context, (await entry()).id, by("refund"))).rejects.toMatchObject({
      code: "SEQR_DECISION",
    });
    expect(world.ledger.decisions).toEqual([]);
  });

  it("takes away only the problem that was seen, and is written down only when it did", async () => {
    note({ state: "completed", problem: "SEQR_ORDER_TOTAL_DIFFERS" });
    const { id } = await entry();
    note({ problem: "SEQR_REFUNDED_ELSEWHERE" });
    await expect(resolveAttentionItem(context, id, by("accept"))).rejects.toMatchObject({
      code: "SEQR_DECISION_STALE",
    });
    expect(await world.row(invoice)).toMatchObject({ problem: "SEQR_REFUNDED_ELSEWHERE" });
    expect(world.ledger.decisions).toEqual([]);
    expect(await resolveAttentionItem(context, (await entry()).id, by("accept"))).toEqual([]);
    expect(world.ledger.decisions).toMatchObject([{ kind: "refunded_elsewhere", action: "accept" }]);
  });

  it("has one effect when two decide differently about the same money at once", async () => {
    const { id } = await entry();
    note({ state: "refunding", problem: "SEQR_97" });
    const refused = (await entry()).id;
    await expect(resolveAttentionItem(context, id, by("refund"))).rejects.toMatchObject({
      code: "SEQR_DECISION_STALE",
    });
    const decided = await Promise.allSettled([
      resolveAttentionItem(context, refused, by("accept")),
      resolveAttentionItem(context, refused, by("retry")),
    ]);
    expect(decided.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(world.ledger.decisions).toHaveLength(1);
  });

  it("has one effect when two accept the same problem of a finished payment at once", async () => {
    note({ state: "completed", problem: "SEQR_ORDER_TOTAL_DIFFERS" });
    const { id } = await entry();
    const decided = await Promise.allSettled([
      resolveAttentionItem(context, id, by("accept")),
      resolveAttentionItem(context, id, by("accept")),
    ]);
    expect(decided.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(world.ledger.decisions).toHaveLength(1);
  });

  it("dismisses together what was to be seen, and leaves what needs staff, in every state", async () => {
    for (const state of INVOICE_STATES) {
      note({ state, problem: "SEQR_ORDER_ABANDONED" });
      const [seen] = await entriesOfInvoices(context.seqr, [invoice.id]);
      if (!seen) continue;
      const [result] = await dismissAttentionItems(context, [seen.id], by("dismiss"));
      expect([seen.kind, result?.dismissed]).toEqual([seen.kind, seen.needs === "acknowledgement"]);
    }
  });
});
