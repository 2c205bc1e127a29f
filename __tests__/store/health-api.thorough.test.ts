import type {
  AdminSeqrHealth,
  AdminSeqrNotification,
  AdminSeqrNotificationList,
  AdminSeqrNotificationReplayed,
  AdminSeqrSettings,
} from "../../src/http-types";
import { until } from "../../testkit/http";
import { STAFF, type RunningStore, type StoreEnvironment } from "../../testkit/store";
import { sell, type Sale } from "./kit/sale";
import { CANARY } from "./kit/secrets";
import { startSeqrProxy, type SeqrProxy } from "./kit/seqr-proxy";
import { Staff } from "./kit/staff";
import { startTestStore, type TestStore } from "./kit/store";

const OTHER_PASSWORD = "canary-other-password";
const RESELLER = { id: "canary_shop", password: "canary-reseller-password" };
/** Milliseconds for which a server remembers SEQR's answer. */
const KEPT_FOR = 10_000;

describe("health, notifications and settings in the admin API", () => {
  let store: TestStore;
  let proxy: SeqrProxy;
  let staff: Staff;
  let sale: Sale;
  beforeAll(async () => {
    store = await startTestStore({
      env: { SEQR_RESELLER_ID: RESELLER.id, SEQR_RESELLER_PASSWORD: RESELLER.password },
      between: async (sandbox) => (proxy = await startSeqrProxy(sandbox.endpoint)),
    });
    staff = await store.staff();
    sale = await sell(store);
  });
  afterAll(() => store?.stop());

  const health = (of: Staff = staff): Promise<AdminSeqrHealth> => of.admin("GET", "/seqr/health");
  const list = (query = "", of: Staff = staff): Promise<AdminSeqrNotificationList> =>
    of.admin("GET", `/seqr/notifications${query}`);
  const codesOf = ({ findings, terminals }: AdminSeqrHealth): string[] =>
    [...findings, ...terminals.flatMap((terminal) => terminal.findings)].map(({ code }) => code);

  /** The address to which SEQR sends the notification of a sale. */
  async function addressOf({ sessionId }: Sale): Promise<string> {
    const [row] = await store.sql<{ invoice_reference: string }>(
      "select invoice_reference from seqr_invoice where session_id = $1",
      [sessionId],
    );
    return store.sandbox.core.invoice(row?.invoice_reference ?? "")?.invoice.notificationUrl ?? "";
  }

  /** Starts another server of the store, and lets staff log in there. */
  async function another(env: StoreEnvironment): Promise<{ running: RunningStore; there: Staff }> {
    const running = await store.startServer(env);
    return { running, there: await Staff.login(running.url, STAFF) };
  }

  const listed = (query: string, wanted: (found: AdminSeqrNotification[]) => boolean) =>
    until(
      async () => (await list(query)).notifications,
      (found) => wanted(found),
    );

  it("say that all is well, and ask SEQR once for many who ask", async () => {
    await until(health, ({ servers }) => servers.length > 0);
    const before = store.sandbox.calls().length;
    await new Promise((resolve) => setTimeout(resolve, KEPT_FOR));
    const found = await Promise.all(Array.from({ length: 20 }, () => health()));
    const [{ terminals, servers, level } = {} as AdminSeqrHealth] = found;
    expect(level).toBe("ok");
    expect(new Set(found.map(({ checked_at }) => checked_at)).size).toBe(1);
    const asked = store.sandbox.calls().slice(before);
    const questions = asked.filter(({ operation }) => operation === "getPaymentStatus");
    expect(questions.map(({ resultCode }) => resultCode)).toEqual([54]);
    expect(terminals).toEqual([
      {
        ...{ terminal: "seqr", terminal_id: CANARY.terminal.id, is_sandbox: true, retired: false },
        ...{ level: "ok", endpoint: new URL(proxy.endpoint).host },
        findings: [
          expect.objectContaining({ code: "answers", values: { milliseconds: expect.any(Number) } }),
          { check: "credentials", level: "ok", code: "credentials_accepted", values: {} },
          expect.objectContaining({ code: "clock_right", values: { seconds: 0 } }),
          expect.objectContaining({
            code: "notifications_arrive",
            values: expect.objectContaining({ payments: 1, announced: 1, share: 100 }),
          }),
        ],
      },
    ]);
    expect(servers).toEqual([
      {
        id: expect.stringMatching(/^seqrsrv_/),
        started_at: expect.any(String),
        swept_at: expect.any(String),
      },
    ]);
    expect(codesOf(found[0] as AdminSeqrHealth).slice(0, 7)).toEqual([
      ...["mode_sandbox", "watch_alive", "locking_in_memory", "events_in_memory"],
      ...["backend_url_for_sandbox", "backend_url_reached", "strangers_none"],
    ]);
    expect(JSON.stringify(found)).not.toContain(CANARY.terminal.password);
  });

  it("are for staff only", async () => {
    for (const path of ["health", "notifications", "settings"]) {
      const answer = await fetch(`${store.server.url}/admin/seqr/${path}`);
      expect(answer.status).toBe(401);
    }
  });

  it("list a notification with its payment, the same one again, and a stranger", async () => {
    const [first] = await listed("", (found) => found.length > 0);
    expect(first).toMatchObject({
      ...{ result: "recorded", requests: 1, terminal: "seqr", order_id: sale.orderId, order_display_id: 1 },
      ...{ invoice_reference: expect.stringMatching(/^\d+$/), replayed_at: null, replayed_by: null },
      delay: expect.any(Number),
    });
    await fetch(await addressOf(sale), { method: "POST" });
    const stranger = `${store.server.url}/hooks/seqr/${"x".repeat(43)}`;
    expect((await fetch(stranger, { method: "POST" })).status).toBe(404);
    const three = await listed("", (found) => found.length === 3);
    expect(three.map(({ result }) => result)).toEqual(["unknown", "repeated", "recorded"]);
    expect(three[0]).toMatchObject({ invoice_id: null, terminal: null, order_id: null, delay: null });
    expect(three[1]).toMatchObject({ invoice_id: first?.invoice_id, delay: null });
    expect(codesOf(await health())).toContain("strangers");

    expect(await list("?limit=1&offset=1")).toMatchObject({
      ...{ count: 3, offset: 1, limit: 1, has_more: true, notifications: [three[1]] },
    });
    expect(await list("?offset=2")).toMatchObject({ has_more: false, notifications: [three[2]] });
    expect(await list("?result=unknown,repeated")).toMatchObject({
      notifications: [three[0], three[1]],
    });
    expect(await list(`?terminal=seqr&from=${first?.received_at}`)).toMatchObject({ count: 2 });
    expect(await list(`?invoice_id=${first?.invoice_id}&to=2026-01-01`)).toMatchObject({ count: 0 });
    for (const query of ["?result=other", "?limit=201", "?offset=10001", "?from=soon", "?q=1"])
      await expect(list(query)).rejects.toMatchObject({ status: 400 });
  });

  it("process the payment of a notification again, and record who wanted that", async () => {
    const [first] = (await list("?result=recorded")).notifications;
    const { notification, payment } = await staff.admin<AdminSeqrNotificationReplayed>(
      "POST",
      `/seqr/notifications/${first?.id}/replay`,
    );
    expect(payment).toEqual({
      ...{ invoice_id: first?.invoice_id, state: "completed", problem: null, order_id: sale.orderId },
    });
    expect(notification).toMatchObject({
      ...{ id: first?.id, replayed_at: expect.any(String), replayed_by: expect.stringMatching(/^user_/) },
    });
    expect((await list("?result=recorded")).notifications).toEqual([notification]);
  });

  it("have nothing to process of a stranger, and of a notification that is not there", async () => {
    const [stranger] = (await list("?result=unknown")).notifications;
    await expect(staff.admin("POST", `/seqr/notifications/${stranger?.id}/replay`)).rejects.toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("No payment of this store has the address") },
    });
    await expect(staff.admin("POST", "/seqr/notifications/seqrnot_0/replay")).rejects.toMatchObject({
      status: 404,
    });
    const foreign = await fetch(`${store.server.url}/admin/seqr/notifications/${stranger?.id}/replay`, {
      method: "POST",
      headers: { cookie: await staff.cookie(), origin: "https://elsewhere.example" },
    });
    expect(foreign.status).toBe(403);
  });

  it("give strangers who come in a flood few rows, which count them all", async () => {
    const rowsOf = async () => (await list("?result=unknown")).notifications;
    const before = (await rowsOf()).reduce((sum, { requests }) => sum + requests, 0);
    const knock = (number: number) =>
      fetch(`${store.server.url}/hooks/seqr/${String(number).padStart(43, "y")}`, { method: "POST" });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, number) => knock(number)));
    const refused = answers.filter(({ status }) => status === 404).length;
    expect(refused).toBeGreaterThan(0);
    const rows = await until(
      rowsOf,
      (found) => found.reduce((sum, { requests }) => sum + requests, 0) === before + refused,
      { seconds: 90 },
    );
    expect(rows.length).toBeLessThanOrEqual(6);
  });

  it("delete notifications after their time, and servers after a day", async () => {
    await store.sql(
      `insert into seqr_notification (id, received_at, result)
         values ('old', now() - interval '91 days', 'unknown'), ('young', now() - interval '89 days', 'unknown')`,
    );
    await store.sql(
      "insert into seqr_server (id, started_at, swept_at) values ('old', now(), now() - interval '25 hours')",
    );
    await until(
      () =>
        store.sql(
          "select id from seqr_notification where id = 'old' union select id from seqr_server where id = 'old'",
        ),
      (left) => left.length === 0,
      { seconds: 90 },
    );
    expect(await store.sql("select id from seqr_notification where id = 'young'")).toHaveLength(1);
  });

  it("show every setting and no secret", async () => {
    const found = await staff.admin<AdminSeqrSettings>("GET", "/seqr/settings");
    expect(found.version).toMatch(/^\d+\.\d+\.\d+/);
    const [{ settings = [] } = {}] = found.terminals;
    const valueOf = (name: string) => settings.find((one) => one.name === name);
    expect(valueOf("terminalId")).toMatchObject({ value: CANARY.terminal.id, source: "options" });
    expect(valueOf("password")).toEqual({
      ...{ name: "password", value: "set", is_secret: true, source: "options" },
    });
    expect(valueOf("reseller.password")).toMatchObject({ value: "set", is_secret: true });
    expect(valueOf("lifetime")).toMatchObject({ value: "300", source: "default" });
    expect(found.settings).toContainEqual({
      ...{ name: "notificationsKept", value: "90", is_secret: false, source: "default" },
    });
    expect(JSON.stringify(found)).not.toMatch(/canary-(terminal|reseller)-password/);
  });

  it("say that a password is wrong, and that modules in memory are not for several servers", async () => {
    const { running, there } = await another({ SEQR_PASSWORD: OTHER_PASSWORD });
    const found = await until(
      () => health(there),
      ({ servers }) => servers.length === 2,
    );
    expect(found.level).toBe("error");
    expect(found.terminals[0]).toMatchObject({ level: "error" });
    expect(codesOf(found)).toEqual(
      expect.arrayContaining([
        ...["answers", "password_refused", "watch_alive"],
        ...["locking_in_memory_on_several_servers", "events_in_memory_on_several_servers"],
      ]),
    );
    expect(JSON.stringify(found)).not.toContain(OTHER_PASSWORD);
    await running.stop();
  });

  it("say that SEQR is away, and that it hangs, in three seconds", async () => {
    const forgotten = () => new Promise((resolve) => setTimeout(resolve, KEPT_FOR));
    await proxy.goDown();
    await forgotten();
    const away = await health();
    expect(away.terminals[0]?.findings).toMatchObject([
      { code: "unreachable", values: { network: "ECONNREFUSED" } },
      { code: "credentials_unknown" },
      { code: "notifications_arrive" },
    ]);
    await proxy.comeBack();
    proxy.hold = async ({ operation }) => (operation === "getPaymentStatus" ? "before" : undefined);
    await forgotten();
    const started = performance.now();
    const hanging = await health();
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(codesOf(hanging)).toEqual(expect.arrayContaining(["no_answer", "credentials_unknown"]));
    proxy.hold = undefined;
    await forgotten();
    expect(codesOf(await health())).toContain("answers");
  });

  it("say that notifications do not arrive, that nothing is at backendUrl, and that the watch is dead", async () => {
    const { running, there } = await another({
      ...{ SEQR_BACKEND_URL: "http://127.0.0.1:9", MEDUSA_WORKER_MODE: "server" },
    });
    const shopper = store.shopper({ url: running.url });
    await shopper.fillCart();
    const session = await shopper.startPayment();
    await store.sandbox.phone.pay(session.data.qr_text);
    // The address of its status is not reachable either.
    await until(
      () =>
        store.sql<{ state: string }>("select state from seqr_invoice where session_id = $1", [session.id]),
      ([row]) => row?.state === "completed",
    );
    // A notification that comes within half a minute is no missing one.
    expect(codesOf(await health(there))).toContain("notifications_arrive");
    await store.sql(
      "update seqr_invoice set paid_at = paid_at - interval '1 minute' where notified_at is null",
    );
    const found = await health(there);
    expect(codesOf(found)).toEqual(
      expect.arrayContaining(["notifications_incomplete", "backend_url_unreachable", "watch_alive"]),
    );
    expect(found.terminals[0]?.findings.at(-1)?.values).toMatchObject({
      payments: 2,
      announced: 1,
      share: 50,
    });
    await store.sql("update seqr_invoice set notified_at = null");
    expect(codesOf(await health(there))).toContain("notifications_missing");

    await store.server.stop();
    await store.sql("update seqr_server set swept_at = swept_at - interval '2 minutes'");
    const dead = await health(there);
    expect(dead.level).toBe("error");
    expect(dead.findings).toContainEqual({
      ...{ check: "watch", level: "error", code: "watch_dead" },
      values: { servers: 0, seconds: expect.any(Number) },
    });
  });
});
