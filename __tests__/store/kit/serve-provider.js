// Runs inside the store, as another process of it: calls the provider's methods as the Payment module would, and, by the
// name `reconcile`, the job. Each POST is a list of calls, one after the other; DELETE ends it. The address is written to a
// file.
const { once } = require("node:events");
const { writeFile } = require("node:fs/promises");
const { createServer } = require("node:http");
const { dirname, join } = require("node:path");
const { json } = require("node:stream/consumers");

/** A job is no part of what the package offers, so it is found as a file. */
const built = join(dirname(require.resolve("medusa-payment-seqr/package.json")), ".medusa", "server", "src");

exports.default = async function serveProvider({ container }) {
  const [Provider] = require("medusa-payment-seqr/providers/seqr").default.services;
  const provider = new Provider({ seqr: container.resolve("seqr"), query: container.resolve("query") }, {});
  const reconcile = require(join(built, "jobs", "reconcile.js")).default;
  const call = async ([method, input]) => {
    try {
      return { result: await (method === "reconcile" ? reconcile(container) : provider[method](input)) };
    } catch ({ type, code, message }) {
      return { error: { type, code, message } };
    }
  };
  const server = createServer(async (request, response) => {
    const results = [];
    if (request.method === "DELETE") server.close();
    else for (const one of await json(request)) results.push(await call(one));
    response.setHeader("connection", "close").end(JSON.stringify(results));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  await writeFile(process.env.PROVIDER_ADDRESS, `http://127.0.0.1:${server.address().port}`);
  await once(server, "close");
};
