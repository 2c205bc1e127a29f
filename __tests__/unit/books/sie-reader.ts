/** A voucher as a bookkeeping program reads it. */
export interface ReadVoucher {
  series: string;
  number: string;
  date: string;
  text: string;
  lines: { account: string; amount: string; date: string; text: string }[];
}

/** A SIE file that was read. */
export interface ReadSie {
  /** The fields of the entries outside vouchers, in their order. */
  entries: [name: string, ...fields: string[]][];
  vouchers: ReadVoucher[];
}

/** The letters of code page 437 that Swedish needs, and a few more. */
const LETTERS: Record<number, string> = {
  ...{ 0x84: "ä", 0x86: "å", 0x94: "ö", 0x8e: "Ä", 0x8f: "Å", 0x99: "Ö", 0x82: "é", 0x81: "ü", 0x9a: "Ü" },
};

/**
 * Reads a SIE file of type 4, by the rules of its format and not by those of its writer.
 *
 * @throws {Error} when it does not follow them
 */
export function readSie(file: Buffer): ReadSie {
  const text = [...file].map((byte) => letter(byte)).join("");
  const lines = text.split("\r\n");
  if (lines.pop() !== "") throw new Error("the last line has no end");
  const read: ReadSie = { entries: [], vouchers: [] };
  let open: ReadVoucher | undefined;
  let isIn = false;
  for (const line of lines) {
    const [name = "", ...fields] = fieldsOf(line);
    if (name === "{" || name === "}") {
      if (isIn === (name === "{")) throw new Error(`${name} stands in the wrong place`);
      isIn = name === "{";
    } else if (isIn) {
      const [account = "", objects, amount = "", date = "", about = ""] = fields;
      if (name !== "#TRANS" || objects !== "{}" || !/^-?\d+\.\d\d$/.test(amount)) throw new Error(line);
      open?.lines.push({ account, amount, date, text: about });
    } else if (name === "#VER") {
      const [series = "", number = "", date = "", about = ""] = fields;
      open = { series, number, date, text: about, lines: [] };
      read.vouchers.push(open);
    } else {
      read.entries.push([name, ...fields]);
    }
  }
  if (isIn) throw new Error("a voucher has no end");
  return read;
}

function letter(byte: number): string {
  if (byte < 128) return String.fromCharCode(byte);
  const found = LETTERS[byte];
  if (found === undefined) throw new Error(`no letter has the byte ${byte}`);
  return found;
}

/** Fields are separated by blanks; a field in quotes may have blanks, and quotes after a backslash. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let rest = line;
  while (rest !== "") {
    const found = /^(?:"((?:[^"\\]|\\")*)"|([^" ]+))(?: |$)/.exec(rest);
    if (!found) throw new Error(`not a field: ${rest}`);
    fields.push(found[2] ?? (found[1] ?? "").replaceAll('\\"', '"'));
    rest = rest.slice(found[0].length);
  }
  // eslint-disable-next-line no-control-regex
  if (fields.some((field) => /[\u0000-\u001f\u007f]/.test(field))) throw new Error("a control character");
  return fields;
}
