import type { InvoiceRecord } from "../../src/modules/seqr/ledger/ledger";
import { DISTORTIONS } from "./distortions";
import type { RunContext } from "./run-context";
import { PUBLIC_TEST_TERMINAL } from "../../src/sandbox/options";
import { SECOND_TERMINAL } from "./server";

/** An error in the report on a period: about which transaction, by SEQR's reference. */
export interface Distortion {
  name: (typeof DISTORTIONS)[number];
  reference: string;
}

/** SEQR's answer that a report is not ready. */
export const NOT_READY = 2;

const DETAILS = /STD_RECON_00[37]/;
const PERIOD = /<key>transactionPeriodId<\/key>\s*<value>([^<]+)</;
const ROW = /<Row>[^]*?<\/Row>\s*/g;
const REFERENCE = /<ErsReference>([^<]+)</;
const AMOUNT = /<SalesAmount>([^<]+)</;
const TERMINAL = /<TerminalId>([^<]+)</;

/** Puts errors into detailed reports on their way: the same into the same report, however often it is fetched. */
export class DistortedReports {
  /** By transaction period. */
  readonly planted = new Map<string, Distortion>();
  readonly #seen = new Map<string, string[]>();
  /** Whether SEQR has no report, by transaction period. */
  readonly #withheld = new Map<string, boolean>();
  #isReleased = false;
  /** Rows of reports that went out, by scope: to be counted twice. */
  readonly #earlier = new Map<string, string[]>();

  constructor(
    private readonly runContext: RunContext,
    private readonly invoices: () => readonly InvoiceRecord[],
  ) {}

  /** Whether SEQR says that the report which this message asks for is not ready, however often it is asked. */
  withholds(message: string): boolean {
    const [, period] = PERIOD.exec(message) ?? [];
    if (period === undefined) return false;
    const isWithheld = this.#withheld.get(period) ?? this.runContext.happens("withheld");
    this.#withheld.set(period, isWithheld);
    return isWithheld && !this.#isReleased;
  }

  /** Whether SEQR has no report on a transaction period, and does not make one. */
  isWithheld(transactionPeriod: string): boolean {
    return this.#withheld.get(transactionPeriod) === true;
  }

  /** SEQR has all reports from now on. */
  release(): void {
    this.#isReleased = true;
  }

  /** @param message the request, whose answer this is */
  distort(message: string, body: string): string {
    const [, period] = PERIOD.exec(message) ?? [];
    if (period === undefined || !DETAILS.test(message)) return body;
    const end = body.indexOf("]]>");
    const start = body.lastIndexOf("<![CDATA[", end);
    if (start < 0) return body;
    const text = body.slice(start, end);
    const rows = text.match(ROW) ?? [];
    const scope = /<TerminalId>[^<]*<\/TerminalId>\s*<TransactionPeriodId>/.exec(text)?.[0] ?? "shop";
    const distorted = this.#seen.get(period) ?? this.#rowsWithError(period, scope, rows);
    this.#seen.set(period, distorted);
    const empty = text.replace(ROW, "");
    const at = empty.lastIndexOf("</");
    return `${body.slice(0, start)}${empty.slice(0, at)}${distorted.join("")}${empty.slice(at)}${body.slice(end)}`;
  }

  #rowsWithError(period: string, scope: string, rows: string[]): string[] {
    const { runContext } = this;
    const known = rows.filter((row) => this.#isOurs(row));
    const earlier = this.#earlier.get(scope) ?? [];
    this.#earlier.set(scope, [...earlier, ...known]);
    if (known.length === 0 || !runContext.happens("distorted")) return rows;
    const name = DISTORTIONS[runContext.random.between(0, DISTORTIONS.length - 1)] ?? "lost";
    const from = name === "counted_twice" ? earlier : known;
    const row = from[runContext.random.between(0, from.length - 1)];
    if (row === undefined) return rows;
    const reference = REFERENCE.exec(row)?.[1] ?? "";
    this.#earlier.set(scope, [...earlier, ...known.filter((one) => one !== row)]);
    this.planted.set(period, { name, reference });
    runContext.count(`planted_${name}`);
    runContext.note("seqr", `the report on ${period} is wrong: ${name} ${reference}`);
    switch (name) {
      case "doubled":
      case "counted_twice":
        return [...rows, row];
      case "lost":
        return rows.filter((one) => one !== row);
      case "hundredth":
        return rows.map((one) =>
          one === row
            ? one.replace(AMOUNT, (all, value: string) => all.replace(value, aHundredthOff(value)))
            : one,
        );
      case "sign":
        return rows.map((one) => (one === row ? one.replace("<SalesAmount>", "<SalesAmount>-") : one));
      case "terminal":
        return rows.map((one) =>
          one === row ? one.replace(TERMINAL, (all, id: string) => all.replace(id, otherThan(id))) : one,
        );
    }
  }

  /** Whether it is a payment that the ledger has. */
  #isOurs(row: string): boolean {
    const reference = REFERENCE.exec(row)?.[1];
    return this.invoices().some((invoice) => invoice.ers_reference === reference && invoice.paid_at !== null);
  }
}

function aHundredthOff(amount: string): string {
  const last = amount.charAt(amount.indexOf(".") + 2);
  const other = last === "9" ? "8" : String(Number(last) + 1);
  return `${amount.slice(0, amount.indexOf(".") + 2)}${other}000`;
}

function otherThan(terminalId: string): string {
  return terminalId === PUBLIC_TEST_TERMINAL.id ? SECOND_TERMINAL.id : PUBLIC_TEST_TERMINAL.id;
}
