import { after } from "../../../src/clock";
import { INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import type { InvoicePatch, InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";

const DAY = 86_400;
const CONTRADICTS = "SEQR_ANSWER_CONTRADICTS";
const UNKNOWN = "SEQR_STATUS_UNKNOWN";
const FAILED = "SEQR_CAPTURE_FAILED";

describe("polling a reservation of 100 kronor", () => {
  let world: World;
  let invoice: InvoiceRecord;
  beforeEach(async () => {
    const options = { capture: "manual", reservationTime: 7 * DAY } as const;
    world = await startWorld({ options, proxied: true, isDistant: true });
    ({ invoice } = await world.issue());
  });
  afterEach(() => world.stop());

  const reference = (): string => present(invoice.invoice_reference ?? undefined);
  const poll = async (): Promise<InvoiceRecord> =>
    pollPaymentStatus(world.context, await world.row(invoice), "watch");
  const change = (patch: InvoicePatch) => world.ledger.update(invoice.id, patch, INVOICE_STATES);
  const tamper = (part: RegExp | string, instead: string): void => {
    present(world.proxy).tamper = (answer) => answer.replace(part, instead);
  };
  /** The shopper confirms, the ledger knows, and the invoice takes these steps. */
  const reserved = async (...steps: InvoiceState[]): Promise<void> => {
    await world.sandbox.phone.pay(reference());
    await poll();
    for (const step of steps) await world.move(invoice, step);
    world.pass(3);
  };
  const ordered = (...steps: InvoiceState[]) => reserved("authorized", "awaiting_capture", ...steps);
  const commit = (value = "100.00") =>
    world.client.commitReservation(reference(), { currency: "SEK", value });

  it("knows it from the moment of the poll, and that SEQR keeps it at least as long as from the poll before", async () => {
    world.pass(3);
    await poll();
    await world.move(invoice, "canceling", { reason: "superseded" });
    await world.sandbox.phone.pay(reference());
    world.pass(4);
    expect(await poll()).toMatchObject({
      ...{ state: "reserved", reason: null, reserved_amount: "100.00" },
      ...{ state_since: world.now(), reserved_at: world.now(), due_at: world.now() },
      reserved_until: after(world.now(), (7 * DAY - 4) * 1_000),
    });
  });

  it.each<[state: InvoiceState, before: string | null, status: string, after: string | null]>([
    // Of a reservation that waits for its capture the problem tells why it was not captured.
    ["awaiting_capture", FAILED, "RESERVED", FAILED],
    ["awaiting_capture", FAILED, "SOMETHING", FAILED],
    ["awaiting_capture", null, "SOMETHING", null],
    ["awaiting_capture", UNKNOWN, "RESERVED", null],
    ["awaiting_capture", CONTRADICTS, "RESERVED", null],
    ["capturing", "SEQR_94", "RESERVED", "SEQR_94"],
    ["capturing", "SEQR_94", "SOMETHING", UNKNOWN],
    ["capturing", UNKNOWN, "RESERVED", null],
  ])(
    "that is %s with the problem %s and the answer %s leaves it with %s",
    async (state, before, status, end) => {
      await ordered(...(state === "capturing" ? [state] : []));
      await change({ problem: before });
      tamper(/<status>[^<]*/, `<status>${status}`);
      expect(await poll()).toMatchObject({ state, problem: end });
    },
  );

  it.each<[InvoiceState, InvoicePatch, string]>([
    ["awaiting_capture", {}, "99.00"],
    // Only what is being committed can be charged.
    ["capturing", { capture_amount: "60.00" }, "100.00"],
    ["capturing", { capture_amount: "60.00", pending_amount: "80.00" }, "80.00"],
  ])("that is %s does not believe another amount", async (state, patch, claimed) => {
    await ordered(...(state === "capturing" ? [state] : []));
    await change({ problem: FAILED, ...patch });
    await commit("60.00");
    tamper(/(<totalAmount>.*?<value>)[^<]*/, `$1${claimed}`);
    expect(await poll()).toMatchObject({ state, problem: CONTRADICTS, disputed_amount: claimed });
  });

  it("finds what somebody at SEQR has committed, and gives it a capture", async () => {
    await ordered();
    await change({ problem: FAILED });
    await commit();
    expect(await poll()).toMatchObject({
      ...{ state: "committed", amount: "100.00", problem: null, paid_at: world.now() },
      ...{ capture_amount: "100.00", capture_key: `seqr-${invoice.id}`, due_at: after(world.now(), 60_000) },
    });
  });

  it.each([
    ["60.00", "60.00"],
    ["100.00", "100.00"],
    // Without an amount in SEQR's receipt.
    [undefined, "60.00"],
  ])("goes by what SEQR says that it has charged (%s)", async (said, amount) => {
    await ordered();
    await change({ capture_amount: "60.00", capture_key: "capt_1" });
    await commit(said ?? "60.00");
    if (said === undefined) tamper(/<totalAmount>.*?<\/totalAmount>/, "");
    expect(await poll()).toMatchObject({
      ...{ state: "committed", amount, capture_amount: amount, capture_key: "capt_1" },
    });
  });

  it("finds that what is being released is charged, and has it refunded at once", async () => {
    await ordered("releasing");
    await change({ due_at: after(world.now(), 60_000) });
    await commit();
    expect(await poll()).toMatchObject({
      ...{ state: "refunding", amount: "100.00", paid_at: world.now(), due_at: world.now() },
      ers_reference: expect.any(String),
    });
  });

  it("finds that what is being released is released", async () => {
    await ordered("releasing");
    await change({ problem: "SEQR_94" });
    await world.client.cancelInvoice(reference());
    expect(await poll()).toMatchObject({ state: "canceled", problem: null });
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", problem: null });
  });

  it("finds that it has lapsed, and has its payment in Medusa cancelled at once", async () => {
    await ordered();
    await change({ due_at: after(world.now(), 60_000) });
    await world.client.cancelInvoice(reference());
    // Reading takes its time, too.
    const { ledger } = world;
    const read = ledger.find.bind(ledger);
    jest.spyOn(ledger, "find").mockImplementation((key) => {
      world.pass(1);
      return read(key);
    });
    const polled = await pollPaymentStatus(world.context, present(ledger.invoices.at(-1)), "watch");
    expect(polled).toMatchObject({
      ...{ state: "lapsed", reason: "seqr", problem: "SEQR_RESERVATION_LAPSED", attempts: 1 },
      ...{ state_since: polled.observed_at, due_at: polled.observed_at },
    });
  });
});
