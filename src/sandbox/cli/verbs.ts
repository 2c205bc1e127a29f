import { parseArgs } from "node:util";
import type { Bill } from "../core/phone";
import { SandboxError } from "../errors";
import { callControl, type ControlCall } from "./control-client";
import { DEFAULT_URL } from "./help";
import { terminalOption } from "./serve";
import { tableOf } from "./table";

const PHONE = ["scan", "pay", "begin-pay", "finish-pay", "decline", "cancel"];

/** What each list shows. */
const COLUMNS: Record<string, readonly string[]> = {
  invoices: ["invoiceReference", "status", "stage", "amount", "clientInvoiceId", "terminalId"],
  payments: ["ersReference", "amount", "invoiceReference", "reversed"],
  refunds: ["ersReference", "amount", "refundOf"],
  calls: ["at", "operation", "resultCode", "fault", "invoiceReference", "why"],
  notifications: ["at", "status", "invoiceReference", "outcome", "url"],
  sms: ["at", "to", "text"],
  terminals: ["id", "kind", "currency", "name", "seqrId"],
  faults: ["id", "operation", "kind", "times", "after", "ms", "resultCode"],
};

/**
 * Runs a verb against a running sandbox.
 *
 * @returns what to print, or undefined when there is no such verb
 * @throws {SandboxError} from the sandbox, or SANDBOX_NOT_RUNNING
 */
export async function runVerb(args: string[]): Promise<string | undefined> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      url: { type: "string", default: DEFAULT_URL },
      json: { type: "boolean", default: false },
      pin: { type: "string" },
      end: { type: "string" },
      operation: { type: "string" },
      times: { type: "string" },
      after: { type: "string" },
      ms: { type: "string" },
      "result-code": { type: "string" },
    },
  });
  const { url, json, ...rest } = values;
  const call = callFor(positionals, rest);
  if (!call) return undefined;
  const result = await callControl(url, call);
  return json ? `${JSON.stringify(result, null, 2)}\n` : show(call.list, result);
}

interface VerbCall extends ControlCall {
  /** Name of the list that the answer is, if it is one. */
  list?: string;
}

function callFor(
  [verb = "", first, second, ...more]: string[],
  options: Partial<Record<"pin" | "end" | "operation" | "times" | "after" | "ms" | "result-code", string>>,
): VerbCall | undefined {
  if (more.length > 0) return undefined;
  if (PHONE.includes(verb)) {
    if (first === undefined || second !== undefined) return undefined;
    const { pin, end } = options;
    return { method: "POST", path: `/phone/${verb}`, body: { reference: first, pin, end } };
  }
  const words = [verb, first].filter((word) => word !== undefined).join(" ");
  if (second === undefined) {
    if (first === undefined && Object.hasOwn(COLUMNS, verb))
      return { method: "GET", path: `/${verb}`, list: verb };
    switch (words) {
      case "stats":
        return { method: "GET", path: "/stats" };
      case "reset":
        return { method: "POST", path: "/reset", body: {} };
      case "clock":
        return { method: "GET", path: "/clock" };
      case "fault list":
        return { method: "GET", path: "/faults", list: "faults" };
      case "fault clear":
        return { method: "DELETE", path: "/faults", list: "faults" };
      default:
        return undefined;
    }
  }
  switch (words) {
    case "fault add": {
      const { operation, times, after, ms } = options;
      const resultCode = count("result-code", options["result-code"]);
      const counts = {
        times: count("times", times),
        after: count("after", after),
        ms: count("ms", ms),
        resultCode,
      };
      return { method: "POST", path: "/faults", body: { kind: second, operation, ...counts } };
    }
    case "clock advance":
      return { method: "POST", path: "/clock", body: { advance: milliseconds(second) } };
    case "clock set":
      return { method: "POST", path: "/clock", body: { set: second } };
    case "terminal add":
      return { method: "POST", path: "/terminals", body: { ...terminalOption(second) } };
    default:
      return undefined;
  }
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

/** What a phone verb did, in one line. */
function summaryOf({ invoiceReference, status, shop, invoice: { totalAmount }, ersReference }: Bill): string {
  const amount = totalAmount ? `${totalAmount.value} ${totalAmount.currency}` : "no amount";
  const reference = ersReference === undefined ? "" : `, ersReference ${ersReference}`;
  return `${status}: ${amount} to ${shop}, invoice ${invoiceReference}${reference}\n`;
}

function isBill(result: unknown): result is Bill {
  return typeof result === "object" && result !== null && "shop" in result && "stage" in result;
}
