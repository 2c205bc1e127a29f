import { spawn } from "node:child_process";
import { join } from "node:path";
import { send, until } from "../demo/http.mjs";
import { freePort } from "./free-port.mjs";

/**
 * The sandbox as a process of its own, from the package that the store has installed.
 * @param node the Node that runs it
 */
export async function startSandbox(directory, { node = process.execPath } = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const cli = "node_modules/medusa-payment-seqr/.medusa/server/src/sandbox/cli.js";
  const args = [join(directory, cli), "sandbox", "--port", String(port)];
  const endWithParent = new URL("end-with-parent.mjs", import.meta.url).href;
  const child = spawn(node, ["--import", endWithParent, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => {
    child.kill();
    await ended;
  };
  try {
    const about = () => send("GET", `${url}/sandbox`).catch(() => undefined);
    const { endpoint } = await until(about, (answer) => answer !== undefined, { seconds: 20 });
    return { url, endpoint, stop, timesOf: (reference) => timesOf(url, reference) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** When SEQR told of an invoice's payment, and when it was asked for the status after that; milliseconds on its clock. */
async function timesOf(url, reference) {
  const notifications = await send("GET", `${url}/sandbox/notifications`);
  const calls = await send("GET", `${url}/sandbox/calls`);
  const { at: notifiedAt } = notifications.find(({ invoiceReference }) => invoiceReference === reference);
  const { at: acknowledgedAt } = calls.find(
    ({ operation, invoiceReference, at }) =>
      operation === "getPaymentStatus" && invoiceReference === reference && at >= notifiedAt,
  );
  return { notifiedAt, acknowledgedAt };
}
