// Deliberate bugs: each replaces one text or more in the source. A simulation that does not notice one of them would not
// notice it either if somebody wrote it by mistake. The weather is the one in which it shows soonest, and so is the kind of
// world, which is `plain` when it is not said. `about` are words of the violation, where others show sooner.

const settlement = "src/workflows/settlement.ts";
const payments = "src/modules/seqr/payments.ts";
const cadence = "src/modules/seqr/cadence.ts";
const handOver = "src/modules/seqr/verbs/hand-over.ts";
const refundInvoice = "src/modules/seqr/verbs/refund-invoice.ts";
const reconcileRefunds = "src/workflows/reconcile-refunds.ts";
const provider = "src/providers/seqr/service.ts";
const attention = "src/workflows/attention.ts";

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
        from: "for (const refund of await ledger.requestedRefunds(after(clock.now(), -refundAbandoned(options)))) {",
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
    changes: [
      { file: settlement, from: "if (purchase?.paidOtherwise) {", to: "if (false) {" },
      {
        file: settlement,
        from: 'if (doubt) return this.#return(invoice, doubt, "its order is cancelled, or has nothing to pay");',
        to: "",
      },
    ],
  },
  {
    name: "keeps the money of an impossible order",
    weather: "fair",
    changes: [
      {
        file: settlement,
        from: "return this.#return(current, reasonOf(completion), completion.message);",
        to: "return current;",
      },
    ],
  },
  {
    name: "places an order over another sum than was paid, and tells nobody",
    weather: "fair",
    changes: [
      { file: handOver, from: "if (total === undefined || total === amount) return;", to: "return;" },
      {
        file: settlement,
        from: 'return total === invoice.amount ? null : "SEQR_ORDER_TOTAL_DIFFERS";',
        to: "return null;",
      },
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
        from: "return after(now, endingPause(invoice.attempts, MAX_BACK_OFF_ENDING));",
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
        from: `    case "open":\n`,
        to: `    case "open":\n      if (invoice.attempts > 0) return null;\n`,
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
        from: "for (const refund of refunds.filter(({ id }) => !known.has(id))) {",
        to: "for (const refund of []) {",
      },
    ],
  },
  {
    name: "lets two reconcilers record the same refund",
    kind: "refunds",
    weather: "calm",
    changes: [
      {
        file: reconcileRefunds,
        from: "const claimed = await seqr.claim(invoice);",
        to: "const claimed = (await seqr.claim(invoice)) ?? invoice;",
      },
      {
        file: provider,
        from: `if (!made) throw problem("SEQR_REFUND_RUNNING");`,
        to: "if (!made) return undefined;",
      },
    ],
  },
  {
    name: "takes a decision for one about whichever refund is unknown by then",
    kind: "refunds",
    weather: "bad line",
    changes: [
      {
        file: "src/modules/seqr/attention.ts",
        from: "if (refund) return refund.id;",
        to: `if (refund) return "any";`,
      },
      {
        file: "src/modules/seqr/verbs/judge-refund.ts",
        from: "const unknown = refunds.find(({ id }) => id === decision.subject);",
        to: `const unknown = refunds.find(({ state }) => state === "unknown");`,
      },
    ],
  },
  {
    name: "lets two payments of a purchase be started at once",
    kind: "starts",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/purchase-lock.ts",
        from: "while (!(await ledger.claimPurchase(paymentCollectionId, lease()))) {",
        to: "while ((await ledger.claimPurchase(paymentCollectionId, lease()), false)) {",
      },
    ],
  },
  {
    name: "rounds a cart's total with all its digits",
    kind: "edits",
    weather: "calm",
    changes: [
      {
        file: "src/providers/seqr/amounts.ts",
        from: `exactNumber(exactNumber(amount).toNumber())
      .decimalPlaces(MEANT_DECIMALS, HALF_AWAY_FROM_ZERO)`,
        to: "exactNumber(amount)",
      },
    ],
  },
  {
    name: "cancels an order that needs no payment",
    kind: "edits",
    weather: "calm",
    changes: [
      {
        file: settlement,
        from: `if (order.isCanceled || !order.isPending || compare(order.owed, "0") <= 0) return undefined;`,
        to: "if (order.isCanceled || !order.isPending) return undefined;",
      },
    ],
  },
  {
    name: "writes a late answer over a finished payment",
    kind: "answers",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/verbs/cancel-invoice.ts",
        from: `(await ledger.update(invoice.id, patch, ["canceling"]));`,
        to: `(await ledger.update(invoice.id, patch, ["canceling", "captured", "settled"]));`,
      },
    ],
  },
  {
    name: "counts the entries of one page of the attention list, so that nobody asks for the others",
    kind: "answers",
    weather: "calm",
    changes: [{ file: attention, from: "count: number(kinds),", to: "count: entries.length," }],
  },
  {
    name: "lists what passes by itself before what needs a person",
    kind: "starts",
    weather: "bad line",
    changes: [
      {
        file: "src/modules/seqr/attention-rules.ts",
        from: `export const NEEDS = ["person", "nothing", "acknowledgement"] as const;`,
        to: `export const NEEDS = ["nothing", "acknowledgement", "person"] as const;`,
      },
    ],
  },
  {
    name: "hides a refund of unknown outcome when its payment has another refund",
    kind: "refunds",
    weather: "outages",
    changes: [
      {
        file: "src/modules/seqr/attention.ts",
        from: "...(unknown\n      ? [entry",
        to: "...(unknown && refunds.length === 1\n      ? [entry",
      },
    ],
  },
  {
    name: "does not compare an extra payment with what is owed",
    kind: "edits",
    weather: "calm",
    changes: [
      {
        file: settlement,
        from: `return asked === amount && compare(amount, owed) <= 0 ? undefined : "amount_differs";`,
        to: "return undefined;",
      },
      {
        file: settlement,
        from: 'return total === invoice.amount ? null : "SEQR_ORDER_TOTAL_DIFFERS";',
        to: "return null;",
      },
      {
        file: "src/providers/seqr/session-cart.ts",
        from: "if (!cart) return session?.payment_collection?.amount;",
        to: "if (!cart) return undefined;",
      },
    ],
  },
  {
    name: "leaves the code of a cancelled order open",
    kind: "edits",
    weather: "calm",
    changes: [
      {
        file: settlement,
        from: "if (obsolete) return this.#withdraw(invoice, obsolete);",
        to: "",
      },
    ],
  },
  {
    name: "asks about a contradicting answer without end",
    kind: "answers",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/verbs/observe.ts",
        from: "attempts: doubt ? invoice.attempts + 1 : 0,",
        to: "attempts: 0,",
      },
    ],
  },
  {
    // As long as the ledger's rule stands, all the rest of it makes no refund more.
    name: "asks neither itself nor the ledger whether a refund was made under its key",
    kind: "refunds",
    weather: "calm",
    about: "is the second done under",
    changes: [
      {
        file: reconcileRefunds,
        from: "const claimed = await seqr.claim(invoice);",
        to: "const claimed = (await seqr.claim(invoice)) ?? invoice;",
      },
      {
        file: reconcileRefunds,
        from: `if (same.some(({ state }) => state !== "refused")) return;`,
        to: "",
      },
      {
        file: refundInvoice,
        from: "const same = madeUnder(earlier, input.idempotencyKey);",
        to: "const same = madeUnder([], input.idempotencyKey);",
      },
      {
        file: "__tests__/unit/modules/memory-ledger.ts",
        from: "if (earlier.some(isUnfinished) || hasKey(earlier, refund.idempotency_key)) return undefined;",
        to: "if (earlier.some(isUnfinished)) return undefined;",
      },
    ],
  },
  {
    name: "lets the session of a finished payment go",
    kind: "plain",
    weather: "calm",
    changes: [
      {
        file: provider,
        from: `if (invoice.settled_at !== null) throw problem("SEQR_PAYMENT_FINISHED");`,
        to: "",
      },
      {
        file: provider,
        from: `if (settled_at !== null || state === "paid" || state === "captured") {`,
        to: `if (state === "paid" || state === "captured") {`,
      },
      {
        file: "src/modules/seqr/verbs/issue-invoice.ts",
        from: `if (earlier.some(({ settled_at }) => settled_at !== null)) throw problem("SEQR_NOTHING_TO_PAY");`,
        to: "",
      },
    ],
  },
  {
    name: "gives back what a person has closed, when the order is cancelled later",
    kind: "refunds",
    weather: "calm",
    about: "staff have closed a refund of",
    changes: [
      {
        file: "src/workflows/closed-refunds.ts",
        from: "if (closed.size === 0) return rest;",
        to: "return rest;",
      },
    ],
  },
  {
    // Together they are what the plugin did before: one alone is made good by the other.
    name: "enters a capture in its order's books while core may be about to, and never looks again",
    kind: "starts",
    weather: "calm",
    about: "times in its books",
    changes: [
      {
        file: settlement,
        from: `if (by !== "nobody" || !isOverdue) return by;`,
        to: `if (by !== "nobody") return by;`,
      },
      { file: settlement, from: `attempts: by === "plugin" ? 1 : 0,`, to: "attempts: 0," },
    ],
  },
  {
    name: "does not look whether core has entered a capture after all",
    kind: "starts",
    weather: "calm",
    about: "times in its books",
    changes: [{ file: settlement, from: `attempts: by === "plugin" ? 1 : 0,`, to: "attempts: 0," }],
  },
  {
    name: "never enters a capture that core has left out",
    kind: "starts",
    weather: "crashes",
    changes: [
      {
        file: settlement,
        from: "return this.#shop.bookCapture(orderId, paymentId, true);",
        to: `return "core";`,
      },
    ],
  },
];
