import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios from "axios";

/**
 * What the sandbox sends by itself. Any answer is an answer, redirects included; no proxy of the environment is used,
 * and no connection twice, so that none is closed by the other side just when it is needed.
 */
export const outgoing = axios.create({
  proxy: false,
  maxRedirects: 0,
  validateStatus: null,
  httpAgent: new HttpAgent(),
  httpsAgent: new HttpsAgent(),
});
