// Runs inside the store: calls the provider's methods as the Payment module would, for those that core never calls.
const { readFile, writeFile } = require("node:fs/promises");

exports.default = async function callProvider({ container }) {
  const [Provider] = require("medusa-payment-seqr/providers/seqr").default.services;
  const provider = new Provider({ seqr: container.resolve("seqr"), query: container.resolve("query") }, {});
  const file = process.env.PROVIDER_CALLS;
  const results = [];
  for (const [method, input] of JSON.parse(await readFile(file, "utf8"))) {
    try {
      results.push({ result: await provider[method](input) });
    } catch ({ type, code, message }) {
      results.push({ error: { type, code, message } });
    }
  }
  await writeFile(file, JSON.stringify(results));
};
