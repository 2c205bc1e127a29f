// Writes docs/errors.md from the tables in the built package, so that text and code cannot disagree.
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ensureBuilt } from "./ensure-built.mjs";

await ensureBuilt();
const require = createRequire(import.meta.url);
const { CLIENT_ERRORS, RESULT_CODES } = require("../.medusa/server/src/seqr/index.js");
const { ERROR_CODES } = require("../.medusa/server/src/errors/error-codes.js");

const table = (rows) =>
  ["| Code | Cause | Cure |", "| --- | --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`)].join(
    "\n",
  );
const described = (entries) => table(entries.map(([code, { cause, cure }]) => [`\`${code}\``, cause, cure]));
const results = [...RESULT_CODES.values()].filter(({ code }) => code !== 0);

await writeFile(
  new URL("../docs/errors.md", import.meta.url),
  `# Error codes

Made by \`node tools/errors-doc.mjs\`. Every error that reaches Medusa is a \`MedusaError\` with one of these codes.

## Found by the plugin

${described(Object.entries(ERROR_CODES))}

## On the way to SEQR and back

${described(Object.entries(CLIENT_ERRORS))}

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
