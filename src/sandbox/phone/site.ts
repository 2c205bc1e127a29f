import type { IncomingMessage } from "node:http";
import type { Bill } from "../core/phone";
import type { Sandbox } from "../core/sandbox";
import { SandboxError } from "../errors";
import { readBytes, textReply, sendReply, type Reply } from "../http/reply";
import type { Site } from "../http/server";
import type { Html } from "./html";
import { billPage, homePage, pinPage, problemPage, receiptPage } from "./pages";
import { SCRIPT } from "./script";
import { STYLE } from "./style";

const MAX_BYTES = 10_000;

/** Content-Security-Policy: own files and forms only, no inline script or style. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
].join("; ");

/**
 * Serves the shopper's phone. Opening a code's link (`/R<reference>`, `/Q<seqrId>`) scans it.
 *
 * @param persist resolves when the state survives a restart
 */
export function phoneSite(core: Sandbox, persist: () => Promise<void>): Site {
  return async (request, response, url) => {
    const reply = await answer(core, request, url.pathname);
    if (!reply) return false;
    await persist();
    sendReply(response, reply);
    return true;
  };
}

async function answer(core: Sandbox, request: IncomingMessage, path: string): Promise<Reply | undefined> {
  const { method = "GET" } = request;
  if (method !== "POST" && path === "/") return show(200, homePage(openBills(core), core.sms().reverse()));
  if (method !== "POST" && path === "/phone.css")
    return { status: 200, type: "text/css; charset=utf-8", body: STYLE };
  if (method !== "POST" && path === "/phone.js") {
    return { status: 200, type: "text/javascript; charset=utf-8", body: SCRIPT };
  }
  const [, code, page = ""] = /^(\/[RQ][A-Za-z0-9]+)(?:\/([a-z]+))?\/?$/i.exec(path) ?? [];
  if (code === undefined) return undefined;
  try {
    return method === "POST"
      ? await act(core, request, code, page)
      : view(core, code, page, method === "GET");
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (error.code === "SANDBOX_NO_SUCH_INVOICE") return show(404, problemPage("Unknown code", error.reason));
    return redirect(code);
  }
}

function view({ phone }: Sandbox, code: string, page: string, mayScan: boolean): Reply | undefined {
  const bill = phone.bill(code);
  switch (page) {
    case "":
      return show(200, billPage(bill.stage === "open" && mayScan ? phone.scan(code) : bill));
    case "pin":
      return bill.stage === "scanned" ? show(200, pinPage(bill)) : redirect(code);
    case "receipt":
      return bill.stage === "paid" || bill.stage === "acknowledged"
        ? show(200, receiptPage(bill))
        : redirect(code);
    case "state":
      return { ...textReply(200, ""), body: `${bill.stage} ${bill.version}`, headers: NOT_STORED };
    default:
      return undefined;
  }
}

async function act(
  { phone }: Sandbox,
  request: IncomingMessage,
  code: string,
  page: string,
): Promise<Reply | undefined> {
  const { origin, host } = request.headers;
  if (origin !== undefined && origin !== `http://${host ?? ""}`)
    return textReply(403, "the form is from another page");
  if (page === "cancel") {
    phone.cancel(code);
    return redirect(code);
  }
  if (page !== "pay") return undefined;
  const form = new URLSearchParams((await readBytes(request, MAX_BYTES)).toString("utf8"));
  const pin = form.get("pin") ?? "";
  if (!/^\d{4}$/.test(pin)) return show(422, pinPage(phone.bill(code), "The PIN has four digits."));
  phone.pay(code, pin);
  return redirect(code);
}

/** Open invoices, newest first. */
function openBills(core: Sandbox): Bill[] {
  return core
    .invoices()
    .filter(({ status }) => status === "ISSUED" || status === "PENDING_ISSUER_ACKNOWLEDGE")
    .map(({ invoiceReference }) => core.phone.bill(invoiceReference))
    .reverse();
}

const NOT_STORED = { "Cache-Control": "no-store" };

function show(status: number, { text }: Html): Reply {
  // With "no-referrer" browsers would send these pages' own forms with the origin "null", and `act` would refuse them.
  const headers = { ...NOT_STORED, "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin" };
  return { status, type: "text/html; charset=utf-8", body: text, headers };
}

function redirect(code: string): Reply {
  return { ...textReply(303, ""), headers: { ...NOT_STORED, Location: code } };
}
