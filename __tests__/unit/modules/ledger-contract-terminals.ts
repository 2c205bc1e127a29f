import type { InvoiceRecord, Ledger, NewInvoice, TerminalKey } from "../../../src/modules/seqr/ledger/ledger";
import type { InvoiceState } from "../../../src/modules/seqr/invoice/states";
import { at, invoiceIn, present } from "./ledger-contract";

/** What every ledger keeps to about terminals, wherever its rows are. `empty` gives one without rows. */
export function describeTerminals(name: string, empty: () => Promise<Ledger>): void {
  describe(name, () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await empty();
    });
    const find = async (id: string): Promise<InvoiceRecord> => present(await ledger.find({ id }));
    const claim = (owner: string, now: number, until: number) => ({ owner, now: at(now), until: at(until) });
    const due = async (now: number): Promise<string[]> =>
      (await ledger.acquireDueLeases({ ...claim("worker", now, now + 10), limit: 10 }))
        .map(({ id }) => id)
        .sort();

    describe("what is due", () => {
      it("is only what the terminals made that are asked for, with their name and their id", async () => {
        const made = async (terminal: string | null, terminal_id: string): Promise<string> =>
          (await invoiceIn(ledger, "open", { due_at: at(0), terminal, terminal_id })).id;
        const se = await made("se", "t1");
        const fi = await made("fi", "t1");
        const earlier = await made("se", "t0");
        const unnamed = await made(null, "t1");
        const dueOf = async (...of: TerminalKey[]): Promise<string[]> =>
          (await ledger.acquireDueLeases({ ...claim("worker", 0, 10), limit: 5, of }))
            .map(({ id }) => id)
            .sort();
        expect(await dueOf({ terminal: "se", terminal_id: "t2" })).toEqual([]);
        expect(
          await dueOf({ terminal: "se", terminal_id: "t1" }, { terminal: null, terminal_id: "t1" }),
        ).toEqual([se, unnamed].sort());
        expect(await due(0)).toEqual([fi, earlier].sort());
      });

      it("and was made by no terminal that is known gets a problem, once", async () => {
        const known = [
          { terminal: "se", terminal_id: "t1" },
          { terminal: null, terminal_id: "t1" },
        ];
        const made = (more: Partial<NewInvoice>, state: InvoiceState = "open"): Promise<InvoiceRecord> =>
          invoiceIn(ledger, state, { due_at: at(0), terminal_id: "t1", ...more });
        const gone = await made({ terminal: "no" });
        await ledger.acquireLease(gone.id, claim("crashed", 0, 5));
        await ledger.update(gone.id, { due_at: at(0) }, ["open"]);
        const unnamed = await made({ terminal: null, terminal_id: "t0", due_at: at(1) });
        const others = [
          await made({ terminal: "se" }),
          await made({ terminal: null }),
          await made({ terminal: "no", due_at: at(2) }),
          await made({ terminal: "no" }, "paid"),
        ];
        const leased = await made({ terminal: "no" });
        await ledger.acquireLease(leased.id, claim("somebody", 0, 10));
        await ledger.update(leased.id, { due_at: at(0) }, ["open"]);
        const record = async (): Promise<string[]> => {
          const overdue = { now: at(5), before: at(1), states: ["open"] as const };
          const found = await ledger.recordProblemOfOthers(known, "SEQR_TERMINAL_UNKNOWN", overdue);
          expect(found.every(({ problem }) => problem === "SEQR_TERMINAL_UNKNOWN")).toBe(true);
          return found.map(({ id }) => id).sort();
        };
        expect(await record()).toEqual([gone.id, unnamed.id].sort());
        expect(await record()).toEqual([]);
        expect(await find(gone.id)).toMatchObject({ problem: "SEQR_TERMINAL_UNKNOWN", problem_no: 1 });
        for (const { id } of [...others, leased]) expect(await find(id)).toMatchObject({ problem: null });
      });

      it("has a problem no longer, and is due at once, when a terminal that made it is known again", async () => {
        const problem = "SEQR_TERMINAL_UNKNOWN";
        const made = async (terminal: string, due_at: Date | null, patch = { problem }): Promise<string> => {
          const { id } = await invoiceIn(ledger, "open", { due_at, terminal, terminal_id: "t1" });
          await ledger.update(id, patch, ["open"]);
          return id;
        };
        const back = [await made("se", at(0)), await made("se", at(9)), await made("se", null)];
        const gone = await made("no", at(9));
        const other = await made("se", at(9), { problem: "SEQR_TIMEOUT" });
        await ledger.clearProblemOf([{ terminal: "se", terminal_id: "t1" }], problem, at(5));
        const rows = await Promise.all(back.map(find));
        expect(rows.map((row) => row.problem)).toEqual([null, null, null]);
        expect(rows.map(({ due_at }) => due_at)).toEqual([at(0), at(5), null]);
        expect(await find(gone)).toMatchObject({ problem, due_at: at(9) });
        expect(await find(other)).toMatchObject({ problem: "SEQR_TIMEOUT", due_at: at(9) });
      });
    });

    it("has the same references from two servers of SEQR, each with its receipt, and never twice from one", async () => {
      // Two servers may even have a terminal of the same id.
      const made = async (terminal: string): Promise<InvoiceRecord> => {
        const { id } = await invoiceIn(ledger, "captured", { terminal, terminal_id: "t1" });
        const references = {
          invoice_reference: "20300101000000001",
          ers_reference: "2030010112000000001000001",
        };
        return present(await ledger.transition(id, "completed", { state_since: at(1), ...references }));
      };
      const both = [await made("se"), await made("fi")];
      for (const { id, ers_reference } of both)
        expect(await ledger.receiptsOf([id])).toMatchObject([{ ers_reference, state: "pending" }]);
      await expect(made("fi")).rejects.toThrow("IDX_seqr_invoice_invoice_reference");
    });
  });
}
