import { until } from "../../testkit/http";
import { violations } from "../store/kit/invariants";
import { startSeqrProxy, type HoldWhen, type SeqrProxy } from "../store/kit/seqr-proxy";
import type { Shopper } from "../store/kit/shopper";
import type { Staff } from "../store/kit/staff";
import { POINTS_OF_RESERVATIONS, StoppingPoints, type StoppingPointName } from "../store/kit/stopping-points";
import { startTestStore, type TestStore } from "../store/kit/store";
import { comeToRest } from "../store/kit/time";

type Place =
  | { row: StoppingPointName; commit: "kept" | "lost" }
  | { call: "commitReservation" | "cancelInvoice" | "getPaymentStatus"; held: HoldWhen };

interface CrashPoint {
  does: "capture" | "cancel";
  place: Place;
}

const rows = (does: CrashPoint["does"], ...names: StoppingPointName[]): CrashPoint[] =>
  names.flatMap((row) =>
    (["lost", "kept"] as const).map((commit): CrashPoint => ({ does, place: { row, commit } })),
  );
const calls = (does: CrashPoint["does"], call: Extract<Place, { call: string }>["call"]): CrashPoint[] =>
  (["before", "after"] as const).map((held) => ({ does, place: { call, held } }));

/** Every point between the button of staff and the last record of a capture, and of a release. */
const POINTS: readonly CrashPoint[] = [
  ...rows("capture", "capture written", "invoice capturing", "invoice committed", "payment captured"),
  ...rows("capture", "money entered", "invoice processed"),
  ...calls("capture", "commitReservation"),
  ...calls("capture", "getPaymentStatus"),
  ...rows("cancel", "invoice releasing", "invoice canceled"),
  ...calls("cancel", "cancelInvoice"),
];

const nameOf = ({ does, place }: CrashPoint): string =>
  `${does}: ${"row" in place ? `${place.row}, commit ${place.commit}` : `${place.call}, ${place.held} SEQR's work`}`;

/** An order with a reservation, on its way to its point. */
interface Purchase {
  point: CrashPoint;
  shopper: Shopper;
  reference: string;
  orderId: string;
}

describe("a server that is killed while a reservation is captured or released", () => {
  let store: TestStore;
  let staff: Staff;
  let proxy: SeqrProxy;
  const purchases: Purchase[] = [];
  let unreached: string[] = [];
  let left: unknown[] = [];

  beforeAll(async () => {
    store = await startTestStore({
      env: { DATABASE_POOL_MAX: "80", SEQR_CAPTURE: "manual" },
      // Long enough for every point to be reached and a server to come back.
      sandbox: { reversalAfter: 400_000 },
      between: async (sandbox) => (proxy = await startSeqrProxy(sandbox.endpoint)),
    });
    staff = await store.staff();
    const stopping = await StoppingPoints.install(store.sql);
    for (const [index, point] of POINTS.entries()) purchases.push(await order(point, index));
    for (const { point, shopper } of purchases)
      if ("row" in point.place) await stopping.set(shopper.cartId, point.place.row);
    const held = new Set<string>();
    proxy.hold = ({ operation, body }) => {
      const found = purchases.find(({ reference }) => body.includes(reference));
      const place = found?.point.place;
      if (!found || !place || !("call" in place) || place.call !== operation)
        return Promise.resolve(undefined);
      held.add(found.shopper.cartId);
      return Promise.resolve(place.held);
    };
    for (const { point, orderId } of purchases)
      void (point.does === "capture" ? staff.capture(orderId) : staff.cancel(orderId)).catch(() => undefined);
    const reached = async (): Promise<string[]> => {
      const stopped = await stopping.stopped();
      return [...held, ...stopped.map(({ cartId }) => cartId)];
    };
    const isReached = (carts: string[]): boolean =>
      purchases.every(({ shopper }) => carts.includes(shopper.cartId));
    const carts = await until(reached, isReached, { seconds: 60 }).catch(reached);
    unreached = purchases
      .filter(({ shopper }) => !carts.includes(shopper.cartId))
      .map(({ point }) => nameOf(point));

    await store.server.kill();
    for (const stopped of await stopping.stopped()) {
      const place = purchases.find(({ shopper }) => shopper.cartId === stopped.cartId)?.point.place;
      if (place && "row" in place && place.commit === "lost") await stopping.rollBack(stopped);
    }
    await stopping.release();
    proxy.hold = undefined;
    await store.startServer({}, store.server.port);
    staff = await store.staff();
    await finish();
    left = await until(
      () => violations(store),
      (found) => found.length === 0,
      { seconds: 300, every: 3_000 },
    ).catch(() => violations(store));
  }, 900_000);
  afterAll(() => store?.stop());

  async function order(point: CrashPoint, index: number): Promise<Purchase> {
    const shopper = store.shopper({ email: `shopper-${index}@example.com` });
    await shopper.fillCart({ MUG: 1 });
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    const { order } = await shopper.statusBecomes(session, "paid", 180);
    const orderId = order?.id ?? "";
    await until(
      () => staff.seqrPayments(orderId),
      ([payment]) => payment?.state === "awaiting_capture",
    );
    return { point, shopper, reference: session.data.invoice_reference, orderId };
  }

  /** What staff do who saw an error: they look at the order, and press again where nothing has happened. */
  async function finish(): Promise<void> {
    await comeToRest(
      store.sql,
      purchases.map(({ shopper }) => shopper.cartId),
      { seconds: 150, faster: 20 },
    );
    for (const { point, orderId } of purchases) {
      const [payment] = await staff.seqrPayments(orderId);
      const { status } = await staff.order(orderId);
      if (point.does === "cancel" && status !== "canceled") await staff.cancel(orderId);
      if (point.does === "capture" && payment?.state === "awaiting_capture") await staff.capture(orderId);
    }
  }

  it("is killed at every point", () => {
    expect(unreached).toEqual([]);
  });

  it("leaves nothing that does not agree, at SEQR, in the ledger and in Medusa", () => {
    expect(left).toEqual([]);
  });

  it.each(POINTS.map((point, index) => [nameOf(point), index] as const))("%s", (_, index) => {
    const { point, reference } = purchases[index] ?? {};
    const taken = store.sandbox.core
      .transactions()
      .filter(
        ({ kind, reversed, invoiceReference: of }) => kind === "payment" && !reversed && of === reference,
      );
    expect(taken).toHaveLength(point?.does === "capture" ? 1 : 0);
    const { status } = store.sandbox.core.invoice(reference ?? "") ?? {};
    expect(status).toBe(point?.does === "capture" ? "PAID" : "CANCELED");
  });

  it("has been killed at every point that only reservations have", () => {
    const used = new Set<string>(POINTS.flatMap(({ place }) => ("row" in place ? [place.row] : [])));
    expect(Object.keys(POINTS_OF_RESERVATIONS).filter((name) => !used.has(name))).toEqual([]);
  });
});
