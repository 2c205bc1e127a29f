// Deliberate bugs in closing periods, their schedule, fetching reports and reconciling: as in mutations.ts.
import type { Mutation } from "./mutation";

const closePeriod = "src/books/close-period.ts";
const processPeriods = "src/books/process-periods.ts";
const fetchReports = "src/books/fetch-reports.ts";
const closeDuePeriods = "src/books/close-due-periods.ts";
const closingDay = "src/books/closing-day.ts";
const classify = "src/books/classify.ts";
const reconcilePeriod = "src/books/reconcile-period.ts";

export const MUTATIONS_OF_BOOKS: readonly Mutation[] = [
  {
    name: "takes a closing whose answer is lost for one that SEQR refused",
    kind: "periods",
    weather: "bad line",
    about: "books:",
    changes: [
      {
        file: closePeriod,
        from: `if (!(error instanceof SeqrError) || error.outcome === "unknown")`,
        to: "if (Number(1) === 2)",
      },
    ],
  },
  {
    name: "takes a closing whose process died for one that SEQR refused",
    kind: "periods",
    weather: "crashes",
    about: "books:",
    changes: [
      {
        file: processPeriods,
        from: `if (period.state === "marking") await loseClosing(context, period);`,
        to: `if (period.state === "marking") await context.periods.change(period.id, ["marking"], { state: "refused", due_at: null, ...RELEASED });`,
      },
    ],
  },
  {
    name: "closes the period of the shop in place of a terminal's",
    kind: "terminal periods",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: closePeriod,
        from: "client.markTransactionPeriod(terminalId)",
        to: "client.markTransactionPeriod()",
      },
    ],
  },
  {
    name: "forgets for which day the schedule has closed",
    kind: "periods",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: closeDuePeriods,
        from: "{ actorId: null, closingDay }",
        to: "{ actorId: null, closingDay: null }",
      },
    ],
  },
  {
    name: "closes by the clock of another time zone",
    kind: "periods",
    weather: "calm",
    about: "books:",
    changes: [
      { file: closingDay, from: "localTime(now, schedule.timeZone)", to: `localTime(now, "Asia/Tokyo")` },
    ],
  },
  {
    name: "does not close a day again that SEQR has refused once",
    kind: "periods",
    weather: "outages",
    about: "books:",
    changes: [
      {
        file: closeDuePeriods,
        from: "return last && nextTryAfter(last, count) > clock.now() ?",
        to: "return last ?",
      },
    ],
  },
  {
    name: "gives a report up that is not ready at once",
    kind: "periods",
    weather: "calm",
    about: "books:",
    changes: [{ file: fetchReports, from: "const NOT_READY_TRIES = 16;", to: "const NOT_READY_TRIES = 1;" }],
  },
  {
    name: "asks for the shop's report on a terminal's period",
    kind: "terminal periods",
    weather: "calm",
    about: "books:",
    changes: [
      { file: fetchReports, from: `period.terminal_id === null ? "shop" : "terminal"`, to: `"shop"` },
    ],
  },
  {
    name: "takes a row that SEQR has doubled for a payment",
    kind: "wrong reports",
    weather: "calm",
    about: "books:",
    changes: [{ file: classify, from: `if (isRepeated) return open("only_at_seqr", "doubled");`, to: "" }],
  },
  {
    name: "takes a row that an earlier report had for a payment",
    kind: "wrong reports",
    weather: "calm",
    about: "books:",
    changes: [
      { file: classify, from: `if (isCounted) return open("only_at_seqr", "counted_twice");`, to: "" },
    ],
  },
  {
    name: "does not compare the amount of a row",
    kind: "wrong reports",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: classify,
        from: "if (compare(row.amount, transaction.amount) !== 0) {",
        to: "if (Number(1) === 2) {",
      },
    ],
  },
  {
    name: "does not compare the terminal of a row",
    kind: "wrong reports",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: classify,
        from: "if (row.terminal_id !== transaction.terminal_id) {",
        to: "if (Number(1) === 2) {",
      },
    ],
  },
  {
    name: "does not miss what the next report should have had",
    kind: "wrong reports",
    weather: "calm",
    about: "books:",
    changes: [{ file: reconcilePeriod, from: "    await listAwaited(run);\n", to: "" }],
  },
  {
    name: "awaits a report that another server is comparing at this moment",
    kind: "wrong reports",
    weather: "busy",
    about: "books:",
    changes: [
      {
        file: reconcilePeriod,
        from: `return state === "reconciled" || reported_at !== null;`,
        to: `return state === "reconciled";`,
      },
    ],
  },
  {
    name: "does not compare SEQR's summary with its rows",
    kind: "wrong reports",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: reconcilePeriod,
        from: "const summaryDiffers = !run.isWithoutReport &&",
        to: "const summaryDiffers = Number(1) === 2 &&",
      },
    ],
  },
  {
    name: "calls missing what a lost period has",
    kind: "terminal periods",
    weather: "bad line",
    about: "books:",
    changes: [{ file: classify, from: `if (isWithoutReport) return waits("lost_period");`, to: "" }],
  },
  {
    name: "lists nothing of a period that SEQR gives no report about",
    kind: "terminal periods",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: processPeriods,
        from: "else if (isWithoutReport(period)) await reconcile(context, period);",
        to: `else if (period.state === "lost") await reconcile(context, period);`,
      },
    ],
  },
  {
    name: "does not propose the refund of unknown outcome that a row may be",
    kind: "periods",
    weather: "bad line",
    about: "books:",
    changes: [{ file: classify, from: "  if (candidate)\n", to: "  if (candidate && Number(1) === 2)\n" }],
  },
  {
    name: "adds up two currencies",
    kind: "periods",
    weather: "calm",
    about: "books:",
    changes: [
      {
        file: "src/modules/seqr/books/period-totals.ts",
        from: "rows.filter((row) => row.currency_code === currency_code)",
        to: "rows.filter(() => true)",
      },
    ],
  },
];
