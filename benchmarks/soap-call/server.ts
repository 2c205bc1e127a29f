// Gives the same answer to everything: POST /waiting and /paid. GET ?wsdl gives the service description, GET /last the
// latest message that was posted.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type * as SandboxPackage from "../../src/sandbox";
import { ANSWERS } from "./messages";

const { startSandbox } = createRequire(__filename)(
  "../../.medusa/server/src/sandbox",
) as typeof SandboxPackage;

async function main(): Promise<void> {
  const wsdl = await serviceDescription();
  const answers = new Map(Object.entries(ANSWERS).map(([name, text]) => [`/${name}`, Buffer.from(text)]));
  let last = Buffer.alloc(0);

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    const { url = "", method } = request;
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (method === "POST") last = Buffer.concat(parts);
      const answer = method === "POST" ? answers.get(url) : url === "/last" ? last : wsdl;
      const body = answer ?? Buffer.alloc(0);
      response.writeHead(200, { "content-type": "text/xml;charset=UTF-8", "content-length": body.length });
      response.end(body);
    });
  });
  // A caller may rest while the others have their turns.
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () =>
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
  process.on("disconnect", () => process.exit());
}

/** The sandbox's own. */
async function serviceDescription(): Promise<Buffer> {
  const running = await startSandbox();
  const text = await (await fetch(`${running.endpoint}?wsdl`)).text();
  await running.stop();
  return Buffer.from(text);
}

void main();
