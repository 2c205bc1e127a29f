import type { AxiosRequestConfig, AxiosResponse } from "axios";
import { SANDBOX_ERRORS, SandboxError, type SandboxErrorCode } from "../errors";
import { outgoing } from "../http/outgoing";

/** A call of the control API. */
export interface ControlCall {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path after `/sandbox`. */
  path: string;
  body?: object;
}

/** Time limit in milliseconds. An idle sandbox answers at once. */
const TIMEOUT = 30_000;

/**
 * Calls the control API of a running sandbox.
 *
 * @throws {SandboxError} the sandbox's error, or SANDBOX_NOT_RUNNING
 */
export async function callControl(url: string, { method, path, body }: ControlCall): Promise<unknown> {
  const address = `${url.replace(/\/$/, "")}/sandbox${path}`;
  const { status, headers, data } = await send({ url: address, method, data: body });
  if (!String(headers["content-type"]).startsWith("application/json")) {
    throw new SandboxError("SANDBOX_NOT_RUNNING", `${url} answers, but is no sandbox`);
  }
  if (status < 300) return data;
  const { code, message } = (data as { error: { code: string; message: string } }).error;
  throw new SandboxError(
    Object.hasOwn(SANDBOX_ERRORS, code) ? (code as SandboxErrorCode) : "SANDBOX_INPUT",
    message,
  );
}

async function send(request: AxiosRequestConfig<object>): Promise<AxiosResponse<unknown>> {
  try {
    return await outgoing.request({ ...request, signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw new SandboxError("SANDBOX_NOT_RUNNING", `no answer from ${request.url}`);
  }
}
