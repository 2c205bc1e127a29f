import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Notify } from "../core/world";

/**
 * Posts notifications: once, without following redirects or looking at what comes back (PROTOCOL 5.1, 14).
 *
 * @param timeout milliseconds until an answer is no longer waited for
 */
export function httpNotifier(timeout: number): Notify {
  return ({ url, body }, done) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": Buffer.byteLength(body),
      "User-Agent": "SEQR-sandbox",
    };
    try {
      const request = send(url, {
        method: "POST",
        headers,
        agent: false,
        signal: AbortSignal.timeout(timeout),
      });
      request.once("response", (response) => {
        response.on("error", () => undefined).resume();
        done(`HTTP ${response.statusCode ?? 0}`);
      });
      request.once("error", ({ name, message }: Error) =>
        done(name === "AbortError" || name === "TimeoutError" ? "no answer in time" : `failed: ${message}`),
      );
      request.end(body);
    } catch (error) {
      done(`failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
