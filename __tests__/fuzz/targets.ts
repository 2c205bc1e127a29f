import fc from "fast-check";
import { TokenGate, TOKEN_GATE_LIMITS, type PublicRoute } from "../../src/api/token-gate/token-gate";
import type { InvoiceRecord } from "../../src/modules/seqr/public";
import { hashToken, newToken } from "../../src/modules/seqr/invoice/tokens";
import { readReport, SeqrClient, SeqrError, SeqrReportError } from "../../src/seqr";
import { CLIENT_ERRORS } from "../../src/seqr/errors";
import { parseWithLongTexts } from "../../src/seqr/wire/long-texts";
import { escapeXml, parseXml, XmlError, type XmlElement } from "../../src/seqr/wire/xml";
import { parseXmlInPieces } from "../../src/seqr/wire/xml-pieces";
import { answerTo, startServer } from "../unit/seqr/local-server";
import { changedDocuments, changedXml } from "./changed-documents";
import { exportedFiles } from "./exported-files";

/** What has to hold whatever comes. */
export interface Target {
  property: fc.IAsyncProperty<unknown>;
  close(): Promise<void>;
}

const PASSWORD = "canary-of-the-password";

export const TARGETS: Record<string, () => Promise<Target>> = {
  xml: () => Promise.resolve({ property: xml, close: nothingToClose }),
  pieces: () => Promise.resolve({ property: pieces, close: nothingToClose }),
  report: () => Promise.resolve({ property: report, close: nothingToClose }),
  token: () => Promise.resolve({ property: token, close: nothingToClose }),
  answer,
  csv: () => Promise.resolve({ property: exportedFiles.csv, close: nothingToClose }),
  sie: () => Promise.resolve({ property: exportedFiles.sie, close: nothingToClose }),
};

/** The XML reader fails with nothing but its own error; what it reads, it reads again when it is written anew. */
const xml = fc.asyncProperty(fc.oneof(changedXml, fc.fullUnicodeString()), async (text) => {
  const tree = await givenOr(XmlError, () => parseXml(text));
  if (!(tree instanceof XmlError)) same(parseXml(written(tree)), tree);
});

function written({ name, namespace, children, text }: XmlElement): string {
  const content = escapeXml(text) + children.map(written).join("");
  // No prefix but this one can mean that.
  if (namespace === "http://www.w3.org/XML/1998/namespace") return `<xml:${name}>${content}</xml:${name}>`;
  return `<${name} xmlns="${escapeXml(namespace)}">${content}</${name}>`;
}

const ROW = "<Row><A>1</A><B><![CDATA[<Row></Row>]]></B></Row>";
const changedLists = changedDocuments(
  [
    `<?xml version="1.0" encoding="UTF-8"?>\n<List><Meta/>${ROW.repeat(4)}</List>`,
    `<x:List xmlns:x="u"><x:Row>one &amp; two, &lt;three&gt; and something longer &#229;</x:Row>${ROW}${ROW}</x:List>`,
    `<List><!-- ${ROW} --><Group>${ROW}</Group>${ROW}<Note><![CDATA[${ROW}${ROW}]]></Note></List>`,
  ],
  [ROW, "</Row>", "<Row>", "</x:Row>", "<List>", "</List>", "-->", "<!-- ", "a long text ".repeat(4)],
);

/** A document that is read in pieces, or without its long texts, gives what it gives as a whole, or is refused as it is. */
const pieces = fc.asyncProperty(
  changedLists,
  fc.integer({ min: 1, max: 120 }),
  fc.integer({ min: 25, max: 60 }),
  async (text, piece, long) => {
    const whole = await givenOr(XmlError, () => parseXml(text));
    const read = await givenOr(XmlError, () => [...parseXmlInPieces(text, "Row", piece)]);
    const lifted = await givenOr(XmlError, () => parseWithLongTexts(text, long));
    check(whole instanceof XmlError === read instanceof XmlError, "refused otherwise in pieces");
    check(
      whole instanceof XmlError === lifted instanceof XmlError,
      "refused otherwise without its long texts",
    );
    if (whole instanceof XmlError || read instanceof XmlError) return;
    same(lifted, whole);
    for (const { name, namespace } of read) same([name, namespace], [whole.name, whole.namespace]);
    same(
      read.flatMap(({ children }) => children),
      whole.children,
    );
  },
);

const SALE =
  "<Row><TerminalId>t1</TerminalId><CashierId>NULL</CashierId><SalesAmount>-85.50000</SalesAmount>" +
  "<ErsReference>2026010210203040501000101</ErsReference></Row>";
const SUM =
  "<Row><TerminalId>t1</TerminalId><SalesCount>2</SalesCount><SalesTotal>5476.52000</SalesTotal></Row>";
const changedReports = changedDocuments(
  [
    `<?xml version="1.0" encoding="UTF-8"?>\n<TransactionDetails><Meta><ResellerId>shop</ResellerId></Meta>${SALE}${SALE}</TransactionDetails>`,
    `<TerminalTransactionSummary>${SUM}${SUM}</TerminalTransactionSummary>`,
    `<CashierTransactionSummary>${SUM}</CashierTransactionSummary>`,
    `\n<?xml version="1.0"?><ResellerTransactionSummary>${SUM}</ResellerTransactionSummary>`,
  ],
  [SALE, SUM, "9".repeat(50), "-", ".", "e9", "NULL"],
);

/** A report is read whole or refused; each amount in it is one, and no reference is made up. */
const report = fc.asyncProperty(changedReports, fc.boolean(), async (text, asBytes) => {
  const given = asBytes ? { content: Buffer.from(text) } : { contentString: text };
  const read = await givenOr(SeqrReportError, () => readReport(given));
  if (read instanceof SeqrReportError || read.kind !== "transaction-details") return;
  const plain = plainText(text);
  for (const { salesAmount, ersReference } of read.rows) {
    check(/^-?\d+\.\d\d$/.test(salesAmount), `${salesAmount} is no amount`);
    check(plain.includes(ersReference), `${ersReference} does not stand in the report`);
  }
});

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** What an answer says in text, without the ways in which XML can say it. */
function plainText(document: string): string {
  return document
    .replace(/\r\n?/g, "\n")
    .replace(/<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[|\]\]>/g, "")
    .replace(
      /&(?:#(x?)([0-9a-fA-F]+)|(lt|gt|amp|quot|apos));/g,
      (whole: string, hexadecimal: string, digits: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? "";
        const code = parseInt(digits, hexadecimal ? 16 : 10);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      },
    );
}

/**
 * The client answers or fails with an error of its own, whatever the other side sends: never with success or PAID where
 * the answer does not say so, and never with the password.
 */
async function answer(): Promise<Target> {
  const reply = { status: 200, body: "" };
  const server = await startServer(() => reply);
  const client = new SeqrClient({
    endpoint: server.url,
    terminal: { id: "terminal", password: PASSWORD },
    responseTimeout: 10_000,
  });
  const sum = { currency: "SEK", value: "9.50" };
  const calls: Record<string, () => Promise<unknown>> = {
    getPaymentStatus: () => client.getPaymentStatus("1", 0),
    cancelInvoice: () => client.cancelInvoice("1"),
    refundPayment: () => client.refundPayment("1", { title: "x", cashierId: "web", totalAmount: sum }),
    sendInvoice: () =>
      client.sendInvoice({
        title: "x",
        clientInvoiceId: "1",
        totalAmount: sum,
        cashierId: "web",
        footer: "",
      }),
  };
  const answers = changedDocuments(
    [
      answerTo("getPaymentStatus", { status: "PAID", version: 2, ersReference: "2026010210203040501000101" }),
      answerTo("getPaymentStatus", { status: "ISSUED", version: 1 }),
      answerTo("cancelInvoice"),
      answerTo("refundPayment", { ersReference: "2026010210203040501000102" }),
      answerTo("sendInvoice", { invoiceReference: "17", invoiceQRCode: "http://seqr.se/R17" }),
    ],
    [PASSWORD, "PAID", "CANCELED", "0", "1", "resultCode", "status", "soap:Fault", "</return>", "<return>"],
  );
  const property = fc.asyncProperty(
    fc.constantFrom(...Object.keys(calls)),
    fc.constantFrom(200, 200, 200, 302, 404, 500, 503),
    fc.oneof({ weight: 9, arbitrary: answers }, fc.fullUnicodeString()),
    async (operation, status, body) => {
      Object.assign(reply, { status, body });
      server.received.length = 0;
      const given = await givenOr(SeqrError, calls[operation] ?? nothingToClose);
      if (given instanceof SeqrError) {
        check(given.code in CLIENT_ERRORS || /^SEQR_-?\d+$/.test(given.code), `${given.code} is no code`);
        check(!`${given.stack} ${JSON.stringify(given)}`.includes(PASSWORD), "the error holds the password");
        return;
      }
      const plain = plainText(body).replaceAll("CANCELLED", "CANCELED");
      check(status === 200, `success with HTTP ${status}`);
      check(/resultCode[^>]*>\s*[+-]?0+\s*</.test(plain), "success without a result code of 0");
      check(plain.includes(`${operation}Response`), `success of ${operation} from another answer`);
      const { status: said } = (given ?? {}) as { status?: string };
      check(said === undefined || said === "UNKNOWN" || plain.includes(said), `${said} is not what it says`);
    },
  );
  const close = async (): Promise<void> => {
    client.close();
    await server.stop();
  };
  return { property, close };
}

const routes = fc.constantFrom<PublicRoute>("notification", "status", "cancel", "return");
const arrival = fc.record({
  route: routes,
  /** One of the two that somebody has, one of nobody, or anything; perhaps changed. */
  token: fc.oneof(
    fc.constantFrom("shopper", "notification", "nobody"),
    fc.fullUnicodeString(),
    fc.anything(),
  ),
  added: fc.constantFrom("", "", "", "", "", " ", "\n", "=", "%00", "/..", "A"),
  address: fc.constantFrom("192.0.2.1", "192.0.2.2", "2001:db8::1", ""),
  wait: fc.constantFrom(0, 0, 0, 10, 1_000, 70_000),
});

/** Only the exact token opens its own routes, and it does so whatever others send; each limit comes to its end. */
const token = fc.asyncProperty(fc.array(arrival, { maxLength: 60 }), async (arrivals) => {
  const tokens: Record<string, string> = {
    shopper: newToken(),
    notification: newToken(),
    nobody: newToken(),
  };
  const invoice = { id: "seqrinv_1" } as InvoiceRecord;
  const findByTokenHashes = (kind: string, hashes: string[]): Promise<Map<string, InvoiceRecord>> => {
    const hash = hashToken(tokens[kind]) ?? "";
    return Promise.resolve(new Map(hashes.includes(hash) ? [[hash, invoice]] : []));
  };
  let now = 0;
  const batch = { every: 0, most: 1_000 };
  const entrance = new TokenGate(
    { findByTokenHashes },
    { ...TOKEN_GATE_LIMITS, batch, remembered: 8 },
    () => now,
  );
  const came: { route: PublicRoute; at: number }[] = [];
  for (const { route, token: kind, added, address, wait } of arrivals) {
    now += wait;
    const known = typeof kind === "string" ? tokens[kind] : undefined;
    const sent = known === undefined ? kind : `${known}${added}`;
    const isReal = added === "" && kind === (route === "notification" ? "notification" : "shopper");
    const admission = await entrance.admit({ route, token: sent, address });
    const isIn = "invoice" in admission && admission.invoice === invoice;
    if ("retryAfter" in admission) check(admission.retryAfter >= 1, "no time to wait");
    if (!isReal) {
      check(!isIn, "let in without a token");
      continue;
    }
    const { count, per } = TOKEN_GATE_LIMITS.perToken[route];
    const before = came.filter((one) => one.route === route && one.at > now - per).length;
    check(isIn || before >= count, "a real token was turned away");
    came.push({ route, at: now });
  }
});

function nothingToClose(): Promise<void> {
  return Promise.resolve();
}

/** What the work gives, or the error that it may fail with. */
async function givenOr<T, E extends Error>(
  expected: abstract new (...args: never[]) => E,
  work: () => T | Promise<T>,
): Promise<T | E> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof expected) return error;
    throw error;
  }
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function same(one: unknown, other: unknown): void {
  check(
    JSON.stringify(one) === JSON.stringify(other),
    `${JSON.stringify(one)} is not ${JSON.stringify(other)}`,
  );
}
