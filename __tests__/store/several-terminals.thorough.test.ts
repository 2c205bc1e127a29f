import { startSandbox, type RunningSandbox } from "../../src/sandbox";
import type { StoreEnvironment } from "../../testkit/store";
import { send, until } from "../../testkit/http";
import { CANARY } from "./kit/secrets";
import { startSeqrProxy, type SeqrProxy } from "./kit/seqr-proxy";
import { sell, type Sale } from "./kit/sale";
import type { Session, Shopper } from "./kit/shopper";
import { Staff } from "./kit/staff";
import { STAFF } from "../../testkit/store";
import { startTestStore, type TestStore } from "./kit/store";

const SE = { ...CANARY.terminal, id: "terminal_se" };
const FI = { ...CANARY.terminal, id: "terminal_fi", currency: "EUR" };

/**
 * A store that had one terminal, and has three by now: the first is retired, and the third is at another endpoint and reserves what
 * staff capture.
 */
describe("a store with several terminals", () => {
  let store: TestStore;
  let finland: RunningSandbox;
  let toFinland: SeqrProxy;
  let env: StoreEnvironment;
  let url: string;
  let log: () => string;
  let staff: Staff;
  let earlier: Sale;
  beforeAll(async () => {
    // SEQR's time there stands still, so that it reverses nothing while its endpoint hangs.
    finland = await startSandbox({ terminals: [FI], shopper: CANARY.payer, clock: "turnable" });
    toFinland = await startSeqrProxy(finland.endpoint);
    store = await startTestStore({ sandbox: { terminals: [CANARY.terminal, SE] } });
    earlier = await sell(store);
    const { id, password } = CANARY.terminal;
    env = {
      SEQR_RESPONSE_TIMEOUT: "2000",
      SEQR_TERMINALS: JSON.stringify({
        seqr: { terminalId: id, retired: true },
        se: { terminalId: SE.id, returnUrl: "https://se.shop.example/checkout" },
        fi: {
          ...{ terminalId: FI.id, password, endpoint: toFinland.endpoint, currencies: ["EUR"] },
          capture: "manual",
          ...{ shopName: "Nordic Goods Finland", brandName: "Glase" },
          returnUrl: "https://fi.shop.example/order/{order_id}",
        },
      }),
    };
    await store.server.stop();
    const server = await store.startServer(env);
    url = server.url;
    log = () => server.output();
    staff = await Staff.login(url, STAFF);
  });
  afterAll(async () => {
    await store?.stop();
    await toFinland?.stop();
    await finland?.stop();
  });

  const paid = async (
    shopper: Shopper,
    session: Session,
    sandbox: RunningSandbox,
  ): Promise<{ orderId: string; reference: string }> => {
    await sandbox.phone.pay(session.data.qr_text);
    const { order, ers_reference } = await shopper.statusBecomes(session, "paid");
    return { orderId: order?.id ?? "", reference: ers_reference ?? "" };
  };
  const inFinland = async (): Promise<{ shopper: Shopper; session: Session }> => {
    const shopper = store.shopper({ url });
    await shopper.fillCart({ MUG: 1 }, store.seeded.euro_region_id);
    return { shopper, session: await shopper.startPayment("pp_seqr_fi") };
  };
  const inSweden = async (): Promise<{ shopper: Shopper; session: Session }> => {
    const shopper = store.shopper({ url });
    await shopper.fillCart({ MUG: 1 });
    return { shopper, session: await shopper.startPayment("pp_seqr_se") };
  };
  /** Where the phone is sent after the app. */
  const wayBack = async (session: Session): Promise<string | null> => {
    const answer = await fetch(`${url}/seqr/return/${session.data.token}`, { redirect: "manual" });
    return answer.headers.get("location");
  };
  const refundedBy = (sandbox: RunningSandbox, principal: string, reference: string): string[] => {
    const made = sandbox.core
      .transactions()
      .filter(({ kind, refundOf }) => kind === "refund" && refundOf === reference);
    const asked = sandbox
      .calls()
      .filter((call) => call.operation === "refundPayment" && call.ersReference === reference);
    expect(new Set(asked.map((call) => call.principal))).toEqual(new Set([principal]));
    return made.map(({ amount }) => amount.value);
  };

  it("says at its start of each terminal where it is, and whether it is retired", () => {
    const said = log().match(/seqr: (on|retired), sandbox: [^"]*/g);
    expect(said).toEqual([
      `seqr: retired, sandbox: ${store.sandbox.endpoint}, terminal ${CANARY.terminal.id} (seqr)`,
      `seqr: on, sandbox: ${store.sandbox.endpoint}, terminal ${SE.id} (se)`,
      `seqr: on, sandbox: ${toFinland.endpoint}, terminal ${FI.id} (fi)`,
    ]);
  });

  it("starts no payment with the retired terminal, which a region may still offer", async () => {
    const shopper = store.shopper({ url });
    await shopper.fillCart({ MUG: 1 });
    await expect(shopper.startPayment("pp_seqr_seqr")).rejects.toMatchObject({
      body: { code: "SEQR_TERMINAL_RETIRED" },
    });
  });

  it("offers in each region the terminal of its currency, and the retired one nowhere", async () => {
    const said = await store.runOwnScript("ready-region", env);
    for (const line of [
      "Sweden (SEK): shoppers can no longer pay with pp_seqr_seqr, which is retired",
      "Sweden (SEK): shoppers can pay with pp_seqr_se",
      "Finland (EUR): shoppers can pay with pp_seqr_fi",
    ])
      expect(said).toContain(line);
    const offered = async (regionId: string): Promise<string[]> => {
      const { payment_providers } = await store
        .shopper({ url })
        .store<{ payment_providers: { id: string }[] }>("GET", `/payment-providers?region_id=${regionId}`);
      return payment_providers.map(({ id }) => id).sort();
    };
    expect(await offered(store.seeded.region_id)).toEqual(["pp_seqr_se", "pp_system_default"]);
    expect(await offered(store.seeded.euro_region_id)).toEqual(["pp_seqr_fi", "pp_system_default"]);
  });

  it("says so when no terminal takes the currency of any region", async () => {
    const terminals = { no: { terminalId: SE.id, currencies: ["NOK"] } };
    await expect(
      store.runOwnScript("ready-region", { ...env, SEQR_TERMINALS: JSON.stringify(terminals) }),
    ).rejects.toThrow(/SEQR_NO_REGION|Option `currencies`: NOK/);
  });

  it("leaves the choice to staff where several terminals take a region's currency", async () => {
    const terminals = { dk: { terminalId: SE.id }, no: { terminalId: CANARY.terminal.id } };
    const said = await store.runOwnScript("ready-region", {
      ...env,
      SEQR_TERMINALS: JSON.stringify(terminals),
    });
    expect(said).toMatch(/Sweden \(SEK\): choose one in the admin .*: pp_seqr_dk, pp_seqr_no/);
    expect(said).not.toContain("shoppers can pay");
  });

  it("sells, captures and refunds in each currency, at the endpoint and with the options of its terminal", async () => {
    const finnish = await inFinland();
    expect(finnish.session.data).toMatchObject({
      ...{ shop_name: "Nordic Goods Finland", brand_name: "Glase", currency_code: "EUR" },
    });
    expect(finland.invoices().at(-1)).toMatchObject({ invoice: { title: "Nordic Goods Finland" } });
    const swedish = await inSweden();
    expect(swedish.session.data).toMatchObject({ shop_name: "Nordic Goods", brand_name: "SEQR" });

    const bought = {
      fi: await paid(finnish.shopper, finnish.session, finland),
      se: await paid(swedish.shopper, swedish.session, store.sandbox),
    };
    expect(finland.core.transactions()).toEqual([]);
    await staff.capture(bought.fi.orderId);
    expect(await staff.order(bought.fi.orderId)).toMatchObject({ payment_status: "captured" });
    const commits = finland.calls().filter(({ operation }) => operation === "commitReservation");
    expect(commits).toMatchObject([{ principal: FI.id }]);
    const [{ ers_reference } = {}] = await staff.seqrPayments(bought.fi.orderId);
    expect(await wayBack(finnish.session)).toBe(`https://fi.shop.example/order/${bought.fi.orderId}`);
    expect(await wayBack(swedish.session)).toMatch(
      /^https:\/\/se\.shop\.example\/checkout\?.*seqr_status=paid/,
    );
    await staff.refund(bought.fi.orderId, 5);
    await staff.refund(bought.se.orderId, 50);
    expect(refundedBy(finland, FI.id, ers_reference ?? "")).toEqual(["5.00"]);
    expect(refundedBy(store.sandbox, SE.id, bought.se.reference)).toEqual(["50.00"]);
    expect(await staff.seqrPayments(bought.fi.orderId)).toMatchObject([{ terminal: "fi" }]);
  });

  it("refunds what was paid with the retired terminal", async () => {
    await staff.refund(earlier.orderId, 10);
    expect(refundedBy(store.sandbox, CANARY.terminal.id, earlier.ersReference)).toEqual(["10.00"]);
  });

  it("cancels an order, reserved or charged, and the code of a cart that changes, at the endpoint of its terminal", async () => {
    const { shopper, session } = await inFinland();
    const { orderId } = await paid(shopper, session, finland);
    await staff.cancel(orderId);
    const { stage, status } = finland.core.invoice(session.data.invoice_reference) ?? {};
    expect([stage, status]).toEqual(["cancelled", "CANCELED"]);
    expect(await shopper.status(session)).toMatchObject({ status: "canceled", can_renew: false });
    const home = await inSweden();
    const sold = await paid(home.shopper, home.session, store.sandbox);
    await staff.cancel(sold.orderId);
    expect(refundedBy(store.sandbox, SE.id, sold.reference)).toHaveLength(1);
    const other = await inFinland();
    await other.shopper.addItem("MUG");
    expect(finland.invoices().at(-1)).toMatchObject({ status: "CANCELED" });
  });

  it("sees payments at one endpoint in time while another hangs, whose payment becomes an order later", async () => {
    const finnish = await inFinland();
    toFinland.hold = () => Promise.resolve("before");
    await finland.phone.pay(finnish.session.data.qr_text);
    for (let number = 0; number < 3; number++) {
      const { shopper, session } = await inSweden();
      const started = Date.now();
      await paid(shopper, session, store.sandbox);
      expect(Date.now() - started).toBeLessThan(10_000);
    }
    toFinland.hold = undefined;
    await finnish.shopper.statusBecomes(finnish.session, "paid");
    expect(await staff.attention()).toEqual([]);
  });

  it("whose server does not have a terminal any more lets shoppers go on, and says why staff cannot", async () => {
    const [changing, choosing, sold] = [await inFinland(), await inFinland(), await inFinland()];
    const { orderId } = await paid(sold.shopper, sold.session, finland);
    const { seqr, se } = JSON.parse(env["SEQR_TERMINALS"] ?? "") as Record<string, object>;
    const without = await store.startServer({ ...env, SEQR_TERMINALS: JSON.stringify({ seqr, se }) });
    const unknown = {
      body: { code: "SEQR_TERMINAL_UNKNOWN", message: expect.stringContaining("Put its entry") },
    };
    for (const { shopper } of [changing, choosing]) Object.assign(shopper, { url: without.url });

    const page = `${without.url}${new URL(choosing.session.data.page_url).pathname}`;
    expect(await send("GET", `${page}/status`)).toMatchObject({ status: "checking" });
    await expect(send("POST", `${page}/renew`)).rejects.toMatchObject(unknown);
    await expect(choosing.shopper.startPayment("pp_seqr_fi")).rejects.toMatchObject(unknown);
    await choosing.shopper.startPayment("pp_system_default");
    await choosing.shopper.complete();
    await changing.shopper.addItem("MUG");
    expect((await changing.shopper.cart()).items).toMatchObject([{ quantity: 2 }]);

    const there = await Staff.login(without.url, STAFF);
    await expect(there.capture(orderId)).rejects.toMatchObject(unknown);
    await staff.capture(orderId);
    await expect(there.refund(orderId, 1)).rejects.toMatchObject(unknown);
    await staff.refund(orderId, 1);
    await without.stop();
    // The server that still has the terminal cancels what the shoppers have left.
    for (const { session } of [changing, choosing])
      await until(
        () => Promise.resolve(finland.core.invoice(session.data.invoice_reference)?.status),
        (status) => status === "CANCELED",
      );
  });

  it("sees every payment in time while one of two servers has a password that SEQR refuses", async () => {
    const other = await store.startServer({ ...env, SEQR_PASSWORD: "not-yet-the-password" });
    const purchases = [];
    for (let number = 0; number < 4; number++) purchases.push(await inSweden());
    store.sandbox.faults.add({ operation: "notification", kind: "lost", times: purchases.length });
    for (const { session } of purchases) await store.sandbox.phone.pay(session.data.qr_text);
    // Nobody looks at a payment page, which would have the payments polled sooner.
    await until(
      () => store.sql("select id from seqr_invoice where state in ('open', 'paid', 'captured')"),
      (unfinished) => unfinished.length === 0,
    );
    for (const { shopper, session } of purchases)
      expect(await shopper.status(session)).toMatchObject({ status: "paid" });
    const shopper = store.shopper({ url: other.url });
    await shopper.fillCart({ MUG: 1 });
    await expect(shopper.startPayment("pp_seqr_se")).rejects.toMatchObject({ body: { code: "SEQR_20" } });
    await other.stop();
  });
});
