import type { Knex } from "@medusajs/framework/mikro-orm/knex";
import type { InvoiceRecord, ReceiptRecord, RefundRecord } from "../../src/modules/seqr/ledger/ledger";
import { PostgresLedger } from "../../src/modules/seqr/ledger/postgres-ledger";
import {
  at,
  describeLedger,
  invoiceIn,
  newInvoice,
  newRefund,
  present,
  step,
} from "../unit/modules/ledger-contract";
import { describeReceipts } from "../unit/modules/receipts-contract";
import { describeOrders } from "../unit/modules/ledger-contract-orders";
import { describeTerminals } from "../unit/modules/ledger-contract-terminals";
import { makeLedgerDatabase, type LedgerDatabase } from "./kit/ledger-database";

const TABLES = [
  ...["seqr_invoice", "seqr_observation", "seqr_refund", "seqr_decision", "seqr_receipt"],
  "seqr_purchase_lock",
];

const DELETED = { deleted_at: at(0) };
const BY_STAFF = { actor_id: "user_1", reason: "the shopper called", decided_at: at(2) };
const NO_ANSWER = { refund_reference: null, result: "SEQR_TIMEOUT", finished_at: at(1) };

let database: LedgerDatabase;
let db: Knex;

beforeAll(async () => {
  database = await makeLedgerDatabase();
  db = database.db;
});

afterAll(() => database?.drop());

async function empty(): Promise<PostgresLedger> {
  // Quicker than `truncate` for some rows.
  for (const table of TABLES) await db(table).delete();
  return new PostgresLedger(db);
}

describeLedger("the ledger in PostgreSQL", empty);
describeOrders("the ledger in PostgreSQL, with orders", empty);
describeReceipts("the ledger in PostgreSQL", empty);
describeTerminals("the ledger in PostgreSQL, with several terminals", empty);

describe("the ledger in PostgreSQL, with several processes", () => {
  let other: Knex;
  let ledgers: [PostgresLedger, PostgresLedger];
  beforeEach(async () => {
    other = database.connect();
    ledgers = [await empty(), new PostgresLedger(other)];
  });
  afterEach(() => other.destroy());

  /** 32 calls at once, half of them from each process. */
  const crowd = <T>(
    act: (ledger: PostgresLedger, index: number) => Promise<T>,
  ): Promise<PromiseSettledResult<T>[]> =>
    Promise.allSettled(
      Array.from({ length: 32 }, (_, index) => act(ledgers[index % 2 === 0 ? 0 : 1], index)),
    );
  const results = <T>(completed: PromiseSettledResult<T | undefined>[]): T[] => {
    const failed = completed.filter((result) => result.status === "rejected");
    expect(failed).toEqual([]);
    return completed.flatMap((result) =>
      result.status === "fulfilled" && result.value !== undefined ? [result.value] : [],
    );
  };

  const unknownRefund = async (invoice_id: string, idempotency_key = "key"): Promise<RefundRecord> => {
    const { id } = present(await ledgers[0].insertRefund(newRefund(invoice_id, { idempotency_key })));
    return present(await ledgers[0].finishRefund(id, "unknown", NO_ANSWER));
  };

  it("lets one of 32 claims win", async () => {
    const { id } = await invoiceIn(ledgers[0], "open");
    const claim = { now: at(0), until: at(10) };
    const won = results(
      await crowd((ledger, index) => ledger.acquireLease(id, { ...claim, owner: `worker ${index}` })),
    );
    expect(won).toHaveLength(1);
    expect(await ledgers[1].find({ id })).toMatchObject({ lease_owner: won[0]?.lease_owner });
  });

  it("lets one of 32 processes acquire an expired lease", async () => {
    const { id } = await invoiceIn(ledgers[0], "open");
    await ledgers[0].acquireLease(id, { owner: "dead", now: at(0), until: at(10) });
    const claim = { now: at(10), until: at(20) };
    const won = results(
      await crowd((ledger, index) => ledger.acquireLease(id, { ...claim, owner: `worker ${index}` })),
    );
    expect(won).toHaveLength(1);
  });

  it("makes one live invoice of a purchase out of 32", async () => {
    const { payment_collection_id } = newInvoice();
    const made = results(await crowd((ledger) => ledger.insert(newInvoice({ payment_collection_id }))));
    expect(made).toHaveLength(1);
    const rows = await db("seqr_invoice").where({ payment_collection_id });
    expect(rows).toHaveLength(1);
  });

  it("begins one refund out of 32", async () => {
    const { id } = await invoiceIn(ledgers[0], "completed");
    expect(results(await crowd((ledger) => ledger.insertRefund(newRefund(id))))).toHaveLength(1);
  });

  it("takes one of 32 steps, and never two that exclude each other", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await invoiceIn(ledgers[0], "paid");
      const steps = ["captured", "refunding"] as const;
      const taken = results(
        await crowd((ledger, index) =>
          ledger.transition(id, present(steps[index % 3 === 0 ? 0 : 1]), step()),
        ),
      );
      expect(taken).toHaveLength(1);
      expect((await ledgers[0].find({ id }))?.state).toBe(taken[0]?.state);
    }
  });

  it.each([3, 30, 300])(
    "gives each of %i due invoices to one worker, and no worker more than it requested",
    async (count) => {
      const ids: string[] = [];
      for (let made = 0; made < count; made++) {
        ids.push((await invoiceIn(ledgers[0], "open", { due_at: at(-made) })).id);
      }
      const limit = 7;
      const claim = { now: at(0), until: at(10), limit };
      const handed: string[] = [];
      for (let took = -1; took !== 0;) {
        const batches = results(
          await crowd((ledger, index) => ledger.acquireDueLeases({ ...claim, owner: `worker ${index}` })),
        );
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(limit);
        took = batches.flat().length;
        handed.push(...batches.flat().map(({ id }) => id));
      }
      expect(handed).toHaveLength(count);
      expect(handed.sort()).toEqual(ids.sort());
    },
  );

  it("gives out the most overdue invoice first, in whichever order the database scans the table", async () => {
    const ids = new Map<number, string>();
    for (const seconds of [-3, -9, -1, -7, -5]) {
      ids.set(seconds, (await invoiceIn(ledgers[0], "open", { due_at: at(seconds) })).id);
    }
    const byTable = database.connect({ min: 1, max: 1 });
    try {
      await byTable.raw("set enable_indexscan = off; set enable_bitmapscan = off");
      const due = await new PostgresLedger(byTable).acquireDueLeases({
        owner: "w",
        now: at(0),
        until: at(10),
        limit: 2,
      });
      expect(due.map(({ id }) => id).sort()).toEqual([ids.get(-9), ids.get(-7)].sort());
    } finally {
      await byTable.destroy();
    }
  });

  const RETRY = { state: "pending", result: "SEQR_TIMEOUT" } as const;
  /** A receipt of a payment, due at a second. */
  const receiptDue = async (seconds: number): Promise<ReceiptRecord> => {
    const { id } = await invoiceIn(ledgers[0], "captured");
    await ledgers[0].transition(id, "completed", step({ ers_reference: `receipt of ${id}` }));
    const [receipt] = await ledgers[0].receiptsOf([id]);
    return present(await ledgers[0].finishReceipt(present(receipt).id, { ...RETRY, due_at: at(seconds) }));
  };

  it("gives out the most overdue receipt first, in whichever order the database scans the table", async () => {
    const ids = new Map<number, string>();
    for (const seconds of [-3, -9, -1, -7, -5]) ids.set(seconds, (await receiptDue(seconds)).id);
    const byTable = database.connect({ min: 1, max: 1 });
    try {
      await byTable.raw("set enable_indexscan = off; set enable_bitmapscan = off");
      const request = { now: at(0), until: at(10), limit: 2 };
      const due = await new PostgresLedger(byTable).acquireDueReceipts(request);
      expect(due.map(({ id }) => id).sort()).toEqual([ids.get(-9), ids.get(-7)].sort());
    } finally {
      await byTable.destroy();
    }
  });

  it("passes over a due receipt that another process is just writing to, instead of waiting for it", async () => {
    const busy = await receiptDue(-2);
    const free = await receiptDue(-1);
    const transaction = await other.transaction();
    try {
      await transaction("seqr_receipt").where({ id: busy.id }).forUpdate();
      const due = ledgers[0].acquireDueReceipts({ now: at(0), until: at(10), limit: 5 });
      const waited = new Promise<ReceiptRecord[]>((resolve) => setTimeout(() => resolve([]), 30_000).unref());
      expect((await Promise.race([due, waited])).map(({ id }) => id)).toEqual([free.id]);
    } finally {
      await transaction.rollback();
    }
  });

  it("lists receipts by their time and their id, and none that Medusa deleted", async () => {
    const { id: invoice_id } = await invoiceIn(ledgers[0], "completed");
    const rows: [id: string, seconds: number, ers_reference: string][] = [
      ["seqrrec_1", 2, "2"],
      ["seqrrec_3", 1, "1"],
      ["seqrrec_2", 1, "3"],
    ];
    for (const [id, seconds, ers_reference] of rows)
      await db("seqr_receipt").insert({
        ...{ id, invoice_id, ers_reference, state: "pending" },
        ...{ created_at: at(seconds), due_at: at(0) },
      });
    const list = async (): Promise<string[]> =>
      (await ledgers[0].receiptsOf([invoice_id])).map(({ id }) => id);
    expect(await list()).toEqual(["seqrrec_2", "seqrrec_3", "seqrrec_1"]);
    await db("seqr_receipt").update(DELETED);
    expect(await list()).toEqual([]);
    const request = { now: at(0), until: at(10), limit: 5 };
    expect(await ledgers[0].acquireDueReceipts(request)).toEqual([]);
    expect(await ledgers[0].finishReceipt("seqrrec_1", { ...RETRY, due_at: at(0) })).toBeUndefined();
  });

  it("passes over a due invoice that another process is just writing to, instead of waiting for it", async () => {
    const busy = await invoiceIn(ledgers[0], "open", { due_at: at(-2) });
    const free = await invoiceIn(ledgers[0], "open", { due_at: at(-1) });
    const transaction = await other.transaction();
    try {
      await transaction("seqr_invoice").where({ id: busy.id }).forUpdate();
      const due = ledgers[0].acquireDueLeases({ owner: "worker", now: at(0), until: at(10), limit: 5 });
      const waited = new Promise<InvoiceRecord[]>((resolve) => setTimeout(() => resolve([]), 30_000).unref());
      expect((await Promise.race([due, waited])).map(({ id }) => id)).toEqual([free.id]);
    } finally {
      await transaction.rollback();
    }
  });

  it("hides a row that Medusa deleted, and lets its purchase start again", async () => {
    const invoice = await invoiceIn(ledgers[0], "open", { due_at: at(-1) });
    await db("seqr_invoice").where({ id: invoice.id }).update(DELETED);
    expect(await ledgers[0].find({ id: invoice.id })).toBeUndefined();
    expect(await ledgers[0].findLive(invoice.payment_collection_id)).toBeUndefined();
    expect(
      await ledgers[0].acquireDueLeases({ owner: "worker", now: at(0), until: at(10), limit: 5 }),
    ).toEqual([]);
    expect(await ledgers[0].transition(invoice.id, "paid", step())).toBeUndefined();
    const { payment_collection_id } = invoice;
    expect(await ledgers[0].insert(newInvoice({ payment_collection_id }))).toBeDefined();
    const paid = await invoiceIn(ledgers[0], "paid");
    const decision = {
      ...{ invoice_id: paid.id, kind: "order_pending", subject: "1", action: "refund" },
      ...BY_STAFF,
    };
    const refundAtSeqr = { to: "refunding", patch: step(), ofProblem: false } as const;
    const refund = await unknownRefund(paid.id);
    const refused = { ...NO_ANSWER, state: "refused" } as const;
    await db("seqr_invoice").where({ id: paid.id }).update(DELETED);
    await db("seqr_refund").where({ id: refund.id }).update(DELETED);
    expect(await ledgers[0].recordDecision(decision, paid, refundAtSeqr)).toBeUndefined();
    expect(await ledgers[0].resolveRefund(decision, refund.id, refused)).toBeUndefined();
    expect(await ledgers[0].refundsOf(paid.id)).toEqual([]);
    expect(await ledgers[0].attentionCounts()).toEqual(new Map());
    const again = await unknownRefund(paid.id, refund.idempotency_key);
    expect(await ledgers[0].resolveRefund(decision, again.id, refused)).toBeDefined();
    expect(await ledgers[0].decisionsOf([paid.id])).toHaveLength(1);
    await db("seqr_decision").update(DELETED);
    expect(await ledgers[0].decisionsOf([paid.id])).toEqual([]);
  });

  it("notes of each row when it was changed last", async () => {
    const [ledger] = ledgers;
    const { id } = await invoiceIn(ledger, "open");
    const made = present(await ledger.insertRefund(newRefund(id)));
    const decision = {
      ...{ invoice_id: id, kind: "order_pending", subject: "1", action: "refund" },
      ...BY_STAFF,
    };
    const { id: receiptId } = await receiptDue(0);
    const OTHER = { terminal: "another", terminal_id: "t1" };
    const OWN = { terminal: "seqr", terminal_id: "terminal" };
    const overdue = { now: at(100), before: at(100), states: ["paid"] as const };
    const changes: [table: string, row: string, change: () => Promise<unknown>][] = [
      ["seqr_invoice", id, () => ledger.update(id, { attempts: 1 }, ["open"])],
      ["seqr_invoice", id, () => ledger.transition(id, "paid", step())],
      [
        "seqr_invoice",
        id,
        async () =>
          ledger.recordDecision(decision, present(await ledger.find({ id })), {
            patch: { attempts: 2 },
            ofProblem: true,
          }),
      ],
      ["seqr_invoice", id, () => ledger.recordProblemOfOthers([OTHER], "SEQR_TERMINAL_UNKNOWN", overdue)],
      [
        "seqr_invoice",
        id,
        async () => {
          await ledger.clearProblemOf([OWN], "SEQR_TERMINAL_UNKNOWN", at(0));
          return true;
        },
      ],
      ["seqr_invoice", id, () => ledger.update(id, { capture_key: "capt_1" }, ["paid"])],
      ["seqr_invoice", id, () => ledger.rekeyCapture(id, "capt_1", "capt_2")],
      ["seqr_receipt", receiptId, () => ledger.acquireDueReceipts({ now: at(0), until: at(60), limit: 9 })],
      ["seqr_receipt", receiptId, () => ledger.finishReceipt(receiptId, { ...RETRY, due_at: at(0) })],
      ["seqr_refund", made.id, () => ledger.finishRefund(made.id, "unknown", NO_ANSWER)],
      [
        "seqr_refund",
        made.id,
        () => ledger.resolveRefund(decision, made.id, { ...NO_ANSWER, state: "done" }),
      ],
      ["seqr_refund", made.id, () => ledger.rekeyRefund(made.id, made.idempotency_key, "another", at(1))],
    ];
    for (const [table, row, change] of changes) {
      await db(table)
        .where({ id: row })
        .update({ updated_at: new Date(0) });
      expect(await change()).toBeTruthy();
      const [changed] = await db(table).where({ id: row }).select<{ updated_at: Date }[]>("updated_at");
      expect(Date.now() - Number(changed?.updated_at)).toBeLessThan(3_600_000);
    }
  });

  it("keeps amounts and references as they were given", async () => {
    const amount = "123456789012345.10";
    const { id } = await invoiceIn(ledgers[0], "sending", { amount });
    await ledgers[0].transition(id, "open", step({ invoice_reference: "00012345678901234567890" }));
    expect(await ledgers[1].find({ id })).toMatchObject({
      amount,
      invoice_reference: "00012345678901234567890",
    });
  });

  it("stores an observation with all its fields", async () => {
    const { id } = await invoiceIn(ledgers[0], "open");
    const observation = {
      invoice_id: id,
      observed_at: at(0),
      source: "watch",
      operation: "getPaymentStatus",
      status: "PAID",
      version: 2,
      ers_reference: "123",
      result: "0",
    };
    await ledgers[0].recordObservation(observation);
    const written = { ...observation, id: expect.stringMatching(/^seqrobs_./) };
    expect(await db("seqr_observation")).toMatchObject([written]);
  });
});

describe("with 50,000 closed invoices, the ledger", () => {
  let ledger: PostgresLedger;
  beforeAll(async () => {
    ledger = await empty();
    await db.raw(
      `insert into seqr_invoice (id, session_id, payment_collection_id, token_hash, notification_token_hash, terminal_id,
         client_invoice_id, invoice_reference, amount, currency_code, state, state_since, expires_at, due_at)
       select 'closed' || n, 'session' || n, 'collection' || n, 'token' || n, 'notification' || n, 'terminal',
         'client' || n, 'reference' || n, '1.00', 'SEK', (array['completed', 'canceled', 'expired', 'not_issued'])[1 + n % 4],
         now(), now(), null
       from generate_series(1, 50000) n`,
    );
    for (let made = 0; made < 100; made++) await invoiceIn(ledger, "open", { due_at: at(made - 50) });
    await db.raw(
      `insert into seqr_observation (id, invoice_id, observed_at, source, operation, result)
       select 'seen' || n, 'closed' || n, now() + n * interval '1 second', 'watch', 'getPaymentStatus', '0'
       from generate_series(1, 50000) n`,
    );
    await db.raw("vacuum analyze seqr_invoice, seqr_observation");
  }, 300_000);

  /** The plan of what the ledger asks for, and how many pages of the table and its indexes it touches. */
  const planOf = async (act: () => Promise<unknown>): Promise<string> => {
    const statements: { sql: string; bindings: readonly unknown[] }[] = [];
    const note = (query: { sql: string; bindings?: readonly unknown[] }): void => {
      statements.push({ sql: query.sql, bindings: query.bindings ?? [] });
    };
    db.on("query", note);
    await act();
    db.removeListener("query", note);
    expect(statements).toHaveLength(1);
    const { sql, bindings } = present(statements[0]);
    const numbered = bindings.map((value) => db.raw("?", [value as Knex.Value]).toString());
    const plain = sql.replace(/\$(\d+)/g, (_, number: string) => present(numbered[Number(number) - 1]));
    const { rows } = await db.raw<{ rows: { "QUERY PLAN": string }[] }>(`explain ${plain}`);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  };

  it("finds what is due in the index of due invoices, which holds nothing else", async () => {
    const claim = { owner: "worker", now: at(-1_000), until: at(10), limit: 20 };
    const plan = await planOf(() => ledger.acquireDueLeases(claim));
    expect(plan).toContain("IDX_seqr_invoice_due");
    expect(plan).not.toContain("Seq Scan");
    const { rows } = await db.raw<{ rows: { bytes: number }[] }>(
      `select pg_relation_size('"IDX_seqr_invoice_due"')::int as bytes`,
    );
    expect(rows[0]?.bytes).toBeLessThan(100_000);
  });

  it("finds what needs attention in the indexes of what is unfinished, a page of it and the counts", async () => {
    for (const ask of [
      () => ledger.attentionRows({ limit: 200, offset: 0 }),
      () => ledger.attentionRows({ limit: 200, offset: 200, kinds: ["refund_unknown", "reversed"] }),
      () => ledger.attentionCounts(),
    ]) {
      const plan = await planOf(ask);
      expect(plan).toContain("IDX_seqr_invoice_unfinished");
      expect(plan).not.toContain("Seq Scan on seqr_invoice");
    }
    const ids = Array.from({ length: 200 }, (_, n) => `closed${n + 1}`);
    expect(await planOf(() => ledger.findAll(ids))).not.toContain("Seq Scan");
    // Each is one statement for all of a page's entries.
    await planOf(() => ledger.refundsOfAll(ids));
    await planOf(() => ledger.decisionsOf(ids));
  });

  it("finds what was observed long ago by its time", async () => {
    const plan = await planOf(() => ledger.deleteObservations(at(0), 1_000));
    expect(plan).toContain("IDX_seqr_observation_observed_at");
    expect(plan).not.toMatch(/Seq Scan on seqr_(invoice|observation)/);
  });

  it("finds an invoice by any of its keys, and a purchase's live one, without reading the table", async () => {
    for (const key of [
      { id: "closed1" },
      { session_id: "session1" },
      { token_hash: "token1" },
      { notification_token_hash: "notification1" },
      { invoice_reference: "reference1" },
    ]) {
      expect(await planOf(() => ledger.find(key))).not.toContain("Seq Scan");
    }
    expect(await planOf(() => ledger.findLive("collection1"))).toContain("Index");
    expect(await planOf(() => ledger.findLiveOfCart("cart1"))).toContain("IDX_seqr_invoice_cart_id");
    expect(await planOf(() => ledger.invoicesOf(["collection1", "collection2"]))).not.toContain("Seq Scan");
  });
});
