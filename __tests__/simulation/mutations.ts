// Deliberate bugs: each replaces one text or more in the source. A simulation that does not notice one of them would not
// notice it either if somebody wrote it by mistake. The weather is the one in which it shows soonest, and so is the kind of
// world, which is `plain` when it is not said. `about` are words of the violation, where others show sooner.

import { MUTATIONS_OF_BOOKS } from "./mutations-of-books";
import type { Mutation } from "./mutation";

const processPayment = "src/processing/process-payment.ts";
const placeOrder = "src/processing/place-order.ts";
const completeCartExclusively = "src/processing/complete-cart-exclusively.ts";
const recordCapture = "src/processing/record-capture.ts";
const pollInvoice = "src/processing/poll-invoice.ts";
const endReasons = "src/processing/end-reasons.ts";
const lease = "src/modules/seqr/ledger/lease.ts";
const cadence = "src/modules/seqr/invoice/polling-schedule.ts";
const handOver = "src/modules/seqr/operations/authorize-payment.ts";
const refundInvoice = "src/modules/seqr/operations/refund/refund-invoice.ts";
const reconcileRefunds = "src/processing/refunds/reconcile-refunds.ts";
const provider = "src/providers/seqr/service.ts";
const terminals = "src/modules/seqr/operations/terminals.ts";
const attention = "src/attention/attention-list.ts";
const sendDueReceipts = "src/receipts/send-due-receipts.ts";
const commitReservation = "src/modules/seqr/operations/commit-reservation.ts";
const reservations = "src/providers/seqr/reservations.ts";
const confirmCapture = "src/processing/captures/confirm-capture.ts";
const attendReservation = "src/processing/captures/attend-reservation.ts";

export const MUTATIONS: Mutation[] = [
  {
    name: "processes without the lock, and gives the same money to two completions",
    weather: "busy",
    changes: [
      {
        file: lease,
        from: "return ledger.acquireLease(invoice.id, leaseRequest(clock));",
        to: "return ledger.acquireLease(invoice.id, leaseRequest(clock)).then(() => ledger.find({ id: invoice.id }));",
      },
      {
        file: handOver,
        from: `    case "captured":\n      throw seqrError("SEQR_BUSY");`,
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
        from: `if (!isFullRemainder || !(error instanceof SeqrError) || error.outcome !== "unknown") throw error;`,
        to: `if (!(error instanceof SeqrError) || error.outcome !== "unknown") throw error;`,
      },
    ],
  },
  {
    name: "forgets a refund whose process died",
    weather: "crashes",
    changes: [
      {
        file: "src/modules/seqr/operations/refund/finish-refund.ts",
        from: "for (const refund of await ledger.requestedRefunds(after(clock.now(), -limit))) {",
        to: "for (const refund of []) {",
      },
    ],
  },
  {
    name: "does not write PAID down",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/operations/poll-payment-status.ts",
        from: "const next = doubt ? undefined : transitionOf(answer, known, observed_at);",
        to: `const next = doubt || answer.status === "PAID" ? undefined : transitionOf(answer, known, observed_at);`,
      },
    ],
  },
  {
    name: "keeps a second payment of the same cart",
    weather: "busy",
    changes: [
      { file: placeOrder, from: "if (purchase?.paidOtherwise) {", to: "if (false) {" },
      {
        file: placeOrder,
        from: 'if (reason) return giveUp(run, invoice, reason, "its order is cancelled, or has nothing to pay");',
        to: "",
      },
    ],
  },
  {
    name: "keeps the money of an impossible order",
    weather: "fair",
    changes: [
      {
        file: placeOrder,
        from: "return giveUp(run, current, reasonOf(completion), completion.message);",
        to: "return current;",
      },
    ],
  },
  {
    name: "places an order over another sum than was paid, and tells nobody",
    weather: "fair",
    changes: [
      { file: handOver, from: "if (total === undefined || total === confirmed) return;", to: "return;" },
      {
        file: endReasons,
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
        file: pollInvoice,
        from: `if (state === "open" && invoice.expires_at <= now) return cancel(run, invoice, "lifetime");`,
        to: "",
      },
    ],
  },
  {
    name: "takes an invoice that is being paid for cancelled",
    weather: "calm",
    changes: [
      {
        file: "src/modules/seqr/operations/cancel-invoice.ts",
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
        from: `    case "canceling":\n      return after(now, endingBackOff(invoice, MAX_BACK_OFF_ENDING));`,
        to: `    case "canceling":\n      return null;`,
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
    changes: [
      {
        file: "src/modules/seqr/invoice/time-limits.ts",
        from: "export const LEASE_DURATION = REVERSAL_AFTER / 2;",
        to: "export const LEASE_DURATION = 1_000_000_000;",
      },
    ],
  },
  {
    name: "never confirms what was handed to Medusa",
    weather: "calm",
    changes: [
      {
        file: processPayment,
        from: `case "captured":\n      return confirmOrder(run, invoice);`,
        to: `case "captured":\n      return invoice;`,
      },
    ],
  },
  {
    name: "leaves the money of a cancelled order to Medusa alone",
    weather: "bad line",
    changes: [
      {
        file: "src/processing/refunds/refund-canceled-orders.ts",
        from: "for (const invoice of placed.filter(isHere)) {",
        to: "for (const invoice of []) {",
      },
    ],
  },
  {
    name: "does not make up for a refund that only Medusa knows",
    weather: "crashes",
    changes: [
      {
        file: "src/processing/refunds/reconcile-refunds.ts",
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
        from: "const leased = await acquireLease(seqr, invoice);",
        to: "const leased = (await acquireLease(seqr, invoice)) ?? invoice;",
      },
      {
        file: provider,
        from: `if (!made) throw seqrError("SEQR_REFUND_RUNNING");`,
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
        file: "src/modules/seqr/attention/attention-entries.ts",
        from: "if (refund) return refund.id;",
        to: `if (refund) return "any";`,
      },
      {
        file: "src/modules/seqr/operations/refund/resolve-unknown-refund.ts",
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
        file: "src/modules/seqr/operations/purchase-lock.ts",
        from: "while (!(await ledger.acquirePurchaseLock(paymentCollectionId, request()))) {",
        to: "while ((await ledger.acquirePurchaseLock(paymentCollectionId, request()), false)) {",
      },
    ],
  },
  {
    name: "rounds a cart's total with all its digits",
    kind: "edits",
    weather: "calm",
    changes: [
      {
        file: "src/amounts.ts",
        from: `exactNumber(exactNumber(amount).toNumber()).decimalPlaces(MEANT_DECIMALS, HALF_AWAY_FROM_ZERO)`,
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
        file: "src/processing/cancel-abandoned-order.ts",
        from: `if (order.isCanceled || !order.isPending || compare(order.outstanding, "0") <= 0) return undefined;`,
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
        file: "src/modules/seqr/operations/cancel-invoice.ts",
        from: `(await ledger.update(invoice.id, patch, ["canceling"]));`,
        to: `(await ledger.update(invoice.id, patch, ["canceling", "captured", "completed"]));`,
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
        file: "src/modules/seqr/attention/attention-kinds.ts",
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
        file: "src/modules/seqr/attention/attention-entries.ts",
        from: "...(unknown\n      ? [entry",
        to: "...(unknown && refunds.length === 1\n      ? [entry",
      },
    ],
  },
  {
    name: "does not compare an extra payment with what is outstanding",
    kind: "edits",
    weather: "calm",
    changes: [
      {
        file: endReasons,
        from: `return amountDue === amount && compare(amount, outstanding) <= 0 ? undefined : "amount_differs";`,
        to: "return undefined;",
      },
      {
        file: endReasons,
        from: 'return total === invoice.amount ? null : "SEQR_ORDER_TOTAL_DIFFERS";',
        to: "return null;",
      },
      {
        file: "src/medusa/session-cart.ts",
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
        file: pollInvoice,
        from: "if (obsolete) return cancelObsolete(run, invoice, obsolete);",
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
        file: "src/modules/seqr/operations/poll-payment-status.ts",
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
        from: "const leased = await acquireLease(seqr, invoice);",
        to: "const leased = (await acquireLease(seqr, invoice)) ?? invoice;",
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
        from: `if (invoice.completed_at !== null) throw seqrError("SEQR_PAYMENT_FINISHED");`,
        to: "",
      },
      {
        file: provider,
        from: `if (completed_at !== null || STATE_TABLE[state].purchase === "placing") {`,
        to: `if (STATE_TABLE[state].purchase === "placing") {`,
      },
      {
        file: "src/modules/seqr/operations/issue-invoice.ts",
        from: `if (earlier.some(({ completed_at }) => completed_at !== null)) throw seqrError("SEQR_NOTHING_TO_PAY");`,
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
        file: "src/processing/refunds/closed-refunds.ts",
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
        file: recordCapture,
        from: `if (by !== "none" || !isOverdue) return by;`,
        to: `if (by !== "none") return by;`,
      },
      { file: placeOrder, from: `by === "plugin" ? 1`, to: "false ? 1" },
    ],
  },
  {
    name: "does not look whether core has entered a capture after all",
    kind: "starts",
    weather: "calm",
    about: "times in its books",
    changes: [{ file: placeOrder, from: `by === "plugin" ? 1`, to: "false ? 1" }],
  },
  {
    name: "never enters a capture that core has left out",
    kind: "starts",
    weather: "crashes",
    changes: [
      {
        file: recordCapture,
        from: "return store.recordCaptureInOrder(orderId, paymentId, true, captureId);",
        to: `return "core";`,
      },
    ],
  },
  {
    name: "leaves an order without its payments when a server has died between its links",
    weather: "crashes",
    about: "has no link to its payments",
    changes: [
      {
        file: completeCartExclusively,
        from: "    await store.linkInterruptedOrder(invoice);\n",
        to: "",
      },
    ],
  },
  {
    name: "places a second order when a server has died between the links of the first",
    weather: "crashes",
    about: "has no link to its cart",
    changes: [
      {
        file: completeCartExclusively,
        from: "    await store.linkInterruptedOrder(invoice);\n",
        to: "",
      },
    ],
  },
  {
    name: "gives a receipt up when SEQR does not answer",
    weather: "bad line",
    about: "receipt",
    changes: [
      {
        file: sendDueReceipts,
        from: "due_at: after(now, pauseAfter(receipt.attempts))",
        to: "due_at: null",
      },
    ],
  },
  {
    name: "asks with the first terminal's credentials about every invoice",
    kind: "terminals",
    weather: "calm",
    changes: [
      {
        file: terminals,
        from: "return others.every(({ endpoint }) => endpoint === first?.endpoint) ? first : undefined;",
        to: "return others.length < 9 && first ? this.all[0] : undefined;",
      },
    ],
  },
  {
    name: "works on few invoices at once, of whatever endpoint, so that one that hangs holds up all",
    kind: "terminals",
    weather: "calm",
    about: "about which nobody asked in time",
    changes: [
      { file: "src/processing/watch.ts", from: "const CONCURRENCY = 20;", to: "const CONCURRENCY = 2;" },
      {
        file: "src/processing/lanes.ts",
        from: "const running = lanes.map((lane) => ({ ...lane, working: new Set<Promise<void>>(), isQueryDue: true }));",
        to: "const working = new Set<Promise<void>>();\n  const running = lanes.map((lane) => ({ ...lane, working, isQueryDue: true }));",
      },
    ],
  },
  {
    name: "sends receipts one after the other, of whatever endpoint, so that one that hangs holds up all",
    kind: "terminals",
    weather: "calm",
    about: "was sent after",
    changes: [
      {
        file: sendDueReceipts,
        from: "const lanes = acquires.map((acquire) => ({ acquire, most: CONCURRENCY }));",
        to: "let last: Promise<unknown> = Promise.resolve();\n  const lanes = acquires.map((acquire) => ({ acquire, most: CONCURRENCY }));",
      },
      {
        file: sendDueReceipts,
        from: "return workInLanes(clock, lanes, (receipt) => sendReceipt(context, receipt));",
        to: "return workInLanes(clock, lanes, (receipt) => { const sent = last.then(() => sendReceipt(context, receipt)); last = sent; return sent; });",
      },
    ],
  },
  {
    name: "goes on asking with a password that SEQR refuses, and keeps the others from asking",
    kind: "terminals",
    weather: "calm",
    about: "about which nobody asked in time",
    changes: [
      {
        file: "src/modules/seqr/operations/credential-check.ts",
        from: "if (result === PASSWORD_REFUSED) this.#pausedUntil = after(this.clock.now(), PAUSE);",
        to: "if (result === PASSWORD_REFUSED) this.#pausedUntil = undefined;",
      },
      {
        file: cadence,
        from: "if (invoice.problem === PASSWORD_REFUSED) return POLL_INTERVAL_FOR_OTHERS;",
        to: "",
      },
    ],
  },
  {
    name: "takes a commit of unknown outcome for refused",
    kind: "captures",
    weather: "bad line",
    changes: [
      {
        file: commitReservation,
        from: `if (error.outcome === "unknown" || isNotReserved(error))`,
        to: "if (isNotReserved(error))",
      },
    ],
  },
  {
    name: "never finds out what came of a commit",
    kind: "captures",
    weather: "crashes",
    changes: [
      {
        file: confirmCapture,
        from: "return continueIfChanged(invoice, await continueCommit(seqr, invoice, run.source));",
        to: "return invoice;",
      },
    ],
  },
  {
    name: "does not record a capture that core has forgotten",
    kind: "captures",
    weather: "calm",
    changes: [{ file: confirmCapture, from: "  await store.capture(session_id, amount);\n", to: "" }],
  },
  {
    name: "keeps the transaction of a capture whose record is deleted",
    kind: "captures",
    weather: "calm",
    about: "times in its books",
    changes: [
      {
        file: "src/processing/captures/reconcile-captures.ts",
        from: "await store.deleteCaptureRecord(id);",
        to: "await Promise.resolve();",
      },
    ],
  },
  {
    name: "confirms a second capture of a reservation",
    kind: "captures",
    weather: "busy",
    changes: [
      {
        file: reservations,
        from: "if ((await capturesById(query, [earlier])).length > 0)",
        to: "if (false)",
      },
      { file: reservations, from: `if (compare(amount, capture_amount ?? "0") !== 0)`, to: "if (false)" },
    ],
  },
  {
    name: "commits all of a reservation, whatever is captured",
    kind: "captures",
    weather: "calm",
    changes: [
      { file: commitReservation, from: "value: capture_amount ?? amount,", to: "value: amount," },
      {
        file: "src/modules/seqr/operations/poll-payment-status.ts",
        from: `return state === "capturing" ? [capture_amount] : [amount, pending_amount, capture_amount];`,
        to: "return [amount, pending_amount, capture_amount];",
      },
    ],
  },
  {
    name: "keeps a reservation of which no order is possible",
    kind: "lapses",
    weather: "calm",
    changes: [
      {
        file: placeOrder,
        from: "? release(run, invoice, reason, why)",
        to: "? Promise.resolve(invoice)",
      },
    ],
  },
  {
    name: "keeps the reservation of a cancelled order",
    kind: "captures",
    weather: "calm",
    changes: [
      {
        file: reservations,
        from: `const released = await releaseReservation(seqr, invoice, "merchant");`,
        to: "const released = invoice;",
      },
      {
        file: "src/processing/refunds/refund-canceled-orders.ts",
        from: "await releaseOf(context, invoice);",
        to: ";",
      },
    ],
  },
  {
    name: "lets an order whose reservation has lapsed show a payment",
    kind: "lapses",
    weather: "calm",
    changes: [
      { file: confirmCapture, from: "    await store.endAuthorization(invoice.session_id);\n", to: "" },
    ],
  },
  {
    name: "warns of no reservation that lapses",
    kind: "lapses",
    weather: "calm",
    changes: [
      {
        file: attendReservation,
        from: "if (invoice.problem === null && !isSeen)",
        to: "if (false)",
      },
    ],
  },
  {
    name: "does not poll whether a reservation has lapsed",
    kind: "lapses",
    weather: "calm",
    changes: [
      {
        file: attendReservation,
        from: "if (invoice.reserved_until && invoice.reserved_until <= now)",
        to: "if (Number(1) === 2)",
      },
    ],
  },
  {
    name: "does not capture what lapses soon",
    kind: "late captures",
    weather: "calm",
    changes: [
      {
        file: attendReservation,
        from: "if (seqr.terminals.of(invoice).options.captureBeforeLapse) {",
        to: "if (seqr.terminals.of(invoice).options.captureBeforeLapse) return invoice;\n  if (Number(1) === 2) {",
      },
    ],
  },
  {
    name: "does not look again at a completed payment whose order core rolls back",
    kind: "starts",
    weather: "bad line",
    about: "there is no order with it",
    changes: [
      {
        file: provider,
        from: `      case "completed":\n        await keepCaptured`,
        to: "        await keepCaptured",
      },
    ],
  },
  {
    name: "forgets an extra payment whose order core rolls back",
    kind: "edits",
    weather: "calm",
    about: "there is no order with it",
    changes: [{ file: placeOrder, from: `attempts: isExtra || by`, to: "attempts: by" }],
  },
  {
    name: "does not note that an order is edited while its reservation is captured",
    kind: "lapses",
    weather: "bad line",
    about: "is outstanding",
    changes: [
      {
        file: reservations,
        from: `if (await ledger.update(id, { reason }, ["capturing", "committed"])) return true;`,
        to: "",
      },
    ],
  },
  {
    name: "lets core cancel a payment of which a part was captured",
    kind: "lapses",
    weather: "calm",
    about: "its payment in Medusa is cancelled",
    changes: [
      { file: provider, from: "        await keepCaptured(this.#seqr, this.#query, invoice);\n", to: "" },
    ],
  },
  {
    name: "asks for the whole new total of an edited order whose reservation was captured",
    kind: "lapses",
    weather: "calm",
    about: "is outstanding",
    changes: [
      {
        file: attendReservation,
        from: `await store.adjustCollectionsAfterEdit(session_id, "captured_soon");`,
        to: "",
      },
      { file: confirmCapture, from: `if (current.reason === "order_changed")`, to: "if (Number(1) === 2)" },
    ],
  },
  ...MUTATIONS_OF_BOOKS,
];
