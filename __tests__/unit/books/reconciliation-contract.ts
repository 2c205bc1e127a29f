import { booksWorld, type BooksUnderTest, type BooksWorld, type GivenRow } from "./books-world";
import { at, invoiceIn, present, step } from "../modules/ledger-contract";

const DAY = 86_400;

/** What the reconciliation has to do, wherever ledger and books are. `empty` gives both without rows. */
export function describeReconciliation(name: string, empty: () => Promise<BooksUnderTest>): void {
  describe(`${name}: the reconciliation of a period`, () => {
    let world: BooksWorld;
    beforeEach(async () => {
      world = booksWorld(await empty());
    });
    const said = async (periodId: string): Promise<string[]> => world.said(await world.itemsOf(periodId));
    const fewPayments = async (count: number, seconds = 0): Promise<void> => {
      for (let made = 1; made <= count; made++)
        await world.pay({ reference: `p${made}`, seconds: seconds + made });
    };

    it("finds payments and refunds under their references, and leaves nothing over", async () => {
      const invoice = await world.pay({ reference: "p1", seconds: 1 });
      const refund = await world.refund(invoice, { reference: "r1", amount: "20.00", seconds: 9 });
      const items = await world.report(await world.period("first", DAY), [
        ["p1", "100.00"],
        ["r1", "-20.00"],
      ]);
      expect(items).toMatchObject([
        {
          ...{
            number: 1,
            row_number: 1,
            kind: "payment",
            class: "agrees",
            cause: null,
            currency_code: "SEK",
          },
          ...{ reported_amount: "100.00", expected_amount: "100.00", medusa_amount: "100.00" },
          ...{ invoice_id: invoice.id, refund_id: null, order_id: "order-p1", occurred_at: at(1) },
          ...{ terminal_id: "t-se", is_open: false, carried_from: null, carried_to: null, accepted_at: null },
        },
        {
          ...{ number: 2, row_number: 2, kind: "refund", class: "agrees", reported_amount: "-20.00" },
          ...{ expected_amount: "-20.00", medusa_amount: "-20.00", refund_id: refund.id },
          ...{ invoice_id: invoice.id, order_id: "order-p1", occurred_at: at(9) },
        },
      ]);
      expect(await world.books.totalsOf("seqrper_first")).toEqual([
        {
          ...{ currency_code: "SEK", reported: "80.00", expected: "80.00", difference: "0.00" },
          classes: { agrees: { count: 2, open: 0, reported: "80.00", expected: "80.00" } },
        },
      ]);
    });

    it("names each error of a report in its class, and adds up to it", async () => {
      await fewPayments(8);
      const items = await world.report(await world.period("first", DAY), [
        ["p1", "100.00"],
        ["p1", "100.00"],
        ["p2", "100.01"],
        ["p3", "-100.00"],
        ["p4", "100.00", "t-both"],
        ["p5", "100.00", "t-fi"],
        ["unknown", "7.00"],
        ["cash register", "8.00", "t-cash"],
        ["p6", "100.00"],
        ["p7", "100.00"],
      ]);
      expect(world.said(items)).toEqual([
        "p1 agrees",
        "p1 only_at_seqr/doubled!",
        "p2 amount_differs/other_amount!",
        "p3 amount_differs/wrong_sign!",
        "p4 terminal_differs/other_terminal!",
        "p5 terminal_differs/other_currency!",
        "unknown only_at_seqr/other_system!",
        "cash register only_at_seqr/other_system",
        "p6 agrees",
        "p7 agrees",
        "p8 only_here/missing!",
      ]);
      expect(await world.books.totalsOf("seqrper_first")).toMatchObject([
        {
          ...{ currency_code: "SEK", reported: "607.01", expected: "800.00", difference: "-192.99" },
          classes: {
            agrees: { count: 3, reported: "300.00" },
            only_at_seqr: { count: 2, open: 2, reported: "107.00", expected: "0.00" },
            only_here: { count: 1, open: 1, reported: "0.00", expected: "100.00" },
          },
        },
        { currency_code: null, reported: "8.00", expected: "0.00", difference: "8.00" },
      ]);
    });

    it("keeps two currencies apart, and what has an unknown one", async () => {
      await world.pay({ reference: "se", terminal: "both", amount: "10.00", seconds: 1 });
      await world.pay({ reference: "fi", terminal: "both", amount: "20.00", currency: "EUR", seconds: 2 });
      await world.pay({ reference: "fi2", terminal: "fi", amount: "1.00", currency: "EUR", seconds: 3 });
      await world.report(await world.period("first", DAY), [
        ["se", "10.00", "t-both"],
        ["fi", "20.50", "t-both"],
        ["?", "5.00", "t-both"],
        ["!", "3.00", "t-fi"],
      ]);
      const totals = await world.books.totalsOf("seqrper_first");
      expect(totals.map((one) => [one.currency_code, one.reported, one.expected, one.difference])).toEqual([
        ["EUR", "23.50", "21.00", "2.50"],
        ["SEK", "10.00", "10.00", "0.00"],
        [null, "5.00", "0.00", "5.00"],
      ]);
    });

    it("does not take the payment of another account with the same reference and terminal id", async () => {
      const invoice = await invoiceIn(world.ledger, "captured", { terminal: "other", terminal_id: "t-se" });
      const paid = { ers_reference: "p1", paid_at: at(1) };
      await world.ledger.transition(invoice.id, "completed", step(paid));
      const period = await world.period("first", DAY);
      expect(world.said(await world.report(period, [["p1", "100.00"]]))).toEqual([
        "p1 only_at_seqr/other_system!",
      ]);
      const own = await world.pay({ reference: "p1", seconds: 2 });
      const [item] = await world.report(period, [["p1", "100.00"]]);
      expect(item).toMatchObject({ class: "agrees", invoice_id: own.id });
    });

    it("takes the payment of a terminal that the options name no longer", async () => {
      const invoice = await invoiceIn(world.ledger, "captured", { terminal: "gone", terminal_id: "t-gone" });
      const paid = { ers_reference: "p1", paid_at: at(1) };
      await world.ledger.transition(invoice.id, "completed", step(paid));
      const items = await world.report(await world.period("first", DAY), [["p1", "100.00", "t-gone"]]);
      expect(items).toMatchObject([{ class: "medusa_differs", invoice_id: invoice.id }]);
    });

    it("names what counts a period twice", async () => {
      await fewPayments(3);
      const rows = [1, 2, 3].map((number) => [`p${number}`, "100.00"] as const);
      await world.report(await world.period("first", DAY), rows);
      const again = await world.report(await world.period("second", 2 * DAY), rows);
      expect(world.said(again)).toEqual(rows.map(([one]) => `${one} only_at_seqr/counted_twice!`));
      expect(again[0]).toMatchObject({ expected_amount: null, invoice_id: expect.any(String) });
      // The period of a terminal is another scope.
      const own = await world.period("own", DAY, { terminal: "se", terminal_id: "t-se" });
      expect(world.said(await world.report(own, rows))).toEqual(rows.map(([one]) => `${one} agrees`));
    });

    it("keeps to the terminal whose period it is", async () => {
      await world.pay({ reference: "p1", seconds: 1 });
      await world.pay({ reference: "p2", terminal: "both", seconds: 1 });
      const period = await world.period("own", DAY, {
        terminal: "se",
        terminal_id: "t-se",
        opened_at: at(0),
      });
      expect(world.said(await world.report(period, []))).toEqual(["p1 only_here/missing!"]);
    });

    describe("with Medusa's own records", () => {
      it("says which capture or refund is missing, or differs", async () => {
        await world.pay({ reference: "p1", seconds: 1, captured: null });
        await world.pay({ reference: "p2", seconds: 2, captured: "99.00" });
        const invoice = await world.pay({ reference: "p3", seconds: 3 });
        await world.refund(invoice, { reference: "r1", amount: "20.00", seconds: 4, recorded: null });
        await world.refund(invoice, { reference: "r2", amount: "20.00", seconds: 5, recorded: "30.00" });
        await world.refund(invoice, { reference: "r3", amount: "20.00", seconds: 6, recorded: "20.01" });
        const items = await world.report(await world.period("first", DAY), [
          ["p1", "100.00"],
          ["p2", "100.00"],
          ["p3", "100.00"],
          ["r1", "-20.00"],
          ["r2", "-20.00"],
          ["r3", "-20.00"],
        ]);
        expect(world.said(items)).toEqual([
          "p1 medusa_differs/not_recorded!",
          "p2 medusa_differs/other_record!",
          "p3 agrees",
          "r1 medusa_differs/not_recorded!",
          "r2 medusa_differs/other_record!",
          "r3 agrees",
        ]);
        expect(items.map((item) => item.medusa_amount)).toEqual([
          null,
          "99.00",
          "100.00",
          null,
          "-30.00",
          "-20.01",
        ]);
      });

      it("expects none of a payment that has no order, nor of its refund", async () => {
        const invoice = await world.pay({ reference: "p1", seconds: 1, state: "refunded", captured: null });
        const refund = { reference: "r1", amount: "100.00", seconds: 2, reason: "staff", recorded: null };
        await world.refund(invoice, refund);
        await world.pay({ reference: "p2", seconds: 1, state: "captured", captured: null });
        const items = await world.report(await world.period("first", DAY), [
          ["p1", "100.00"],
          ["r1", "-100.00"],
          ["p2", "100.00"],
        ]);
        expect(world.said(items)).toEqual(["p1 agrees", "r1 agrees", "p2 agrees"]);
      });
    });

    describe("at its edges", () => {
      it("leaves out what was paid before the first period that the plugin closed", async () => {
        await fewPayments(4);
        const items = await world.report(await world.period("first", DAY), [["p3", "100.00"]]);
        expect(world.said(items)).toEqual(["p3 agrees", "p4 only_here/missing!"]);
      });

      it("leaves out all that is older than some minutes when the first report has nothing", async () => {
        await fewPayments(2);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        const items = await world.report(await world.period("first", DAY), []);
        expect(world.said(items)).toEqual(["late only_here/next_period"]);
      });

      it("carries what crosses the closing to the next period, which says where it comes from", async () => {
        await world.pay({ reference: "p0", seconds: DAY - 3_600 });
        await world.pay({ reference: "late", seconds: DAY - 60 });
        await world.pay({ reference: "lost", seconds: DAY - 30 });
        const first = await world.period("first", DAY);
        expect(world.said(await world.report(first, [["p0", "100.00"]]))).toEqual([
          "p0 agrees",
          "late only_here/next_period",
          "lost only_here/next_period",
        ]);
        await world.pay({ reference: "early", seconds: 2 * DAY + 3 });
        const second = await world.period("second", 2 * DAY);
        const items = await world.report(second, [
          ["late", "100.00"],
          // SEQR made it before the closing, and the plugin learned of it later.
          ["early", "100.00"],
        ]);
        expect(world.said(items)).toEqual(["late agrees", "early agrees", "lost only_here/missing!"]);
        expect(items.map((item) => item.carried_from)).toEqual([first.id, null, first.id]);
        const before = await world.itemsOf(first.id);
        expect(before.map((item) => item.carried_to)).toEqual([null, second.id, second.id]);
        // Neither is it called missing twice, nor is the early one called missing at all.
        const third = await world.period("third", 3 * DAY);
        expect(world.said(await world.report(third, []))).toEqual([]);
      });

      it("is not missing any more when a later report has it after all", async () => {
        await fewPayments(2);
        await world.pay({ reference: "p3", seconds: 3 });
        const first = await world.period("first", DAY);
        await world.report(first, [
          ["p1", "100.00"],
          ["p2", "100.00"],
        ]);
        expect(await said(first.id)).toContain("p3 only_here/missing!");
        const second = await world.period("second", 2 * DAY);
        expect(await world.report(second, [["p3", "100.00"]])).toMatchObject([
          { class: "agrees", carried_from: first.id },
        ]);
        expect((await world.itemsOf(first.id))[2]).toMatchObject({ carried_to: second.id, is_open: false });
        // SEQR takes its later report back.
        await world.report(second, []);
        expect((await world.itemsOf(first.id))[2]).toMatchObject({ carried_to: null, is_open: true });
      });

      it("knows what a later report had when an earlier one comes late", async () => {
        const first = await world.period("first", DAY);
        await world.report(first, []);
        await world.pay({ reference: "p1", seconds: DAY + 10 });
        await world.pay({ reference: "p2", seconds: DAY + 20 });
        await world.pay({ reference: "p3", seconds: 2 * DAY - 10 });
        const second = await world.period("second", 2 * DAY, { state: "unreported" });
        const third = await world.period("third", 3 * DAY);
        expect(world.said(await world.report(third, [["p2", "100.00"]]))).toEqual(["p2 agrees"]);
        const items = await world.report(second, [["p1", "100.00"]]);
        expect(world.said(items)).toEqual(["p1 agrees", "p2 only_here/next_period", "p3 only_here/missing!"]);
        expect(items[1]).toMatchObject({ carried_to: third.id });
      });

      it("awaits nothing of a period whose report can still come", async () => {
        const first = await world.period("first", DAY);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        await world.report(first, []);
        const second = await world.period("second", 2 * DAY, { reported_at: null });
        const third = await world.period("third", 3 * DAY);
        expect(world.said(await world.report(third, []))).toEqual([]);
        expect(await said(first.id)).toEqual(["late only_here/next_period"]);
        // Also when the first one is compared once more.
        await world.reconcile(first);
        expect(await said(first.id)).toEqual(["late only_here/next_period"]);
        expect(world.said(await world.report(second, []))).toEqual(["late only_here/missing!"]);
      });

      it("awaits nothing of a period whose report is being fetched again", async () => {
        const first = await world.period("first", DAY);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        await world.report(first, []);
        await world.changePeriod(first.id, { state: "marked", reported_at: null });
        const second = await world.period("second", 2 * DAY);
        expect(world.said(await world.report(second, []))).toEqual([]);
      });

      it.each([
        ["first", "second"],
        ["second", "first"],
      ])(
        "is compared beside another one on two servers, %s first: what no report has is missing",
        async (...order) => {
          const first = await world.period("first", DAY);
          await world.pay({ reference: "late", seconds: DAY - 60 });
          const periods = { first, second: await world.period("second", 2 * DAY) };
          // Neither server has recorded yet that its period is compared.
          for (const name of order) await world.reconcile(periods[name as keyof typeof periods]);
          const [before, after] = [await said(first.id), await said(periods.second.id)];
          expect([...before, ...after].filter((one) => one.endsWith("!"))).toEqual([
            "late only_here/missing!",
          ]);
        },
      );

      it("passes over a closing that SEQR refused", async () => {
        const first = await world.period("first", DAY);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        await world.report(first, []);
        await world.period("refused", DAY + 60, { state: "refused" });
        const second = await world.period("second", 2 * DAY);
        expect(world.said(await world.report(second, []))).toEqual(["late only_here/missing!"]);
      });
    });

    describe.each(["lost", "unreported"] as const)("that is %s", (state) => {
      it("shows what was paid in it, and calls nothing of it missing", async () => {
        const first = await world.period("first", DAY);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        await world.report(first, []);
        const invoice = await world.pay({ reference: "p1", seconds: DAY + 10 });
        await world.refund(invoice, { reference: "r1", amount: "1.00", seconds: DAY + 20 });
        const lost = await world.period("lost", 2 * DAY, { state });
        await world.reconcile(lost);
        expect(await said(lost.id)).toEqual([
          "late only_here/lost_period",
          "p1 only_here/lost_period",
          "r1 only_here/lost_period",
        ]);
        const third = await world.period("third", 3 * DAY);
        expect(world.said(await world.report(third, []))).toEqual([]);
      });

      it("may have what the report before it does not, also when that comes last", async () => {
        const first = await world.period("first", DAY);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        const lost = await world.period("lost", 2 * DAY, { state });
        await world.reconcile(lost);
        const third = await world.period("third", 3 * DAY);
        await world.report(third, []);
        const { summaryDiffers, unreportedAfter } = await world.reconcile(first);
        expect({ summaryDiffers, unreportedAfter }).toEqual({
          summaryDiffers: false,
          unreportedAfter: lost.id,
        });
        expect(await said(first.id)).toEqual(["late only_here/next_period"]);
        expect(await world.reconcile(lost)).not.toHaveProperty("unreportedAfter");
        expect(await said(lost.id)).toEqual(["late only_here/lost_period"]);
        expect(await world.itemsOf(first.id)).toMatchObject([{ carried_to: lost.id, is_open: false }]);
      });

      it("follows another of the same millisecond, or the other way round", async () => {
        const periods = [
          await world.period("one", DAY, { state }),
          await world.period("other", DAY, { state }),
        ];
        const following: (string | undefined)[] = [];
        for (const period of periods) following.push((await world.reconcile(period)).unreportedAfter);
        expect(following.filter(Boolean)).toHaveLength(1);
      });

      it("was not closed by SEQR when the next report has its payments", async () => {
        await world.report(await world.period("first", DAY), []);
        await world.pay({ reference: "p1", seconds: DAY + 10 });
        const lost = await world.period("lost", 2 * DAY, { state });
        await world.reconcile(lost);
        const third = await world.period("third", 3 * DAY);
        expect(await world.report(third, [["p1", "100.00"]])).toMatchObject([
          { class: "agrees", carried_from: lost.id },
        ]);
        expect(await world.itemsOf(lost.id)).toMatchObject([{ cause: "lost_period", carried_to: third.id }]);
      });

      it("gets its items by its report, once SEQR has said its id", async () => {
        await world.report(await world.period("first", DAY), []);
        await world.pay({ reference: "p1", seconds: DAY + 10 });
        const lost = await world.period("lost", 2 * DAY, { state });
        await world.reconcile(lost);
        const items = await world.report(lost, [["p1", "100.00"]]);
        expect(world.said(items)).toEqual(["p1 agrees"]);
      });

      it("has all that the ledger has when it is the first, since its beginning is not known", async () => {
        await fewPayments(2);
        const lost = await world.period("lost", DAY, { state });
        expect(await world.reconcile(lost)).toMatchObject({ items: 2 });
        expect(await said(lost.id)).toEqual(["p1 only_here/lost_period", "p2 only_here/lost_period"]);
      });

      it.each([
        ["is being fetched by now", { state: "marked", reported_at: null }],
        ["has its report by now", { state: "reconciled" }],
      ] as const)("is left alone by a process that has read it before, when it %s", async (_, patch) => {
        await world.report(await world.period("first", DAY), []);
        await world.pay({ reference: "p1", seconds: DAY + 10 });
        const lost = await world.period("lost", 2 * DAY, { state });
        await world.report(lost, [["p1", "100.00"]]);
        await world.changePeriod(lost.id, patch);
        expect(await world.reconcile(lost)).toMatchObject({ items: 0 });
        expect(await said(lost.id)).toEqual(["p1 agrees"]);
      });

      it("has what the period before awaits, and the next one does not call it missing", async () => {
        const first = await world.period("first", DAY);
        await world.pay({ reference: "late", seconds: DAY - 60 });
        await world.report(first, []);
        const lost = await world.period("lost", 2 * DAY, { state });
        await world.reconcile(lost);
        await world.report(await world.period("third", 3 * DAY), []);
        expect(await world.itemsOf(first.id)).toMatchObject([
          { cause: "next_period", carried_to: lost.id, is_open: false },
        ]);
      });
    });

    describe("whose id was entered", () => {
      it("has a report of another time when its payments are of another time", async () => {
        await world.report(await world.period("first", DAY), []);
        await world.pay({ reference: "p1", seconds: DAY + 10 });
        await world.pay({ reference: "p2", seconds: 2 * DAY + 1_800 });
        const second = await world.period("second", 2 * DAY);
        const outOfTime = async (rows: readonly GivenRow[]): Promise<boolean> => {
          await world.report(second, rows);
          return (await world.reconcile(second)).isOutOfTime;
        };
        expect(await outOfTime([["p1", "100.00"]])).toBe(false);
        expect(await outOfTime([["unknown", "100.00"]])).toBe(false);
        expect(await outOfTime([["p2", "100.00"]])).toBe(true);
        await world.pay({ reference: "p0", seconds: DAY - 1_800 });
        expect(await outOfTime([["p0", "100.00"]])).toBe(true);
        // SEQR may not have closed the period before, whose answer is lost.
        await world.changePeriod("seqrper_first", { state: "lost" });
        expect(await outOfTime([["p0", "100.00"]])).toBe(false);
      });
    });

    describe("with refunds", () => {
      it("does not miss any while SEQR's reports have none", async () => {
        const invoice = await world.pay({ reference: "p1", seconds: 1 });
        await world.refund(invoice, { reference: "r1", amount: "1.00", seconds: 2 });
        await world.refund(invoice, { reference: null, amount: "2.00", seconds: DAY - 3 });
        const items = await world.report(await world.period("first", DAY), [["p1", "100.00"]]);
        expect(world.said(items)).toEqual([
          "p1 agrees",
          "r1 only_here/refund_not_reported",
          "- only_here/refund_not_reported",
        ]);
      });

      it("misses them from the first report of the account on that has one", async () => {
        const invoice = await world.pay({ reference: "p1", seconds: 1 });
        await world.refund(invoice, { reference: "r1", amount: "1.00", seconds: 2 });
        await world.report(await world.period("own", 10, { terminal: "se", terminal_id: "t-se" }), [
          ["r1", "-1.00"],
        ]);
        await world.report(await world.period("first", DAY), []);
        await world.refund(invoice, { reference: "r2", amount: "1.00", seconds: DAY + 5 });
        await world.refund(invoice, { reference: null, amount: "2.00", seconds: DAY + 6 });
        await world.refund(invoice, { reference: null, amount: "3.00", seconds: 2 * DAY - 6 });
        await world.refund(invoice, { reference: "r3", amount: "3.00", seconds: 2 * DAY - 5 });
        const second = await world.report(await world.period("second", 2 * DAY), []);
        expect(world.said(second)).toEqual([
          "r2 only_here/missing!",
          "- only_here/missing!",
          "- only_here/missing!",
          "r3 only_here/next_period",
        ]);
      });

      it("proposes the refund of unknown outcome that a row may be, each once, and resolves none", async () => {
        const invoice = await world.pay({ reference: "p1", seconds: 1 });
        const other = await world.pay({ reference: "p2", seconds: 1 });
        const unknown = { reference: null, amount: "20.00", seconds: 5, state: "unknown" } as const;
        const first = await world.refund(invoice, unknown);
        const second = await world.refund(other, { ...unknown, state: "done", seconds: 6 });
        await world.refund(other, { ...unknown, state: "refused", seconds: 4 });
        const period = await world.period("first", DAY);
        const items = await world.report(period, [
          ["p1", "100.00"],
          ["p2", "100.00"],
          ["x1", "-20.00"],
          ["x2", "-20.01"],
          // A second row of the first is not taken for the other refund.
          ["x1", "-20.00"],
          ["x3", "-20.00"],
          ["x4", "-20.00"],
          ["x5", "-20.00", "t-both"],
        ]);
        expect(world.said(items).slice(2)).toEqual([
          "x1 only_at_seqr/perhaps_unknown_refund!",
          "x2 only_at_seqr/other_system!",
          "x1 only_at_seqr/doubled!",
          "x3 only_at_seqr/perhaps_unknown_refund!",
          "x4 only_at_seqr/other_system!",
          "x5 only_at_seqr/other_system!",
          "- only_here/refund_not_reported",
        ]);
        expect(items.map((item) => item.refund_id).slice(2)).toEqual([
          ...[first.id, null, null, second.id, null, null, second.id],
        ]);
        expect(await world.ledger.refundsOf(invoice.id)).toEqual([first]);
        // A member of staff says later that it was made, and SEQR's reference, as the report has it.
        await world.ledger.finishRefund(first.id, "done", {
          ...{ refund_reference: "x1", result: "0", finished_at: at(2 * DAY - 3_600) },
        });
        expect(world.said(await world.report(await world.period("second", 2 * DAY), []))).toEqual([]);
        await world.reconcile(period);
        expect((await said(period.id))[2]).toMatch(/^x1 (agrees|medusa_differs)/);
      });

      it("proposes a refund that was requested while SEQR was closing the period", async () => {
        const invoice = await world.pay({ reference: "p1", seconds: 1 });
        const wanted = { reference: null, amount: "20.00", seconds: DAY + 3, state: "unknown" } as const;
        const { id } = await world.refund(invoice, wanted);
        const items = await world.report(await world.period("first", DAY), [
          ["p1", "100.00"],
          ["x1", "-20.00"],
        ]);
        expect(items[1]).toMatchObject({ cause: "perhaps_unknown_refund", refund_id: id });
      });

      it("does not miss a refund that a row of an earlier report may have been", async () => {
        const invoice = await world.pay({ reference: "p1", seconds: 1 });
        const { id } = await world.refund(invoice, {
          ...{ reference: null, amount: "20.00", seconds: 5, state: "unknown" },
        });
        await world.report(await world.period("first", DAY), [
          ["p1", "100.00"],
          ["x1", "-20.00"],
        ]);
        const outcome = { refund_reference: null, result: "0", finished_at: at(DAY + 60) };
        await world.ledger.finishRefund(id, "done", outcome);
        const items = await world.report(await world.period("second", 2 * DAY), []);
        expect(world.said(items)).toEqual(["- only_here/refund_not_reported"]);
      });
    });

    describe("with payments that the ledger does not count", () => {
      it("names one that SEQR had reversed, by its amount and terminal, in the time of the period", async () => {
        const reversed = async (seconds: number, amount = "100.00") => {
          const { id } = await invoiceIn(world.ledger, "open", {
            terminal: "se",
            terminal_id: "t-se",
            amount,
          });
          const patch = { ...step(), state_since: at(seconds), reason: "reversed" } as const;
          return present(await world.ledger.transition(id, "canceled", patch));
        };
        await world.report(await world.period("first", DAY), []);
        await reversed(DAY - 5);
        const { id } = await reversed(DAY + 5);
        await reversed(DAY + 6, "7.00");
        await reversed(3 * DAY);
        const items = await world.report(await world.period("second", 2 * DAY), [
          ["x1", "100.00"],
          ["x2", "100.00"],
          ["x3", "7.01"],
        ]);
        expect(world.said(items)).toEqual([
          "x1 only_at_seqr/given_back!",
          "x2 only_at_seqr/other_system!",
          "x3 only_at_seqr/other_system!",
        ]);
        expect(items[0]).toMatchObject({ invoice_id: id, refund_id: null, expected_amount: null });
      });

      it("names one about which SEQR contradicted itself", async () => {
        const { id } = await invoiceIn(world.ledger, "open", { terminal: "se", terminal_id: "t-se" });
        const disputed = { disputed_reference: "x1", disputed_amount: "5.00" };
        await world.ledger.update(id, disputed, ["open"]);
        const items = await world.report(await world.period("first", DAY), [["x1", "5.00"]]);
        expect(items).toMatchObject([{ cause: "contradicting", invoice_id: id, expected_amount: null }]);
      });

      it("does not expect a reservation, an open invoice, or one that staff closed without a payment", async () => {
        for (const state of ["open", "reserved", "awaiting_capture", "canceled"] as const)
          await invoiceIn(world.ledger, state, { terminal: "se", terminal_id: "t-se" });
        const { id } = await invoiceIn(world.ledger, "closed_by_staff", {
          terminal: "se",
          terminal_id: "t-se",
        });
        await world.ledger.update(id, { paid_at: at(5) }, ["closed_by_staff"]);
        const period = await world.period("first", DAY, { opened_at: at(-DAY) });
        expect(world.said(await world.report(period, []))).toEqual([]);
        await world.ledger.update(id, { ers_reference: "p1" }, ["closed_by_staff"]);
        expect(world.said(await world.report(period, []))).toEqual(["p1 only_here/missing!"]);
      });
    });

    describe("that is repeated", () => {
      it("writes the same items, and keeps what staff accepted of those that say the same", async () => {
        await fewPayments(3);
        const period = await world.period("first", DAY);
        const rows = [
          ["p1", "100.00"],
          ["p2", "99.00"],
          ["x1", "5.00"],
        ] as const;
        const items = await world.report(period, rows);
        const accepted = {
          accepted_by: "user_1",
          accepted_at: at(9),
          accepted_reason: "known",
          is_open: false,
        };
        for (const item of items.slice(1)) await world.changeItem(item.id, accepted);
        await world.reconcile(period);
        expect(await said(period.id)).toEqual(world.said(items.map((item) => ({ ...item, is_open: false }))));
        expect((await world.itemsOf(period.id)).map(({ id }) => id)).toEqual(items.map(({ id }) => id));
        expect(await world.itemsOf(period.id)).toMatchObject([{}, accepted, accepted, accepted]);
        const others = await world.report(period, [rows[0], ["p2", "98.00"], rows[2], ["p3", "100.00"]]);
        expect(others.map((item) => item.accepted_by)).toEqual([null, null, "user_1", null]);
        expect(others.map((item) => item.is_open)).toEqual([false, true, false, false]);
      });

      it("leaves everything as it was when it fails", async () => {
        await fewPayments(2);
        const period = await world.period("first", DAY);
        const before = await world.report(period, [["p1", "100.00"]]);
        await expect(
          world.books.reconciling(period, async (books) => {
            await books.deleteItems();
            throw new Error("the process ends here");
          }),
        ).rejects.toThrow("ends here");
        expect(await world.itemsOf(period.id)).toEqual(before);
      });

      it("follows another of the same scope that is running", async () => {
        await fewPayments(20);
        const period = await world.period("first", DAY);
        await world.report(period, [["p1", "100.00"]]);
        const expected = await said(period.id);
        await Promise.all([1, 2, 3].map(() => world.reconcile(period)));
        expect(await said(period.id)).toEqual(expected);
      });
    });

    it.each([
      ["of the sales", 2, "200.00", false],
      ["of all rows", 3, "199.00", false],
      ["another count", 4, "200.00", true],
      ["another total", 2, "200.01", true],
      ["a count of the one and a total of the other", 2, "199.00", true],
      ["none", null, null, false],
    ])("compares SEQR's summary with its rows: %s", async (_, sales_count, sales_total, differs) => {
      await fewPayments(2);
      const more = { sales_count, sales_total, terminal: "se", terminal_id: "t-se" };
      const period = await world.period("first", DAY, more);
      await world.report(period, [
        ["p1", "100.00"],
        ["p2", "100.00"],
        ["x", "-1.00"],
      ]);
      expect(await world.reconcile(period)).toMatchObject({ summaryDiffers: differs });
      // The shop's period has two currencies, whose sum says nothing.
      const ofShop = await world.period("shop", DAY, { sales_count, sales_total });
      await world.report(ofShop, [["x", "-1.00"]]);
      const isOfOne = sales_count === 1 || sales_count === null;
      expect(await world.reconcile(ofShop)).toMatchObject({ summaryDiffers: !isOfOne });
      const ofOne = await world.period("one", DAY, { sales_count: 1, sales_total: "77.00" });
      await world.report(ofOne, [["y", "-1.00"]]);
      expect(await world.reconcile(ofOne)).toMatchObject({ summaryDiffers: false });
    });
  });
}
