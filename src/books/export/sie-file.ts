import { fromHundredths } from "../../seqr";
import { inCodePage437 } from "./code-page-437";
import type { Voucher } from "./vouchers";

/** What a file is about. */
export interface SieContent {
  /** The day on which it is made, `2026-01-15`. */
  madeOn: string;
  /** The merchant's name. */
  company: string;
  /** Shown in the file as a comment; left out when it is empty. */
  comment?: string | undefined;
  vouchers: readonly Voucher[];
}

/** The program that makes the file, and the version of what it writes. */
const PROGRAM = ["medusa-payment-seqr", "1"];

/**
 * Writes a SIE file of type 4I, with which a bookkeeping program imports vouchers: in code page 437, with lines that end with CR LF. The
 * vouchers have no numbers, so that the program gives them its own.
 */
export function sieFile({ madeOn, company, comment, vouchers }: SieContent): Buffer {
  const accounts = new Map(
    vouchers.flatMap(({ lines }) => lines.map(({ account, accountName }) => [account, accountName] as const)),
  );
  const lines = [
    entry("FLAGGA", "0"),
    entry("PROGRAM", ...PROGRAM.map(quoted)),
    entry("FORMAT", "PC8"),
    entry("GEN", date(madeOn)),
    entry("SIETYP", "4"),
    ...(comment ? [entry("PROSA", quoted(comment))] : []),
    entry("FNAMN", quoted(company)),
    ...[...accounts].sort().map(([number, name]) => entry("KONTO", number, quoted(name))),
    ...vouchers.flatMap(voucherLines),
  ];
  return inCodePage437(lines.map((line) => `${line}\r\n`).join(""));
}

function voucherLines({ day, text, lines }: Voucher): string[] {
  return [
    entry("VER", quoted(""), quoted(""), date(day), quoted(text)),
    "{",
    ...lines.map(({ account, amount, text: about }) =>
      entry("TRANS", account, "{}", fromHundredths(amount), date(day), quoted(about)),
    ),
    "}",
  ];
}

function entry(name: string, ...fields: string[]): string {
  return [`#${name}`, ...fields].join(" ");
}

function date(day: string): string {
  return day.replaceAll("-", "");
}

/** A text in quotes. SIE allows no control characters, and a backslash before quotes only. */
function quoted(text: string): string {
  const allowed = text.replace(/\p{Cc}+/gu, " ").replaceAll("\\", "/");
  return `"${allowed.replaceAll('"', '\\"')}"`;
}
