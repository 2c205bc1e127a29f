// `npm run docs:errors`: writes docs/errors.md from the tables in the built package, so that text and code cannot disagree.
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as ErrorCodesModule from "../../src/errors/error-codes";
import type * as Client from "../../src/seqr";
import { root } from "../../testkit/root";
import { ensureBuilt } from "../build/ensure-built";

const page = join(root, "docs", "errors.md");

interface Explained {
  cause: string;
  cure: string;
}

async function main(): Promise<void> {
  await ensureBuilt();
  const built = createRequire(join(root, ".medusa", "server", "src", "index.js"));
  const { CLIENT_ERRORS, RESULT_CODES } = built("./seqr") as typeof Client;
  const { ERROR_CODES } = built("./errors/error-codes") as typeof ErrorCodesModule;
  const results = [...RESULT_CODES.values()].filter(({ code }) => code !== 0);
  await writeFile(
    page,
    `# Error codes

Every error that reaches Medusa is a \`MedusaError\` with one of these codes. \`npm run docs:errors\` generates this page
from \`src/errors/error-codes.ts\`, \`src/seqr/errors.ts\` and \`src/seqr/result-codes.ts\`: change a text there, not here.

## Found by the plugin

${table(ERROR_CODES)}

## On the way to SEQR and back

${table(CLIENT_ERRORS)}

## Answered by SEQR

The code is \`SEQR_\` and SEQR's result code. Whether the thing that was asked for can have happened is in the third
column: after "unknown" money is never moved again before the state is known.

| Code | SEQR's name | Happened | Cause | Cure |
| --- | --- | --- | --- | --- |
${results
  .map(({ code, name, outcome, cause, cure }) => {
    const happened = outcome === "unknown" ? "unknown" : "no";
    return `| \`SEQR_${code}\` | ${name} | ${happened} | ${cause} | ${cure} |`;
  })
  .join("\n")}
`,
  );
}

function table(explained: Record<string, Explained>): string {
  const rows = Object.entries(explained).map(
    ([code, { cause, cure }]) => `| \`${code}\` | ${cause} | ${cure} |`,
  );
  return ["| Code | Cause | Cure |", "| --- | --- | --- |", ...rows].join("\n");
}

void main();
