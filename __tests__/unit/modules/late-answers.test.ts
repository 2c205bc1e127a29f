import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { POLLABLE_STATES, INVOICE_STATES, type InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { updateInvoice } from "../../../src/modules/seqr/operations/update-invoice";
import type { CallFaultKind } from "../../../src/sandbox";
import { present } from "./ledger-contract";
import { startWorld, type World } from "./seqr-world";
import { recordNotification } from "../../../src/modules/seqr/operations/record-notification";
import { patchInvoice } from "../../../src/modules/seqr/operations/take-transition";

type Call = "getPaymentStatus" | "cancelInvoice" | "updateInvoice";

/** An operation that begins while the invoice is open. */
interface Operation {
  name: string;
  /** Which of SEQR's answers comes late. */
  call: Call;
  /** The states about which the answer is; no other is changed by it. */
  about: readonly InvoiceState[];
  /** Whether the watch is told: it then looks sooner at what it would look at anyway. */
  hurries?: true;
  /** What happens at SEQR first. */
  first?: (world: World, reference: string) => unknown;
  run(world: World, invoice: InvoiceRecord): Promise<unknown>;
}

const fault =
  (operation: Call, kind: CallFaultKind, resultCode = 0, times = 1) =>
  (world: World): unknown =>
    world.sandbox.faults.add({ operation, kind, resultCode, times });
const tamper = (part: RegExp, instead: string) => (world: World) => {
  present(world.proxy).tamper = (answer) => answer.replace(part, instead);
};
const ROWS = [
  { itemDescription: "Tea", itemQuantity: "1", itemTotalAmount: { currency: "SEK", value: "90.00" } },
];
const look = ({ context }: World, invoice: InvoiceRecord) => pollPaymentStatus(context, invoice, "watch");
const cancel = ({ context }: World, invoice: InvoiceRecord) => cancelInvoice(context, invoice, "shopper");
const change = ({ context }: World, invoice: InvoiceRecord) => updateInvoice(context, invoice, "90.00", ROWS);

const CANCELABLE: readonly InvoiceState[] = ["open", "canceling", "unacknowledged"];
const UPDATABLE: readonly InvoiceState[] = ["open", "canceling", "unacknowledged", "paid", "reserved"];

const OPERATIONS: Operation[] = [
  ...[
    { name: "a look that fails", first: fault("getPaymentStatus", "result-code", 54) },
    { name: "a look whose answer is lost", first: fault("getPaymentStatus", "lost-answer") },
    {
      name: "a look with a contradicting answer",
      first: async (world: World, reference: string) => {
        await world.sandbox.phone.pay(reference);
        tamper(/(<totalAmount>.*?<value>)[^<]*/, "$199.99")(world);
      },
    },
    { name: "a look with an unknown status", first: tamper(/<status>[^<]*/, "<status>PARTIAL") },
    { name: "a look at one that is open as before" },
    {
      name: "a look at one that is paid",
      first: ({ sandbox }: World, reference: string) => sandbox.phone.pay(reference),
    },
    {
      name: "a look at one that the shopper cancelled",
      first: ({ sandbox }: World, reference: string) => sandbox.phone.cancel(reference),
    },
    {
      name: "a look at one that the bank refused",
      // eslint-disable-next-line words/forbidden -- a person says no on the phone
      first: ({ sandbox }: World, reference: string) => sandbox.phone.decline(reference),
    },
    { name: "a look at one that has expired", first: tamper(/<status>[^<]*/, "<status>EXPIRED") },
  ].map((one) => ({ call: "getPaymentStatus" as const, about: POLLABLE_STATES, run: look, ...one })),
  ...[
    { name: "a cancellation", about: CANCELABLE },
    { name: "a cancellation that came second", about: CANCELABLE, code: 95 },
    {
      name: "a cancellation while the shopper pays",
      about: ["open"] as const,
      code: 50,
      hurries: true as const,
    },
    { name: "a cancellation without an answer", about: ["open", "canceling"] as const, lost: true as const },
    { name: "a cancellation that SEQR refuses", about: ["open", "canceling"] as const, code: 54 },
  ].map(
    ({
      code,
      lost,
      ...one
    }: {
      name: string;
      about: readonly InvoiceState[];
      code?: number;
      lost?: true;
      hurries?: true;
    }) => ({
      ...{ call: "cancelInvoice" as const, run: cancel, ...one },
      ...(code !== undefined && { first: fault("cancelInvoice", "result-code", code) }),
      ...(lost && { first: fault("cancelInvoice", "lost-request") }),
    }),
  ),
  { name: "a change of the sum", call: "updateInvoice", about: UPDATABLE, run: change },
  {
    name: "a change of the sum that SEQR refuses",
    call: "updateInvoice",
    about: UPDATABLE,
    hurries: true,
    first: fault("updateInvoice", "result-code", 54),
    run: change,
  },
  {
    name: "a change of the sum without an answer",
    call: "updateInvoice",
    // Nobody knows over which sum it is, so it is cancelled, and this is about a cancellation.
    about: CANCELABLE,
    first: fault("updateInvoice", "lost-answer", 0, 2),
    run: change,
  },
];

const FINISHED: readonly InvoiceState[] = ["completed", "refunded", "closed_by_staff", "not_issued"];

describe("an answer that comes late", () => {
  let world: World;
  let purchases = 0;
  beforeAll(async () => {
    world = await startWorld({ proxied: true });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    if (world.proxy) world.proxy.tamper = undefined;
  });
  afterAll(() => world.stop());

  const issue = async (): Promise<InvoiceRecord> =>
    (await world.issue({ paymentCollectionId: `pay_col_late_${++purchases}` })).invoice;

  /** Whatever was done meanwhile: the invoice is in this state, with entries of its own. */
  const moveTo = async (invoice: InvoiceRecord, state: InvoiceState): Promise<InvoiceRecord> => {
    const row = present(world.ledger.invoices.find(({ id }) => id === invoice.id));
    const entries = { reason: "session_gone", problem: "SEQR_REFUND_NOT_MADE", problem_about: "ref_1" };
    const due_at = FINISHED.includes(state) ? null : new Date(world.now().getTime() + 77_000);
    Object.assign(row, { state, ...entries, attempts: 3, due_at });
    return world.row(invoice);
  };

  /** Holds the first answer of SEQR back until the ledger has moved. */
  const holdBack = (call: Call, meanwhile: () => Promise<void>): void => {
    const { client } = world;
    const ask = client[call].bind(client) as (...asked: unknown[]) => Promise<unknown>;
    const held = async (...asked: unknown[]): Promise<unknown> => {
      const answer = await ask(...asked).then(
        (value) => () => value,
        (error: unknown) => () => Promise.reject(error as Error),
      );
      await meanwhile();
      return answer();
    };
    jest.spyOn(client, call as "cancelInvoice").mockImplementationOnce(held as typeof client.cancelInvoice);
  };

  describe.each(OPERATIONS)("to $name", ({ call, about, hurries, first, run }) => {
    it.each(INVOICE_STATES)("changes an invoice that is %s only if it is about that", async (state) => {
      const invoice = await issue();
      await first?.(world, invoice.invoice_reference ?? "");
      let before: InvoiceRecord | undefined;
      holdBack(call, async () => {
        before = await moveTo(invoice, state);
      });
      await run(world, invoice).catch((error: unknown) => {
        if (!(error instanceof Error) || !("code" in error)) throw error;
      });
      const after = await world.row(invoice);
      if (about.includes(state)) expect(after).not.toEqual(present(before));
      else if (hurries && after.due_at) expect({ ...after, due_at: before?.due_at }).toEqual(before);
      else expect(after).toEqual(present(before));
    });
  });

  it.each(INVOICE_STATES)("as a notification brings nothing forward of what is %s", async (state) => {
    const invoice = await issue();
    const before = await moveTo(invoice, state);
    await recordNotification(world.context, invoice);
    const { notified_at, due_at, ...after } = await world.row(invoice);
    expect({ ...before, ...after }).toEqual(before);
    expect(notified_at).toEqual(world.now());
    const isAbout = POLLABLE_STATES.includes(state);
    expect(due_at).toEqual(isAbout ? new Date(world.now().getTime() + 5_000) : before.due_at);
  });

  it.each(INVOICE_STATES)("as a note about an open one leaves what is %s", async (state) => {
    const invoice = await issue();
    const before = await moveTo(invoice, state);
    const seqr = world.context;
    expect(await patchInvoice(seqr, invoice, { attempts: 9, problem: "SEQR_ORDER_FAILED" })).toBe(
      state === "open",
    );
    if (state !== "open") expect(await world.row(invoice)).toEqual(before);
  });
});
