// Gives the same answer to everything: POST /waiting and /paid. GET ?wsdl gives the service description, GET /last the
// latest message that was posted.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ANSWERS } from "./messages.mjs";

const require = createRequire(import.meta.url);
const sandbox = resolve(dirname(fileURLToPath(import.meta.url)), "../../.medusa/server/src/sandbox/index.js");

const wsdl = await serviceDescription();
const answers = Object.fromEntries(
  Object.entries(ANSWERS).map(([name, text]) => [`/${name}`, Buffer.from(text)]),
);
const gets = { "/last": () => last };
let last = "";

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    if (request.method === "POST") last = Buffer.concat(parts);
    const body = request.method === "POST" ? answers[request.url] : (gets[request.url]?.() ?? wsdl);
    response.writeHead(200, { "content-type": "text/xml;charset=UTF-8", "content-length": body.length });
    response.end(body);
  });
});
// A caller may rest while the others have their turns.
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
process.on("disconnect", () => process.exit());

/** The sandbox's own. */
async function serviceDescription() {
  const running = await require(sandbox).startSandbox();
  const text = await (await fetch(`${running.endpoint}?wsdl`)).text();
  await running.stop();
  return Buffer.from(text);
}
