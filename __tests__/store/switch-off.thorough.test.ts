import { refundsAtSeqr, sell } from "./kit/sale";
import { startTestStore, type TestStore } from "./kit/store";
import type { Staff } from "./kit/staff";

const OFF = "switch-off";

describe("switching SEQR off", () => {
  let store: TestStore;
  let staff: Staff;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
  });
  afterAll(() => store?.stop());

  const regions = async (): Promise<string[]> => {
    const { regions: all } = await staff.admin<{ regions: { payment_providers: { id: string }[] }[] }>(
      "GET",
      "/regions?fields=*payment_providers",
    );
    return all.flatMap(({ payment_providers }) => payment_providers.map(({ id }) => id));
  };
  const statusAtSeqr = (code: unknown): string => store.sandbox.core.phone.bill(String(code)).status;

  it("removes SEQR from all regions, cancels open invoices, lists what is open, and keeps refunds possible", async () => {
    const [sold, doubtful] = [await sell(store), await sell(store)];
    store.sandbox.faults.add({ operation: "refundPayment", kind: "lost-answer" });
    await expect(staff.refund(doubtful.orderId, 10)).rejects.toMatchObject({
      body: { code: "SEQR_REFUND_UNKNOWN" },
    });
    const [waiting, paying] = [store.shopper(), store.shopper()];
    await waiting.fillCart();
    await paying.fillCart();
    const [open, begun] = [await waiting.startPayment(), await paying.startPayment()];
    await store.sandbox.phone.beginPay(begun.data.qr_text);
    expect(await regions()).toContain("pp_seqr_seqr");

    const said = await store.runOwnScript(OFF);
    expect(said).toMatch(
      /seqr: switched off in (Sweden|Finland)(, (Sweden|Finland))?\. No payment can be started/,
    );
    expect(said).toContain("seqr: cancelled open invoices: 1.");
    expect(said).toContain("- invoices that can still be paid, and would then be refunded: 1");
    expect(said).toContain("- refunds of unknown outcome: 1");
    expect(said).toContain("- entries of the attention list that require a person: 1");
    expect(said).toContain("seqr: orders paid with SEQR, which only the plugin can refund: 2.");
    expect((await regions()).filter((id) => id.startsWith("pp_seqr_"))).toEqual([]);
    expect(await regions()).not.toEqual([]);
    expect(statusAtSeqr(open.data.qr_text)).toBe("CANCELED");
    await waiting.statusBecomes(open, "canceled");
    await expect(waiting.startPayment()).rejects.toMatchObject({ status: 400 });

    await staff.refund(sold.orderId, 25);
    expect(refundsAtSeqr(store, sold.ersReference)).toHaveLength(1);

    // Whoever was paying gets the money back: no order can come of it, so SEQR is not told that the shop knows.
    await store.sandbox.phone.finishPay(begun.data.qr_text);
    await paying.statusBecomes(begun, "reversed");
    expect(statusAtSeqr(begun.data.qr_text)).toBe("CANCELED");
  });

  it("changes nothing the second time, and reports that nothing is open", async () => {
    const [doubtful] = await staff.attention();
    await staff.admin("POST", `/seqr/attention/${doubtful?.id}`, { action: "accept", reason: "SEQR has it" });
    for (const { id } of await staff.attention()) {
      await staff.admin("POST", "/seqr/attention/dismiss", { ids: [id], reason: "seen" });
    }
    const said = await store.runOwnScript(OFF);
    expect(said).toContain("seqr: not on in any region.");
    expect(said).toContain("seqr: nothing is open.");
  });
});
