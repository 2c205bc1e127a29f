import { runScript } from "./run-script";

describe("a simulated shop whose code", () => {
  const mutations = [
    "processes without the lock, and gives the same money to two completions",
    "repeats a refund of unknown outcome, whatever is left",
    "forgets a refund whose process died",
    "does not write PAID down",
    "keeps a second payment of the same cart",
    "keeps the money of an impossible order",
    "places an order over another sum than was paid, and tells nobody",
    "does not cancel at the end of the lifetime",
    "takes an invoice that is being paid for cancelled",
    "forgets a cancellation that SEQR did not confirm",
    "stops looking after a failure",
    "never takes over from a process that died",
    "never confirms what was handed to Medusa",
    "leaves the money of a cancelled order to Medusa alone",
    "does not make up for a refund that only Medusa knows",
    "lets two reconcilers record the same refund",
    "takes a decision for one about whichever refund is unknown by then",
    "lets two payments of a purchase be started at once",
    "rounds a cart's total with all its digits",
    "cancels an order that needs no payment",
    "writes a late answer over a finished payment",
    "counts the entries of one page of the attention list, so that nobody asks for the others",
    "lists what passes by itself before what needs a person",
    "hides a refund of unknown outcome when its payment has another refund",
    "does not compare an extra payment with what is outstanding",
    "leaves the code of a cancelled order open",
    "asks about a contradicting answer without end",
    "asks neither itself nor the ledger whether a refund was made under its key",
    "lets the session of a finished payment go",
    "gives back what a person has closed, when the order is cancelled later",
    "enters a capture in its order's books while core may be about to, and never looks again",
    "does not look whether core has entered a capture after all",
    "never enters a capture that core has left out",
    "leaves an order without its payments when a server has died between its links",
    "places a second order when a server has died between the links of the first",
    "gives a receipt up when SEQR does not answer",
    "asks with the first terminal's credentials about every invoice",
    "works on few invoices at once, of whatever endpoint, so that one that hangs holds up all",
    "sends receipts one after the other, of whatever endpoint, so that one that hangs holds up all",
    "goes on asking with a password that SEQR refuses, and keeps the others from asking",
    "takes a commit of unknown outcome for refused",
    "never finds out what came of a commit",
    "does not record a capture that core has forgotten",
    "keeps the transaction of a capture whose record is deleted",
    "confirms a second capture of a reservation",
    "commits all of a reservation, whatever is captured",
    "keeps a reservation of which no order is possible",
    "keeps the reservation of a cancelled order",
    "lets an order whose reservation has lapsed show a payment",
    "warns of no reservation that lapses",
    "does not poll whether a reservation has lapsed",
    "does not capture what lapses soon",
  ];
  let found: { name: string; violations: number }[] = [];
  beforeAll(() => {
    found = runScript("run-mutations.ts").map((line) => JSON.parse(line) as (typeof found)[number]);
  }, 600_000);

  it.each(mutations)("%s, is found out", (name) => {
    expect(found.find((one) => one.name === name)?.violations).toBeGreaterThan(0);
  });

  it("is broken in all the ways that are listed", () => {
    expect(found.map(({ name }) => name)).toEqual(mutations);
  });
});
