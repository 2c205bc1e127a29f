import { randomBytes } from "node:crypto";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { InvoiceRecord } from "../modules/seqr/contract";
import { languageOf, pageOf, type Page } from "../payment-view/page";
import { shopperPayment } from "../workflows/shopper-payment";
import { shopperSession } from "../workflows/shopper-session";

const NOTICES = ["tooLate", "notCanceled", "notRenewed"] as const satisfies readonly Page["notice"][];

/** Whether a form or a browser's address bar asks, rather than a program. */
export function wantsPage(req: MedusaRequest): boolean {
  return req.accepts(["json", "html"]) === "html";
}

/** Where the page of a payment is, from the path of a request about one. */
export function pageOfToken(req: MedusaRequest, token: string, notice?: Page["notice"]): string {
  const language = typeof req.query["lang"] === "string" ? languageOf(req.query["lang"]) : undefined;
  const query = new URLSearchParams({ ...(language && { lang: language }), ...(notice && { notice }) });
  return `/seqr/payments/${encodeURIComponent(token)}${query.size > 0 ? `?${query}` : ""}`;
}

/** Sends the page of a payment. */
export async function sendPage(
  req: MedusaRequest,
  res: MedusaResponse,
  invoice: InvoiceRecord,
): Promise<void> {
  const token = req.params["token"] ?? "";
  const at = `/seqr/payments/${encodeURIComponent(token)}`;
  const query = typeof req.query["lang"] === "string" ? `?lang=${languageFor(req)}` : "";
  const notice = NOTICES.find((name) => name === req.query["notice"]);
  send(req, res, {
    session: await shopperSession(req.scope, invoice, token),
    payment: await shopperPayment(req.scope, invoice),
    cancelUrl: `${at}/cancel${query}`,
    renewUrl: `${at}/renew${query}`,
    ...(notice && { notice }),
  });
}

/** Says that there is no such payment. */
export function sendMissingPage(req: MedusaRequest, res: MedusaResponse): void {
  res.status(404);
  send(req, res, {});
}

function send(
  req: MedusaRequest,
  res: MedusaResponse,
  page: Omit<Page, "language" | "nonce" | "script">,
): void {
  const nonce = randomBytes(16).toString("base64");
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Referrer-Policy", "no-referrer");
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.setHeader(
    "Content-Security-Policy",
    `default-src 'none'; script-src 'self'; style-src 'nonce-${nonce}'; connect-src 'self'; img-src https: http:; ` +
      `form-action 'self'; base-uri 'none'`,
  );
  const script = "/seqr/payment-view/payment-view.js";
  res.type("html").send(pageOf({ ...page, nonce, script, language: languageFor(req) }));
}

function languageFor(req: MedusaRequest): string {
  const asked = req.query["lang"];
  return languageOf(typeof asked === "string" ? asked : req.get("Accept-Language"));
}
