import { until } from "../../testkit/http";
import { violations } from "./kit/invariants";
import { refundsAtSeqr } from "./kit/sale";
import type { Session, Shopper } from "./kit/shopper";
import type { Staff } from "./kit/staff";
import { StoppingPoints } from "./kit/stopping-points";
import { startTestStore, type TestStore } from "./kit/store";
import { comeToRest, letTimePass } from "./kit/time";

/** The plugin writes an entry under an id that has this in it. */
const OURS = "ordtrx_seqr_%";

describe("an order whose completion core ends after the plugin has given it up", () => {
  let store: TestStore;
  let staff: Staff;
  let stopping: StoppingPoints;
  beforeAll(async () => {
    store = await startTestStore();
    staff = await store.staff();
    stopping = await StoppingPoints.install(store.sql);
    // Core has looked whether its entry is there, and has not sent it yet.
    await store.sql(`
      create table core_stands (now boolean);
      create table core_fails (now boolean);
      create function stand() returns trigger language plpgsql as $$
      begin
        while exists (select from core_stands) loop
          perform set_config('application_name', 'core stands', false);
          perform pg_sleep(0.05);
        end loop;
        if exists (select from core_fails) then raise exception 'core fails'; end if;
        return new;
      end $$;
      create trigger stand before insert on order_transaction for each row
      when (new.id not like '${OURS}') execute function stand()`);
  });
  afterAll(() => store?.stop());

  /** The cart's first invoice. */
  const invoice = async ({ cartId }: Shopper) => {
    const [row] = await store.sql<{ state: string; lease_owner: string | null }>(
      "select state, lease_owner from seqr_invoice where cart_id = $1 order by created_at limit 1",
      [cartId],
    );
    return row;
  };
  const entries = async ({ cartId }: Shopper): Promise<{ by: string; amount: number }[]> =>
    store.sql(
      `select case when id like $2 then 'plugin' else 'core' end as by, amount::float from order_transaction
       where order_id in (select order_id from order_cart where cart_id = $1) and deleted_at is null`,
      [cartId, OURS],
    );
  const standing = async (): Promise<number> =>
    (await store.sql("select 1 from pg_stat_activity where application_name = 'core stands'")).length;
  /** SEQR's notification has core complete the cart, until it stands still. */
  const pay = async (isStanding: () => Promise<boolean>, arrange: (shopper: Shopper) => Promise<unknown>) => {
    const shopper = store.shopper();
    const { total } = await shopper.fillCart();
    const session = await shopper.startPayment();
    await arrange(shopper);
    await store.sandbox.phone.pay(session.data.qr_text);
    await until(isStanding, Boolean);
    return { shopper, session, total };
  };
  /** The plugin looks again and again, and finds that a minute and more has passed since core was handed the payment. */
  const looks = async (shopper: Shopper, isEnough: (looks: number, state: string) => boolean) => {
    await until(
      () => invoice(shopper),
      (row) => row?.lease_owner === null && row.state === "captured",
      { seconds: 60 },
    );
    const owners = new Set<string>();
    const look = async (): Promise<boolean> => {
      await letTimePass(store.sql, 75);
      const { lease_owner, state = "" } = (await invoice(shopper)) ?? {};
      if (lease_owner) owners.add(lease_owner);
      return isEnough(owners.size, state);
    };
    await until(look, Boolean, { seconds: 60 });
  };
  const ends = async (shopper: Shopper, session: Session, total: number) => {
    await comeToRest(store.sql, [shopper.cartId]);
    const { order } = await shopper.statusBecomes(session, "paid");
    await until(
      () => entries(shopper),
      ([entry, ...more]) => entry?.by === "core" && more.length === 0,
    );
    expect(await entries(shopper)).toEqual([{ by: "core", amount: total }]);
    expect(await violations(store, [shopper.cartId])).toEqual([]);
    const { summary } = await staff.order(order?.id ?? "");
    expect(summary).toMatchObject({ paid_total: total, transaction_total: total, pending_difference: 0 });
  };

  /** Core stands until the plugin has completed the payment, and fails then. */
  const rolledBack = async () => {
    const paid = await pay(
      async () => (await standing()) > 0,
      () => store.sql("insert into core_stands values (true)"),
    );
    await looks(paid.shopper, (_, state) => state === "completed");
    await store.sql("insert into core_fails values (true)");
    await store.sql("delete from core_stands");
    return paid;
  };
  const refundsOf = ({ data }: Session): string[] => {
    const paid = store.sandbox.core
      .transactions()
      .find(
        ({ kind, invoiceReference }) => kind === "payment" && invoiceReference === data.invoice_reference,
      );
    return refundsAtSeqr(store, paid?.ersReference ?? "").map(({ amount }) => amount.value);
  };

  it("has its capture once in its books when core is only slow to write it", async () => {
    const { shopper, session, total } = await pay(
      async () => (await stopping.stopped()).length > 0,
      ({ cartId }) => stopping.set(cartId, "money entered"),
    );
    await looks(shopper, (looks) => looks > 3);
    expect(await entries(shopper)).toEqual([]);
    await stopping.release();
    await ends(shopper, session, total);
  });

  it("has it once when core writes it minutes later, beside the plugin's", async () => {
    const { shopper, session, total } = await pay(
      async () => (await standing()) > 0,
      () => store.sql("insert into core_stands values (true)"),
    );
    await looks(shopper, (_, state) => state === "completed");
    expect(await entries(shopper)).toEqual([{ by: "plugin", amount: total }]);
    await store.sql("delete from core_stands");
    await ends(shopper, session, total);
  });

  it.each([0, 1])(
    "is refunded when core rolls it back minutes later, and SEQR refuses %i times",
    async (times) => {
      for (let fault = 0; fault < times; fault++)
        store.sandbox.faults.add({ operation: "refundPayment", kind: "result-code", resultCode: 97 });
      const { shopper, session, total } = await rolledBack();
      // Core makes a new session for the cart when the refund is its own. The shopper is led to that session's code then.
      await until(
        () => invoice(shopper),
        (row) => row?.state === "refunded",
        { seconds: 60 },
      );
      await store.sql("delete from core_fails");
      await comeToRest(store.sql, [shopper.cartId]);
      expect(await entries(shopper)).toEqual([]);
      expect(refundsOf(session)).toEqual([total.toFixed(2)]);
      expect(await violations(store, [shopper.cartId])).toEqual([]);
    },
  );
});
