import { after } from "../../../src/clock";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { acquireDueLeasesAt } from "../../../src/modules/seqr/ledger/lease";
import type { InvoiceRecord } from "../../../src/modules/seqr/ledger/ledger";
import { cancelInvoice } from "../../../src/modules/seqr/operations/cancel-invoice";
import { issueInvoice } from "../../../src/modules/seqr/operations/issue-invoice";
import { listUnknownTerminals } from "../../../src/modules/seqr/operations/list-unknown-terminals";
import type { OperationContext } from "../../../src/modules/seqr/operations/operation-context";
import { pollPaymentStatus } from "../../../src/modules/seqr/operations/poll-payment-status";
import { recordPageView } from "../../../src/modules/seqr/operations/record-page-view";
import {
  REQUESTED_BY_MEDUSA,
  refundInvoice,
} from "../../../src/modules/seqr/operations/refund/refund-invoice";
import { openTerminals, Terminals } from "../../../src/modules/seqr/operations/terminals";
import { updateInvoice } from "../../../src/modules/seqr/operations/update-invoice";
import { entriesOfInvoices } from "../../../src/modules/seqr/attention/find-entries";
import { resolveStore } from "../../../src/options/store-options";
import { SeqrNotDeliveredError, type SoapTransport } from "../../../src/seqr";
import { handleNotification } from "../../../src/processing/handle-notification";
import type { ProcessingContext } from "../../../src/processing/processing-context";
import { processPayment } from "../../../src/processing/process-payment";
import { reconcileRefunds } from "../../../src/processing/refunds/reconcile-refunds";
import { refundCanceledOrders } from "../../../src/processing/refunds/refund-canceled-orders";
import { watchDue } from "../../../src/processing/watch";
import { CANARY } from "../../store/kit/secrets";
import { gate, startStoreWorld, type StoreWorld } from "../processing/store-world";
import { present } from "./ledger-contract";
import { eventually, TWO_TERMINALS } from "./seqr-world";

describe("an invoice's terminal", () => {
  const shared = { password: "a password", backendUrl: "https://api.shop.example", shopName: "Nordic Goods" };
  const entry = (terminalId: string, host: string, more = {}) => ({
    ...{ terminalId, currencies: ["SEK"], endpoint: `https://${host}.example/soap`, ...more },
  });
  const clock = { now: () => new Date(0), schedule: () => () => undefined };
  const open = (terminals: Record<string, object>): Terminals =>
    openTerminals(resolveStore({ ...shared, terminals }).terminals, {
      ledger: { latestPaid: () => Promise.resolve([]) },
      clock,
    });
  const nameOf = (terminals: Terminals, terminal: string | null, terminal_id: string) =>
    terminals.find({ terminal, terminal_id })?.name;

  it("is the one with its name and its id", () => {
    const terminals = open({ se: entry("1", "a"), fi: entry("1", "b"), dk: entry("2", "b") });
    expect(nameOf(terminals, "se", "1")).toBe("se");
    expect(nameOf(terminals, "fi", "1")).toBe("fi");
    expect(nameOf(terminals, "dk", "2")).toBe("dk");
    for (const [name, id] of [
      ["se", "2"],
      ["no", "1"],
    ] as const) {
      expect(nameOf(terminals, name, id)).toBeUndefined();
      expect(() => terminals.of({ terminal: name, terminal_id: id })).toThrow(
        expect.objectContaining({
          code: "SEQR_TERMINAL_UNKNOWN",
          message: expect.stringContaining(`"${name}", id ${id}`),
        }),
      );
    }
  });

  it("is found by its id where the invoice has no name, unless two endpoints have that id", () => {
    const terminals = open({
      se: entry("1", "a", { retired: true }),
      se2: entry("1", "a"),
      fi: entry("2", "a"),
      dk: entry("2", "b"),
    });
    expect(nameOf(terminals, null, "1")).toBe("se");
    expect(nameOf(terminals, null, "2")).toBeUndefined();
    expect(terminals.keysOf(terminals.all)).toEqual([
      { terminal: "se", terminal_id: "1" },
      { terminal: null, terminal_id: "1" },
      { terminal: "se2", terminal_id: "1" },
      { terminal: "fi", terminal_id: "2" },
      { terminal: "dk", terminal_id: "2" },
    ]);
  });

  it("shares what is known of an endpoint with the others there, and nothing else", () => {
    const terminals = open({ se: entry("1", "a"), fi: entry("2", "a"), dk: entry("3", "b") });
    expect(terminals.endpoints.map(({ address }) => address)).toEqual([
      "https://a.example/soap",
      "https://b.example/soap",
    ]);
    expect(terminals.at(present(terminals.endpoints[0])).map(({ name }) => name)).toEqual(["se", "fi"]);
    expect(new Set(terminals.all.map(({ credentials }) => credentials)).size).toBe(3);
  });

  it("is the only one for a provider that names none", () => {
    expect(open({ se: entry("1", "a") }).named(undefined).name).toBe("se");
    const two = open({ se: entry("1", "a"), fi: entry("2", "a") });
    for (const [name, shown] of [
      [undefined, "not named"],
      ["dk", "dk"],
    ] as const)
      expect(() => two.named(name)).toThrow(
        expect.objectContaining({
          code: "SEQR_TERMINAL_UNKNOWN",
          message: expect.stringContaining(`terminal is ${shown}.`),
        }),
      );
    expect(() => two.of({ terminal: null, terminal_id: "3" })).toThrow('"without a name", id 3');
  });

  it("tells its endpoint's breaker how each call went, and no other", async () => {
    const urls: string[] = [];
    const transport: SoapTransport = {
      close: () => undefined,
      post: (url, _, operation) => {
        urls.push(url);
        return Promise.reject(new SeqrNotDeliveredError("SEQR_UNREACHABLE", operation, "away"));
      },
    };
    const terminals = openTerminals(
      resolveStore({ ...shared, terminals: { se: entry("1", "a"), fi: entry("2", "b") } }).terminals,
      { ledger: { latestPaid: () => Promise.resolve([]) }, clock, client: { transport } },
    );
    const [se, fi] = terminals.all;
    for (let call = 0; call < 5; call++)
      await expect(se?.client.cancelInvoice("1")).rejects.toMatchObject({ code: "SEQR_UNREACHABLE" });
    expect(new Set(urls)).toEqual(new Set(["https://a.example/soap"]));
    expect([se?.endpoint.breaker.isOpen, fi?.endpoint.breaker.isOpen]).toEqual([true, false]);
  });
});

type Sale = Awaited<ReturnType<StoreWorld["ordered"]>>;

describe("a store with two terminals at two endpoints", () => {
  let world: StoreWorld;
  let seqr: OperationContext;
  beforeEach(async () => {
    world = await startStoreWorld(TWO_TERMINALS);
    seqr = world.seqr;
  });
  afterEach(() => world.stop());

  /** The terminals that called SEQR since the last call, and what they asked. */
  const callers = (): string[] =>
    world.sandbox
      .calls()
      .slice(calls)
      .map(({ operation, principal }) => {
        calls += 1;
        return `${operation} ${principal}`;
      });
  let calls = 0;
  beforeEach(() => void (calls = 0));

  it("makes every call about an invoice with the credentials of the terminal that made it", async () => {
    const rows = [
      { itemDescription: "Coffee", itemQuantity: "1", itemTotalAmount: { currency: "EUR", value: "90.00" } },
    ];
    const { invoice } = await world.checkout("100.00", "fi");
    expect(invoice).toMatchObject({ terminal: "fi", terminal_id: "terminal_fi", currency_code: "EUR" });
    const updated = await updateInvoice(seqr, invoice, "90.00", rows);
    await world.pay(updated);
    await pollPaymentStatus(seqr, await world.row(invoice), "watch");
    await refundInvoice(seqr, await world.row(invoice), {
      amount: "10.00",
      idempotencyKey: "refund_1",
      reason: REQUESTED_BY_MEDUSA,
    });
    const { invoice: other } = await world.checkout("100.00", "fi");
    await cancelInvoice(seqr, other, "merchant");
    expect(callers()).toEqual(
      [
        "sendInvoice",
        "updateInvoice",
        "getPaymentStatus",
        "refundPayment",
        "sendInvoice",
        "cancelInvoice",
      ].map((operation) => `${operation} terminal_fi`),
    );
    await world.checkout("100.00", "se");
    expect(callers()).toEqual([`sendInvoice ${CANARY.terminal.id}`]);
  });

  it("refuses a currency of another terminal, and says which provider takes it", async () => {
    await expect(world.issue({ terminal: "se", currencyCode: "eur" })).rejects.toMatchObject({
      code: "SEQR_CURRENCY",
      message: expect.stringMatching(/It is EUR; the terminal takes SEK\..*take it: pp_seqr_fi\./),
    });
    await expect(world.issue({ terminal: "se", currencyCode: "nok" })).rejects.toThrow(/takes SEK\. [^T]/);
  });

  it("has one payable code of a purchase, whichever terminals it was started with", async () => {
    const { invoice, collectionId } = await world.checkout("100.00", "se");
    const { invoice: second } = await world.startPayment(collectionId, "fi");
    expect(await world.row(invoice)).toMatchObject({ state: "canceled", reason: "superseded" });
    expect(second).toMatchObject({ state: "open", terminal: "fi" });
    expect(callers()).toEqual([
      ...["sendInvoice", "cancelInvoice"].map((operation) => `${operation} ${CANARY.terminal.id}`),
      "sendInvoice terminal_fi",
    ]);
  });

  it("sells no more with a retired terminal, and watches and refunds its payments", async () => {
    const { invoice } = await world.checkout("100.00", "fi");
    present(seqr.terminals.all[1]).options.retired = true;
    await expect(world.checkout("100.00", "fi")).rejects.toMatchObject({
      code: "SEQR_TERMINAL_RETIRED",
      message: expect.stringContaining('It is "fi".'),
    });
    await world.pay(invoice);
    world.pass(5);
    expect(await watchDue(world.processing)).toBe(1);
    const { payment } = { payment: present(world.paymentOf(invoice.session_id)) };
    await world.refund(payment, "100.00");
    expect(world.refundsAtSeqr()).toEqual(["100.00"]);
  });

  describe("of which one hangs", () => {
    const hang = (): ReturnType<typeof gate> => {
      const held = gate();
      const { client } = seqr.terminals.named("fi");
      const ask = client.getPaymentStatus.bind(client);
      jest.spyOn(client, "getPaymentStatus").mockImplementation(async (...asked) => {
        await held.pass();
        return ask(...asked);
      });
      return held;
    };
    const many = async (count: number): Promise<InvoiceRecord[]> => {
      const invoices = [];
      for (let number = 0; number < count; number++)
        invoices.push((await world.checkout("100.00", "fi")).invoice);
      return invoices;
    };

    it("sees the other's payments in the same sweep, also those that become due later", async () => {
      await many(25);
      const { invoice } = await world.checkout("100.00", "se");
      await world.pay(invoice);
      world.pass(5);
      const held = hang();
      const sweep = watchDue(world.processing);
      await eventually(() => world.ledger.invoices.at(-1)?.state === "completed");
      const { invoice: later } = await world.checkout("100.00", "se");
      await world.pay(later);
      await world.tick(5.5);
      await eventually(() => world.ledger.invoices.at(-1)?.state === "completed");
      held.open();
      expect(await sweep).toBeGreaterThanOrEqual(27);
    });

    it("processes the other's notified payments at once", async () => {
      const held = hang();
      for (const invoice of await many(6)) {
        await world.pay(invoice);
        await handleNotification(world.processing, await world.row(invoice));
      }
      const { invoice } = await world.checkout("100.00", "se");
      await world.pay(invoice);
      await handleNotification(world.processing, await world.row(invoice));
      await world.tick(0.1);
      await eventually(() => world.ledger.invoices.at(-1)?.state === "completed");
      held.open();
      await world.tick(30);
    });

    it("polls the other as often as ever while one counts as down", async () => {
      await many(3);
      for (let number = 0; number < 3; number++) await world.checkout("100.00", "se");
      for (let call = 0; call < 5; call++)
        present(seqr.terminals.all[1]).endpoint.breaker.record("SEQR_TIMEOUT");
      world.pass(5);
      const taken = async (at: number) =>
        (await acquireDueLeasesAt(seqr, present(seqr.terminals.endpoints[at]), 20)).length;
      expect([await taken(0), await taken(1)]).toEqual([3, 1]);
    });

    it("asks the ledger nothing for a terminal whose password SEQR refuses", async () => {
      const terminal = seqr.terminals.all[1];
      const ask = jest.spyOn(world.ledger, "acquireDueLeases");
      const asked = async (): Promise<number[]> => {
        ask.mockClear();
        await acquireDueLeasesAt(seqr, present(terminal).endpoint, 20);
        return ask.mock.calls.map(([{ limit }]) => limit);
      };
      expect(await asked()).toEqual([20]);
      present(terminal).credentials.record("SEQR_20");
      expect(await asked()).toEqual([]);
      world.pass(9.999);
      expect(await asked()).toEqual([]);
      world.pass(0.001);
      expect(await asked()).toEqual([1]);
      // Only a call that succeeds tells that the password is accepted.
      present(terminal).credentials.record("SEQR_54");
      expect(await asked()).toEqual([1]);
      present(terminal).credentials.record(0);
      expect(await asked()).toEqual([20]);
      ask.mockRestore();
    });
  });

  it("polls less often only those invoices of whose terminal notifications arrive", async () => {
    for (let number = 0; number < 3; number++) {
      const { invoice } = await world.checkout("100.00", "fi");
      await world.pay(invoice);
      await handleNotification(world.processing, invoice);
      await world.tick(1);
      await eventually(() => world.ledger.invoices.at(-1)?.state === "completed");
    }
    const secondsUntilDue = async (terminal: string): Promise<number> => {
      const { invoice } = await world.checkout("100.00", terminal);
      await world.ledger.update(invoice.id, { due_at: invoice.expires_at }, ["open"]);
      await recordPageView(seqr, invoice);
      return (Number((await world.row(invoice)).due_at) - world.now().getTime()) / 1_000;
    };
    expect([await secondsUntilDue("se"), await secondsUntilDue("fi")]).toEqual([1, 10]);
  });

  describe("of which one is not in the options any more", () => {
    const without = (...names: string[]): OperationContext => ({
      ...seqr,
      terminals: new Terminals(seqr.terminals.all.filter(({ name }) => !names.includes(name))),
    });

    it("lists its unfinished payments once, leaves them alone, and continues when it is back", async () => {
      const { invoice } = await world.checkout("100.00", "fi");
      const { invoice: other } = await world.checkout("100.00", "se");
      for (const one of [invoice, other]) await world.pay(one);
      callers();
      const less = without("fi");
      const processing = { ...world.processing, seqr: less };
      for (let minute = 0; minute < 3; minute++) {
        await listUnknownTerminals(less);
        for (let second = 0; second < 12; second++) {
          world.pass(5);
          await watchDue(processing);
        }
      }
      expect(callers().filter((call) => call.endsWith("terminal_fi"))).toEqual([]);
      expect(await world.row(other)).toMatchObject({ state: "completed" });
      const said = world.log.filter((line) => line.includes("SEQR_TERMINAL_UNKNOWN"));
      expect(said).toEqual([expect.stringMatching(/^error .*not in the options: 1, of fi \(terminal_fi\)$/)]);
      const [entry] = await entriesOfInvoices(less, [invoice.id]);
      expect(entry).toMatchObject({
        kind: "terminal_unknown",
        needs: "person",
        actions: ["retry", "dismiss"],
      });

      await watchDue(world.processing);
      expect(callers()).toEqual(["getPaymentStatus terminal_fi"]);
      // SEQR has reversed the payment, because nobody could poll it.
      expect(await world.row(invoice)).toMatchObject({ state: "canceled", problem: "SEQR_REVERSED" });
    });

    it("lists those that are overdue for a minute and have not ended, and says which terminals are missing", async () => {
      const made = async (terminal: string | null, pause: number, state: InvoiceState): Promise<string> => {
        const { invoice } = await world.checkout("100.00", "fi");
        const due_at = after(world.now(), -pause);
        Object.assign(present(world.ledger.invoices.at(-1)), { terminal, terminal_id: "t0", due_at, state });
        return invoice.id;
      };
      const listed = [await made("no", 60_000, "open"), await made(null, 70_000, "refunding")];
      const others = [await made("no", 59_999, "open"), await made("no", 70_000, "canceled")];
      await listUnknownTerminals(seqr);
      const problems = world.ledger.invoices.map(({ id, problem }) => [id, problem]);
      expect(problems).toEqual([
        ...listed.map((id) => [id, "SEQR_TERMINAL_UNKNOWN"]),
        ...others.map((id) => [id, null]),
      ]);
      expect(world.log.at(-1)).toMatch(/ options: 2, of no \(t0\), no name \(t0\)$/);
    });

    it("fails when it cannot take the problem from those whose terminal is back", async () => {
      jest.spyOn(world.ledger, "clearProblemOf").mockRejectedValueOnce(new Error("the database is away"));
      await expect(listUnknownTerminals(seqr)).rejects.toThrow("the database is away");
    });

    it("says so to everybody who asks about them, and lists them at once", async () => {
      const { invoice } = await world.checkout("100.00", "fi");
      const less = without("fi");
      const unknown = { code: "SEQR_TERMINAL_UNKNOWN", message: expect.stringContaining("retired: true") };
      await expect(pollPaymentStatus(less, invoice, "browser")).rejects.toMatchObject(unknown);
      const processing = { ...world.processing, seqr: less };
      for (let tries = 0; tries < 2; tries++) {
        const told = await processPayment(processing, await world.row(invoice), "browser");
        expect(told).toMatchObject({ state: "open", problem: "SEQR_TERMINAL_UNKNOWN" });
      }
      expect(await world.row(invoice)).toMatchObject({
        state: "open",
        problem: "SEQR_TERMINAL_UNKNOWN",
        lease_owner: null,
      });
      expect(world.log.filter((line) => /^error .*cannot be processed/.test(line))).toHaveLength(1);
    });

    it.each([null, 3_600])(
      "gives its code up, and cancels it when it is back (reservation time %s)",
      async (reservation_time) => {
        const { invoice, collectionId } = await world.checkout("100.00", "fi");
        Object.assign(world.ledger.invoices.at(-1) ?? {}, { reservation_time });
        const less = without("fi");
        callers();
        expect(await cancelInvoice(less, await world.row(invoice), "superseded")).toBe("unknown");
        expect(await world.row(invoice)).toMatchObject({ state: "canceling", reason: "superseded" });
        const next = {
          ...{ terminal: "se", sessionId: "payses_next", paymentCollectionId: collectionId },
          ...{ cartId: null, amount: "100.00", currencyCode: "SEK", rows: [] },
        };
        // The earlier code can still be paid, and nobody knows whether it was.
        await expect(issueInvoice(less, next)).rejects.toMatchObject({ code: "SEQR_TERMINAL_UNKNOWN" });
        expect(callers()).toEqual([]);
        world.pass(15);
        await watchDue(world.processing);
        expect(callers()).toContain("cancelInvoice terminal_fi");
        expect(await world.row(invoice)).toMatchObject({ state: "canceled", problem: null });
      },
    );

    it.each<[string, InvoiceState, (sale: Sale, processing: ProcessingContext) => Promise<unknown>]>([
      [
        "waits to refund a cancelled order",
        "refund_due",
        async ({ order }, processing) => {
          order.isCanceled = true;
          await refundCanceledOrders(processing, [order.id]);
        },
      ],
      [
        "waits to place the order of a payment again that core has rolled back",
        "paid",
        async ({ invoice, order }, processing) => {
          world.rows.orders.delete(order.id);
          await world.move(invoice, "paid", { due_at: world.now() });
          for (let n = 0; n < 20; n++) {
            world.pass(600);
            await watchDue(processing);
          }
        },
      ],
    ])("%s, and is listed at once", async (_, state, happen) => {
      const bought = await world.ordered("100.00", "fi");
      callers();
      await happen(bought, { ...world.processing, seqr: without("fi") });
      expect(await world.row(bought.invoice)).toMatchObject({
        ...{ state, problem: "SEQR_TERMINAL_UNKNOWN", attempts: 0 },
      });
      expect([callers(), bought.payment.refunds]).toEqual([[], []]);
    });

    it("shows its payments by the first terminal's options", () => {
      const shownBy = ({ terminals }: OperationContext): string =>
        terminals.shownBy({ terminal: "fi", terminal_id: "terminal_fi" }).providerId;
      expect([shownBy(seqr), shownBy(without("fi"))]).toEqual(["fi", "se"]);
    });
  });

  it.each([
    [
      "refunds that Medusa has recorded",
      async (sales: Sale[]): Promise<void> => {
        for (const { payment } of sales) await world.unasked(payment, "100.00");
        world.pass(121);
        return reconcileRefunds(world.processing);
      },
    ],
    [
      "orders that were cancelled",
      (sales: Sale[]): Promise<void> =>
        refundCanceledOrders(
          world.processing,
          sales.map(({ order }) => order.id),
        ),
    ],
  ])("refunds %s at one endpoint while the other hangs", async (_, run) => {
    // As many as there are endpoints: they would fill the lanes of both.
    const hanging = [await world.ordered("100.00", "fi"), await world.ordered("100.00", "fi")];
    const other = await world.ordered("100.00", "se");
    const { client } = seqr.terminals.named("fi");
    const refund = client.refundPayment.bind(client);
    const held = gate();
    jest.spyOn(client, "refundPayment").mockImplementation(async (...asked) => {
      await held.pass();
      return refund(...asked);
    });
    const stateOf = ({ invoice }: Sale): string | undefined =>
      world.ledger.refunds.find(({ invoice_id }) => invoice_id === invoice.id)?.state;
    const running = run([...hanging, other]);
    await held.reached;
    await eventually(() => stateOf(other) === "done");
    expect(hanging.map(stateOf)).toContain("requested");
    expect(hanging.map(stateOf)).not.toContain("done");
    held.open();
    await running;
    expect(hanging.map(stateOf)).toEqual(["done", "done"]);
  });

  it("leaves a terminal to other servers after SEQR refused this one's password, but for one try in ten seconds", async () => {
    const { invoice } = await world.checkout("100.00", "se");
    for (let number = 0; number < 3; number++) await world.checkout("100.00", "se");
    await world.pay(invoice);
    const atSeqr = present(world.sandbox.core.terminals().find(({ id }) => id === CANARY.terminal.id));
    const passwordIs = (password: string): void => world.sandbox.core.putTerminal({ ...atSeqr, password });
    passwordIs("another");
    world.pass(5);
    callers();
    await watchDue(world.processing);
    const before = callers().length;
    expect(before).toBeLessThanOrEqual(4);
    expect(await world.row(invoice)).toMatchObject({ state: "open", problem: "SEQR_20" });
    world.pass(1);
    // What this server could not poll is due for another one at once.
    expect(Number((await world.row(invoice)).due_at)).toBeLessThanOrEqual(world.now().getTime());
    expect(await watchDue(world.processing)).toBe(0);
    world.pass(9);
    expect(await watchDue(world.processing)).toBe(1);
    passwordIs(CANARY.terminal.password);
    world.pass(10);
    await watchDue(world.processing);
    expect((await world.row(invoice)).state).not.toBe("open");
  });
});
