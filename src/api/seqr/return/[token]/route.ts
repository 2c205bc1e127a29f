import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrOf } from "../../../../modules/seqr";
import { settleSoon } from "../../../../workflows/settle";
import { shopperPayment, type ShopperPayment } from "../../../../workflows/shopper-payment";
import { invoiceOfToken } from "../../../invoice-of-token";

/**
 * Where the app leads the phone's browser after paying and after cancelling alike (PROTOCOL 5.2): settle first, then
 * go on to the storefront's page, or say how it stands.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const seqr = seqrOf(req.scope);
  const invoice = await settleSoon(req.scope, invoiceOfToken(req), "return");
  const payment = await shopperPayment(req.scope, invoice);
  res.setHeader("Cache-Control", "no-store");
  res.setHeader("Referrer-Policy", "no-referrer");
  const { returnUrl } = seqr.settings;
  if (returnUrl !== undefined) {
    const target = new URL(returnUrl);
    target.searchParams.set("seqr_status", payment.status);
    if (payment.order) target.searchParams.set("order_id", payment.order.id);
    res.redirect(303, target.toString());
    return;
  }
  res.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  res.type("html").send(page(payment));
}

const WORDS: Record<ShopperPayment["status"], string> = {
  preparing: "The payment is being prepared.",
  waiting: "The payment has not been made yet.",
  checking: "The payment is there; the order is being placed.",
  paid: "Paid. Thank you!",
  returned: "The order could not be placed. The money goes back to you.",
  canceled: "The payment was cancelled. Nothing was charged.",
  superseded: "This payment was replaced by a newer one. Nothing was charged.",
  expired: "The payment was not made in time. Nothing was charged.",
  failed: "The payment failed. Nothing was charged.",
};

const UNDECIDED: ReadonlySet<ShopperPayment["status"]> = new Set(["preparing", "waiting", "checking"]);

function page({ status, amount, currency_code, order, ers_reference }: ShopperPayment): string {
  const lines = [
    `${amount} ${currency_code}`,
    order && `Order ${order.display_id}`,
    ers_reference && `Reference ${ers_reference}`,
  ].filter(Boolean);
  // Until it is decided the page asks again by itself; no script is needed for that.
  const refresh = UNDECIDED.has(status) ? '<meta http-equiv="refresh" content="2">' : "";
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8">${refresh}` +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Payment</title>' +
    "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:15vh auto;padding:0 1rem}</style></head>" +
    `<body><h1>${WORDS[status]}</h1>${lines.map((line) => `<p>${line}</p>`).join("")}` +
    "<p>You can return to the shop's page now.</p></body></html>"
  );
}
