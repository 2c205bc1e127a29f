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

Made by \`node tools/errors-doc.mjs\`. Every error of the plugin in Medusa is a \`MedusaError\` with one of these codes.

## Errors of the plugin

${described(Object.entries(ERROR_CODES))}

## Errors of the connection to SEQR

${described(Object.entries(CLIENT_ERRORS))}

## Result codes of SEQR

The code is \`SEQR_\` followed by SEQR's result code. "Happened" says whether the operation may have taken effect: after
"unknown", the plugin moves no money before the state is known.

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
