// Finds TCP ports on the loopback address, for servers that the demo, the tests and the benchmarks start.
import { createServer, type AddressInfo } from "node:net";

/** Whether a server could listen on the port now. */
function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => done(true)));
  });
}

/** The wanted port when it is free, else one that the system picks. Bind soon: another process may take it. */
export async function freePort(wanted?: number, host = "127.0.0.1"): Promise<number> {
  if (wanted && (await isPortFree(wanted, host))) return wanted;
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen({ port: 0, host }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
