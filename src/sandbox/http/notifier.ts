import type { Readable } from "node:stream";
import { isCancel } from "axios";
import type { Notify } from "../core/world";
import { outgoing } from "./outgoing";

/**
 * Posts a notification once. It follows no redirects and ignores the answer (PROTOCOL 5.1, 14).
 *
 * @param timeout time limit of the answer in milliseconds
 */
export function httpNotifier(timeout: number): Notify {
  return ({ url, body }, done) => {
    outgoing
      .post<Readable>(url, body, {
        headers: { "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "SEQR-sandbox" },
        responseType: "stream",
        signal: AbortSignal.timeout(timeout),
      })
      .then(
        ({ status, data }) => {
          data.on("error", () => undefined).resume();
          done(`HTTP ${status}`);
        },
        (error: Error) => done(isCancel(error) ? "no answer in time" : `failed: ${error.message}`),
      );
  };
}
