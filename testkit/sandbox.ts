// The SEQR sandbox as a process of its own.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { NotificationRecord, RecordedCall } from "../src/sandbox";
import { freePort } from "./free-port";
import { send, until } from "./http";

export interface SandboxProcess {
  url: string;
  /** Where it takes SEQR's calls. */
  endpoint: string;
  stop(): Promise<void>;
  /** When SEQR told of an invoice's payment, and when it was asked for the status after that; milliseconds on its clock. */
  timesOf(reference: string): Promise<{ notifiedAt: number; acknowledgedAt: number }>;
}

/**
 * Starts the sandbox as a process of its own, from the package that the store has installed.
 * @param options.node the Node that runs it
 */
export async function startSandbox(
  directory: string,
  { node = process.execPath } = {},
): Promise<SandboxProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const cli = "node_modules/medusa-payment-seqr/.medusa/server/src/sandbox/cli.js";
  const args = [join(directory, cli), "sandbox", "--port", String(port)];
  const exitWithParent = join(__dirname, "exit-with-parent.js");
  const child = spawn(node, ["--require", exitWithParent, ...args], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  try {
    const ask = (): Promise<{ endpoint: string } | undefined> =>
      send<{ endpoint: string }>("GET", `${url}/sandbox`).catch(() => undefined);
    const about = await until(ask, (answer) => answer !== undefined, { seconds: 20 });
    return { url, endpoint: about?.endpoint ?? "", stop, timesOf: (reference) => timesOf(url, reference) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function timesOf(url: string, reference: string): ReturnType<SandboxProcess["timesOf"]> {
  const notifications = await send<NotificationRecord[]>("GET", `${url}/sandbox/notifications`);
  const calls = await send<RecordedCall[]>("GET", `${url}/sandbox/calls`);
  const notification = notifications.find(({ invoiceReference }) => invoiceReference === reference);
  if (!notification) throw new Error(`SEQR has sent no notification of invoice ${reference}`);
  const { at: notifiedAt } = notification;
  const call = calls.find(
    ({ operation, invoiceReference, at }) =>
      operation === "getPaymentStatus" && invoiceReference === reference && at >= notifiedAt,
  );
  if (!call) throw new Error(`SEQR was not asked for the status of invoice ${reference} after that`);
  return { notifiedAt, acknowledgedAt: call.at };
}
