// Deliberate bugs: each replaces one text or more in the source. A simulation that does not notice one of them would not
// notice it either if somebody wrote it by mistake. The weather is the one in which it shows soonest, and so is the kind of
// world, which is `plain` when it is not said.

const settlement = "src/workflows/settlement.ts";
const payments = "src/modules/seqr/payments.ts";
const cadence = "src/modules/seqr/cadence.ts";
const handOver = "src/modules/seqr/verbs/hand-over.ts";
const refundInvoice = "src/modules/seqr/verbs/refund-invoice.ts";

export const MUTATIONS = [
  {
    name: "settles without the lock, and gives the same money to two completions",
    weather: "busy",
    changes: [
      {
        file: payments,
        from: "    return this.context.ledger.claim(invoice.id, this.#claim());",
        to: "    return this.context.ledger.claim(invoice.id, this.#claim()).then(() => this.current(invoice));",
      },
      {
        file: handOver,
        from: `    case "captured":\n      throw problem("SEQR_BUSY");`,
        to: `    case "captured":\n      return invoice;`,
      },
    ],
  },
  {
    name: "repeats a refund of unknown outcome, whatever is left",
    weather: "bad line",
    changes: [
      {
        file: refundInvoice,
        from: `if (!takesAll || !(error instanceof SeqrError) || error.outcome !== "unknown") throw error;`,
        to: `if (!(error instanceof SeqrError) || error.outcome !== "unknown") throw error;`,
      },
    ],
  },
  {
    name: "forgets a refund whose process died",
    weather: "crashes",
    changes: [
      {
        file: refundInvoice,
        from: "for (const refund of await ledger.requestedRefunds(after(clock.now(), -REFUND_ABANDONED))) {",
        to: "for (const refund of []) {",
      },
    ],
  },
  {
    name: "does not write PAID down",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/verbs/observe.ts",
        from: "const next = doubt ? undefined : stepFor(answer, known, observed_at);",
        to: `const next = doubt || answer.status === "PAID" ? undefined : stepFor(answer, known, observed_at);`,
      },
    ],
  },
  {
    name: "keeps a second payment of the same cart",
    weather: "busy",
    changes: [{ file: settlement, from: "if (purchase?.paidOtherwise) {", to: "if (false) {" }],
  },
  {
    name: "keeps the money of an impossible order",
    weather: "fair",
    changes: [
      {
        file: settlement,
        from: "return this.#return(current, reason, completion.message);",
        to: "return current;",
      },
    ],
  },
  {
    name: "places an order over another sum than was paid, and tells nobody",
    weather: "fair",
    changes: [
      { file: handOver, from: "if (total === undefined || total === amount) return;", to: "return;" },
      { file: settlement, from: "if (invoice.cart_id === null) return null;", to: "return null;" },
    ],
  },
  {
    name: "does not cancel at the end of the lifetime",
    weather: "fair",
    changes: [
      {
        file: settlement,
        from: `if (state === "open" && invoice.expires_at <= this.#seqr.now()) return this.#cancel(invoice, "lifetime");`,
        to: "",
      },
    ],
  },
  {
    name: "takes an invoice that is being paid for cancelled",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/verbs/cancel-invoice.ts",
        from: "if (result !== undefined && PAYING.includes(result)) {",
        to: "if (result !== undefined && PAYING.includes(result)) ALREADY_CANCELED.push(result);\n    if (result === -1) {",
      },
    ],
  },
  {
    name: "forgets a cancellation that SEQR did not confirm",
    weather: "bad line",
    changes: [
      {
        file: cadence,
        from: "return after(now, Math.min(backOff(invoice.attempts), MAX_BACK_OFF_CANCELING));",
        to: "return null;",
      },
    ],
  },
  {
    name: "stops looking after a failure",
    weather: "bad line",
    changes: [
      {
        file: cadence,
        from: `    case "open":\n      return earlier(`,
        to: `    case "open":\n      if (invoice.attempts > 0) return null;\n      return earlier(`,
      },
    ],
  },
  {
    name: "never takes over from a process that died",
    weather: "crashes",
    changes: [{ file: payments, from: "const LEASE = 10_000;", to: "const LEASE = 1_000_000_000;" }],
  },
  {
    name: "never confirms what was handed to Medusa",
    weather: "calm",
    changes: [{ file: settlement, from: "return this.#confirm(invoice);", to: "return invoice;" }],
  },
  {
    name: "leaves the money of a cancelled order to Medusa alone",
    weather: "bad line",
    changes: [
      {
        file: "src/workflows/canceled-orders.ts",
        from: "for (const invoice of await seqr.settledWith(orderIds)) {",
        to: "for (const invoice of []) {",
      },
    ],
  },
  {
    name: "does not make up for a refund that only Medusa knows",
    weather: "crashes",
    changes: [
      {
        file: "src/workflows/reconcile-refunds.ts",
        from: "for (const refund of refunds.filter(({ id }) => !known.has(id))) await makeUp(context, refund);",
        to: "",
      },
    ],
  },
];
