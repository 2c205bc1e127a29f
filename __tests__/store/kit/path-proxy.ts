import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy that gives a server out under a path, which it takes away before it passes a request on. */
export interface PathProxy {
  /** Address from outside, with the path. */
  url: string;
  /** Where requests go. */
  leadTo(server: string): void;
  stop(): Promise<void>;
}

/** Starts a proxy. Whatever is asked for outside of its path is not found, as behind a real one. */
export async function startPathProxy(path = "/api"): Promise<PathProxy> {
  let target = "";
  const proxy = createServer((asked, answer) => {
    const { url = "", method, headers } = asked;
    if (!url.startsWith(`${path}/`)) return void answer.writeHead(404).end();
    const passed = request(target + url.slice(path.length), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
      answer.once("close", () => response.destroy());
    });
    passed.once("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${path}`,
    leadTo: (server) => void (target = server),
    stop: async () => {
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
    },
  };
}
