import { randomBytes } from "node:crypto";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../modules/seqr";
import { paymentAddress, type InvoiceRecord } from "../../modules/seqr/public";
import { languageOf, pageOf, type Page } from "../../payment-view/page";
import { isEnd } from "../../payment-view/view-state";
import { shopperPayment } from "../../shopper/shopper-payment";
import { shopperSession } from "../../shopper/shopper-session";
import { returnUrlOf } from "../../shopper/return-to-shop";

const NOTICES = ["tooLate", "notCanceled", "notRenewed"] as const satisfies readonly Page["notice"][];

/** The script that stops the page's refresh, and the element's script. */
const SCRIPTS = ["own-page.js", "payment-view.js"];

/** Whether the request comes from a form or a browser's address bar, not from a program. */
export function wantsPage(req: MedusaRequest): boolean {
  return req.accepts(["json", "html"]) === "html";
}

/** Query parameters of a payment's page, besides the language. */
interface PageQuery {
  notice?: Page["notice"];
  /** The shopper comes from the app, and the page redirects to the shop when the payment has a result. */
  isFromApp?: boolean;
}

/** Redirects a browser to the page of a payment, in the language of the request. @param address see paymentAddress */
export function leadToPage(
  req: MedusaRequest,
  res: MedusaResponse,
  address: string,
  query: PageQuery = {},
): void {
  redirect(res, withQuery(req, address, query));
}

/** Redirects a browser to the storefront. @param address see wayBack */
export function leadToShop(res: MedusaResponse, address: string): void {
  redirect(res, address);
}

function redirect(res: MedusaResponse, address: string): void {
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Referrer-Policy", "no-referrer");
  res.redirect(303, address);
}

/** Address of the page of the request's payment. */
export function pageOfRequest(req: MedusaRequest): string {
  return paymentAddress(req.params["token"] ?? "", seqrOf(req.scope).options);
}

/** Sends the page of a payment, or redirects to the page of a newer code that can be paid. */
export async function sendPage(
  req: MedusaRequest,
  res: MedusaResponse,
  invoice: InvoiceRecord,
): Promise<void> {
  const payment = await shopperPayment(req.scope, invoice);
  if (payment.newer_url !== undefined) return leadToPage(req, res, payment.newer_url);
  const { backendUrl, returnUrl } = seqrOf(req.scope).terminals.shownBy(invoice);
  const isDecided = isEnd(payment.status);
  const leadsToShop = returnUrl !== undefined && isFromApp(req);
  if (leadsToShop && isDecided) {
    const address = await returnUrlOf(req.scope, returnUrl, payment);
    if (address !== undefined) return leadToShop(res, address);
  }
  const at = pageOfRequest(req);
  const notice = NOTICES.find((name) => name === req.query["notice"]);
  send(req, res, returnUrl, {
    session: await shopperSession(req.scope, invoice, req.params["token"] ?? ""),
    payment,
    cancelUrl: withQuery(req, `${at}/cancel`),
    renewUrl: withQuery(req, `${at}/renew`),
    leadsOn: leadsToShop && !isDecided,
    ...(returnUrl !== undefined && { shopUrl: `${backendUrl}/seqr/return/${req.params["token"]}?to=shop` }),
    ...(notice && { notice }),
  });
}

/** Whether the shopper came from the app. */
function isFromApp(req: MedusaRequest): boolean {
  return req.query["from"] === "app";
}

function withQuery(req: MedusaRequest, address: string, query: PageQuery = {}): string {
  const { notice, isFromApp: isToLeadOn = isFromApp(req) } = query;
  const language = typeof req.query["lang"] === "string" ? languageOf(req.query["lang"]) : undefined;
  const parameters = new URLSearchParams({
    ...(language && { lang: language }),
    ...(notice && { notice }),
    ...(isToLeadOn && { from: "app" }),
  });
  return parameters.size > 0 ? `${address}?${parameters}` : address;
}

/** Sends the page for an unknown payment. */
export function sendMissingPage(req: MedusaRequest, res: MedusaResponse): void {
  res.status(404);
  // Its terminal is unknown as well, and with it the shop, where the terminals lead to several.
  const shops = new Set(seqrOf(req.scope).terminals.all.map(({ options }) => options.returnUrl));
  const [returnUrl] = shops.size === 1 ? shops : [];
  send(req, res, returnUrl, {});
}

function send(
  req: MedusaRequest,
  res: MedusaResponse,
  returnUrl: string | undefined,
  page: Omit<Page, "language" | "nonce" | "scripts">,
): void {
  const { backendUrl } = seqrOf(req.scope).options;
  // The page may have been opened by another name of the server; all addresses in it use the option's name.
  const own = `'self' ${new URL(backendUrl).origin}`;
  const shop = returnUrl === undefined ? undefined : new URL(returnUrl).origin;
  const nonce = randomBytes(16).toString("base64");
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Referrer-Policy", "no-referrer");
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.setHeader(
    "Content-Security-Policy",
    `default-src 'none'; script-src ${own}; style-src 'nonce-${nonce}'; connect-src ${own}; img-src https: http:; ` +
      // The answer to a form may redirect to the shop.
      `form-action ${own}${shop ? ` ${shop}` : ""}; base-uri 'none'; ` +
      "require-trusted-types-for 'script'; trusted-types 'none'",
  );
  const scripts = SCRIPTS.map((name) => `${backendUrl}/seqr/payment-view/${name}`);
  res.type("html").send(pageOf({ shopUrl: shop, ...page, nonce, scripts, language: languageFor(req) }));
}

function languageFor(req: MedusaRequest): string {
  const asked = req.query["lang"];
  return languageOf(typeof asked === "string" ? asked : req.get("Accept-Language"));
}
