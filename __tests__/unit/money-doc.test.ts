import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ATTENTION_KINDS, NEED_OF } from "../../src/modules/seqr/attention/attention-kinds";
import { STATE_TABLE } from "../../src/modules/seqr/invoice/state-table";
import { INVOICE_STATES } from "../../src/modules/seqr/invoice/states";
import { PERIOD_EVENTS } from "../../src/modules/seqr/books/period-events";
import { PROBLEM_EVENTS, RECEIPT_REFUSED, REFUND_EVENTS } from "../../src/modules/seqr/ledger/money-events";

describe("docs/money.md", () => {
  const page = readFileSync(join(__dirname, "../../docs/money.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([\w.]+)`(?: *\| `(\w+)`)?/gm)].map(([, name = "", second]) => [
    name,
    second,
  ]);
  const names = rows.map(([name]) => name);

  it("draws every transition of an invoice, each once", () => {
    const diagrams = page.match(/^```mermaid\nstateDiagram-v2\n[^]*?^```/gm)?.join("\n") ?? "";
    const drawn = [...diagrams.matchAll(/^ +(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} --> ${to}`);
    const taken = INVOICE_STATES.flatMap((from) => STATE_TABLE[from].next.map((to) => `${from} --> ${to}`));
    expect(drawn.sort()).toEqual(taken.sort());
  });

  it("describes every state of an invoice", () => {
    expect(names).toEqual(expect.arrayContaining([...INVOICE_STATES]));
  });

  it("describes every event", () => {
    const events = [
      ...Object.values(STATE_TABLE).map(({ event }) => event),
      ...Object.values(REFUND_EVENTS),
      ...Object.values(PROBLEM_EVENTS),
      RECEIPT_REFUSED,
    ];
    const emitted = events.flatMap((event) => event?.[0] ?? []);
    const described = names.filter((name) => name?.startsWith("seqr."));
    expect(described.sort()).toEqual(
      [...new Set([...emitted, ...PERIOD_EVENTS, "seqr.payment.reversed"])].sort(),
    );
  });

  it("says of every kind of entry in the attention list what it needs", () => {
    const described = rows.filter(([name, needs]) => needs && ATTENTION_KINDS.some((kind) => kind === name));
    expect(Object.fromEntries(described)).toEqual(NEED_OF);
  });
});
