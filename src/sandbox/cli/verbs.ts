import { parseArgs } from "node:util";
import type { Bill } from "../core/phone";
import { SandboxError } from "../errors";
import { callControl, type ControlCall } from "./control-client";
import { DEFAULT_URL } from "./help";
import { accountOption } from "./serve";
import { tableOf } from "./table";

/** Columns of each list. */
const COLUMNS: Record<string, readonly string[]> = {
  invoices: ["invoiceReference", "status", "stage", "amount", "clientInvoiceId", "terminalId"],
  payments: ["ersReference", "amount", "invoiceReference", "reversed"],
  refunds: ["ersReference", "amount", "refundOf"],
  calls: ["at", "operation", "resultCode", "fault", "invoiceReference", "why"],
  notifications: ["at", "status", "invoiceReference", "outcome", "url"],
  sms: ["at", "to", "text"],
  terminals: ["id", "kind", "currency", "name", "resellerId", "seqrId"],
  resellers: ["id", "userId", "currency", "name"],
  faults: ["id", "operation", "kind", "times", "after", "ms", "resultCode"],
};

const OPTIONS = {
  pin: { type: "string" },
  end: { type: "string" },
  operation: { type: "string" },
  times: { type: "string" },
  after: { type: "string" },
  ms: { type: "string" },
  "result-code": { type: "string" },
  reseller: { type: "string" },
} as const;

interface Verb {
  /** Whether it takes an argument: a reference, a number, … */
  takesWord: boolean;
  call(word: string, options: Partial<Record<keyof typeof OPTIONS, string>>): VerbCall;
}

interface VerbCall extends ControlCall {
  /** Name of the list in the answer, if it is a list. */
  list?: string;
}

const phone = (verb: string): [string, Verb] => [
  verb,
  {
    takesWord: true,
    call: (reference, { pin, end }) => ({
      method: "POST",
      path: `/phone/${verb}`,
      body: { reference, pin, end },
    }),
  },
];
const plain = (words: string, call: VerbCall): [string, Verb] => [
  words,
  { takesWord: false, call: () => call },
];
const withWord = (words: string, call: Verb["call"]): [string, Verb] => [words, { takesWord: true, call }];

/** All commands, of one or two words. */
const VERBS = new Map<string, Verb>([
  ...["scan", "pay", "begin-pay", "finish-pay", "decline", "cancel"].map(phone),
  ...Object.keys(COLUMNS).map((list) => plain(list, { method: "GET", path: `/${list}`, list })),
  plain("stats", { method: "GET", path: "/stats" }),
  plain("reset", { method: "POST", path: "/reset", body: {} }),
  plain("fault list", { method: "GET", path: "/faults", list: "faults" }),
  plain("fault clear", { method: "DELETE", path: "/faults", list: "faults" }),
  withWord("fault add", (kind, { operation, times, after, ms, "result-code": resultCode }) => ({
    method: "POST",
    path: "/faults",
    body: {
      kind,
      operation,
      times: count("times", times),
      after: count("after", after),
      ms: count("ms", ms),
      resultCode: count("result-code", resultCode),
    },
  })),
  plain("clock", { method: "GET", path: "/clock" }),
  withWord("clock advance", (seconds) => ({
    method: "POST",
    path: "/clock",
    body: { advance: milliseconds(seconds) },
  })),
  withWord("clock set", (time) => ({ method: "POST", path: "/clock", body: { set: time } })),
  withWord("terminal add", (terminal, { reseller: resellerId }) => ({
    method: "POST",
    path: "/terminals",
    body: { ...accountOption("terminal", terminal), resellerId },
  })),
  withWord("reseller add", (reseller) => ({
    method: "POST",
    path: "/resellers",
    body: accountOption("reseller", reseller),
  })),
]);

/**
 * Runs a command against a running sandbox.
 *
 * @returns the text to print, or undefined for an unknown command
 * @throws {SandboxError} the sandbox's error, or SANDBOX_NOT_RUNNING
 */
export async function runVerb(args: string[]): Promise<string | undefined> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...OPTIONS,
      url: { type: "string", default: DEFAULT_URL },
      json: { type: "boolean", default: false },
    },
  });
  const { url, json, ...options } = values;
  const call = callFor(positionals, options);
  if (!call) return undefined;
  const result = await callControl(url, call);
  return json ? `${JSON.stringify(result, null, 2)}\n` : show(call.list, result);
}

function callFor(words: string[], options: Parameters<Verb["call"]>[1]): VerbCall | undefined {
  for (const length of [2, 1]) {
    const verb = VERBS.get(words.slice(0, length).join(" "));
    const [word = "", ...more] = words.slice(length);
    if (verb && more.length === 0 && verb.takesWord === (word !== "")) return verb.call(word, options);
  }
  return undefined;
}

function count(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new SandboxError("SANDBOX_INPUT", `--${name} must be a whole number, not "${value}"`);
}

function milliseconds(seconds: string): number {
  if (/^\d+(\.\d{1,3})?$/.test(seconds)) return Math.round(Number(seconds) * 1_000);
  throw new SandboxError("SANDBOX_INPUT", `clock advance takes seconds, not "${seconds}"`);
}

function show(list: string | undefined, result: unknown): string {
  if (isBill(result)) return summaryOf(result);
  const columns = list === undefined ? undefined : COLUMNS[list];
  if (!columns || !Array.isArray(result)) return `${JSON.stringify(result, null, 2)}\n`;
  return result.length === 0 ? `no ${list ?? ""}\n` : tableOf(columns, result as Record<string, unknown>[]);
}

/** Describes the result of a phone command in one line. */
function summaryOf({ invoiceReference, status, shop, invoice: { totalAmount }, ersReference }: Bill): string {
  const amount = totalAmount ? `${totalAmount.value} ${totalAmount.currency}` : "no amount";
  const reference = ersReference === undefined ? "" : `, ersReference ${ersReference}`;
  return `${status}: ${amount} to ${shop}, invoice ${invoiceReference}${reference}\n`;
}

function isBill(result: unknown): result is Bill {
  return typeof result === "object" && result !== null && "shop" in result && "stage" in result;
}
