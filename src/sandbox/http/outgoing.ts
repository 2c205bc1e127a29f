import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios from "axios";

/**
 * Sends the sandbox's own requests. Every answer counts, redirects included. No proxy of the environment is used, and
 * no connection is reused, so that none is closed by the server when it is needed.
 */
export const outgoing = axios.create({
  proxy: false,
  maxRedirects: 0,
  validateStatus: null,
  httpAgent: new HttpAgent(),
  httpsAgent: new HttpsAgent(),
});
