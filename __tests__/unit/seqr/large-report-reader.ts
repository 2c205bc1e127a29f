// Reads a report of 100,000 rows as it comes in SEQR's answer, and prints what it read as JSON. The test runs it with little memory.
import { readReport, SeqrClient } from "../../../src/seqr";
import { answerTo } from "./local-server";

const ROWS = 100_000;

async function main(): Promise<void> {
  const client = new SeqrClient({
    endpoint: "https://seqr.example/soap",
    reseller: { id: "shop", password: "secret" },
    transport: { post: () => Promise.resolve({ status: 200, body: answer() }), close: () => undefined },
  });
  const read = readReport(await client.executeReport("Reconciliation/STD_RECON_003.xml"));
  if (read.kind !== "transaction-details") throw new Error(read.kind);
  console.log(JSON.stringify({ rows: read.rows.length, last: read.rows.at(-1) }));
}

/** Written in a function of its own, so that none of its parts stays in memory. */
function answer(): string {
  const row = (number: number): string =>
    "<Row>\n<TerminalId>d8e0ff10ea214e5282899aa9697117c1</TerminalId>\n<CashierId>bob</CashierId>\n" +
    `<SalesAmount>93.31000</SalesAmount>\n<ErsReference>${String(number).padStart(25, "2012060410485453001")}</ErsReference>\n</Row>\n`;
  const rows = Array.from({ length: ROWS }, (_, index) => row(index + 1)).join("\n");
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<TransactionDetails>\n${rows}\n</TransactionDetails>`;
  return answerTo("executeReport", {
    report: { mimeType: "text/html", content: Buffer.from(text), contentString: text },
  });
}

void main();
