import type { AttentionAction } from "../../../src/modules/seqr/attention/attention-kinds";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { resolveAttentionItem } from "../../../src/attention/attention-list";
import { watchDue } from "../../../src/processing/watch";
import { present } from "../modules/ledger-contract";
import { startStoreWorld, type StoreWorld } from "./store-world";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";
import { recordNotification } from "../../../src/modules/seqr/operations/record-notification";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";

describe("a payment of which SEQR says another sum than the invoice's", () => {
  let world: StoreWorld;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    world = await startStoreWorld({ proxied: true });
    ({ invoice } = await world.checkout());
    await world.pay(invoice);
    present(world.proxy).tamper = (answer) => answer.replace(/(<totalAmount>.*?<value>)[^<]*/, "$199.99");
    world.asked();
  });
  afterEach(() => world.stop());

  /** The watch does what is due until a time, and says when it did. */
  const watchFor = async (seconds: number): Promise<number[]> => {
    const looks: number[] = [];
    const end = world.now().getTime() + seconds * 1_000;
    for (;;) {
      const { due_at } = await world.row(invoice);
      if (due_at === null || due_at.getTime() > end) break;
      world.pass(Math.max(0, due_at.getTime() - world.now().getTime()) / 1_000);
      looks.push(world.now().getTime() / 1_000);
      await watchDue(world.processing);
    }
    return looks;
  };
  const pauses = (looks: number[]): number[] => looks.slice(1).map((at, index) => at - (looks[index] ?? 0));

  const decided = async (action: AttentionAction): Promise<void> => {
    const [entry] = await entriesOfInvoices(world.seqr, [invoice.id]);
    expect(entry).toMatchObject({ kind: "contradicting", needs: "person" });
    await resolveAttentionItem(world.processing, present(entry).id, {
      action,
      actorId: "user_1",
      reason: "SEQR says so",
    });
  };
  const lifetimeEnds = (): void => world.pass((invoice.expires_at.getTime() - world.now().getTime()) / 1_000);

  it("is polled ever more rarely after its lifetime, and not any more once staff have decided", async () => {
    await world.processInvoice(invoice);
    lifetimeEnds();
    world.asked();
    const waited = pauses(await watchFor(86_400));
    expect(waited.slice(-5)).toEqual([3_600, 3_600, 3_600, 3_600, 3_600]);
    expect(waited).toEqual([...waited].sort((one, other) => one - other));
    expect(world.asked().length).toBeLessThan(150);
    expect(await world.row(invoice)).toMatchObject({ state: "open", disputed_amount: "99.99" });

    await decided("dismiss");
    expect(await world.row(invoice)).toMatchObject({ state: "closed_by_staff" });
    world.asked();
    expect(await watchFor(86_400)).toEqual([]);
    expect(world.asked()).toEqual([]);
  });

  it("is polled once when it is announced after the end, and no more", async () => {
    await world.move(invoice, "canceled", { reason: "reversed", problem: "SEQR_REVERSED" });
    world.pass(1);
    await recordNotification(world.seqr, await world.row(invoice));
    await watchFor(86_400);
    expect(world.asked()).toEqual(["getPaymentStatus 0"]);
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", due_at: null });
    await decided("refund");
    expect(await world.row(invoice)).toMatchObject({ state: "refunded", amount: "99.99" });
    expect(world.refundsAtSeqr()).toEqual(["99.99"]);
  });

  it("is no payment that SEQR reverses: it was polled, and staff can refund it", async () => {
    await world.move(invoice, "unacknowledged", { reason: "order_impossible", due_at: world.now() });
    await pollPaymentStatus(world.seqr, await world.row(invoice), "completion");
    expect(await world.row(invoice)).toMatchObject({ state: "unacknowledged", disputed_amount: "99.99" });
    await decided("refund");
    expect(world.refundsAtSeqr()).toEqual(["99.99"]);
  });

  it("is never left to SEQR to take back, also when its cart cannot be an order any more", async () => {
    await world.processInvoice(invoice);
    world.rows.sessions.clear();
    expect(await world.processInvoice(invoice, "notification")).toMatchObject({ state: "open" });
    await decided("refund");
    expect(world.refundsAtSeqr()).toEqual(["99.99"]);
  });

  it("is polled no more often when its order was cancelled, and is not left to SEQR", async () => {
    const extra = await world.extraPayment();
    await world.pay(extra.invoice);
    await world.processInvoice(extra.invoice);
    extra.order.isCanceled = true;
    expect(await world.processInvoice(extra.invoice)).toMatchObject({ state: "open" });
    expect((await world.row(extra.invoice)).due_at).toEqual(new Date(world.now().getTime() + 5_000));
  });
});
