import { SANDBOX_ERRORS, SandboxError, type SandboxErrorCode } from "../errors";

/** One call of the control API. */
export interface ControlCall {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind `/sandbox`. */
  path: string;
  body?: object;
}

/**
 * Calls the control API of a running sandbox.
 *
 * @throws {SandboxError} what the sandbox said, or SANDBOX_NOT_RUNNING
 */
export async function callControl(url: string, { method, path, body }: ControlCall): Promise<unknown> {
  const response = await fetchFrom(`${url.replace(/\/$/, "")}/sandbox${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  if (!isJson) throw new SandboxError("SANDBOX_NOT_RUNNING", `${url} answers, but is no sandbox`);
  const result: unknown = await response.json();
  if (response.ok) return result;
  const { code, message } = (result as { error: { code: string; message: string } }).error;
  throw new SandboxError(
    Object.hasOwn(SANDBOX_ERRORS, code) ? (code as SandboxErrorCode) : "SANDBOX_INPUT",
    message,
  );
}

async function fetchFrom(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch {
    throw new SandboxError("SANDBOX_NOT_RUNNING", `no answer from ${address}`);
  }
}
