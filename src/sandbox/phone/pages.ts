import type { Amount, InvoiceRow } from "../../seqr";
import { localTime } from "../core/local-time";
import type { Bill } from "../core/phone";
import { DECLINED_PIN } from "../core/phone";
import type { Stage } from "../core/life-cycle";
import type { Sms } from "../core/state";
import { html, type Html } from "./html";

/** The first screen: codes to scan, and the shopper's messages. */
export function homePage(open: readonly Bill[], messages: readonly Sms[]): Html {
  const list = html`<ul class="list">
    ${open.map(
      (bill) =>
        html`<li>
          <a href="${pathOf(bill)}"
            ><span>${bill.shop}<small>${bill.invoice.title}</small></span>
            <b>${money(bill.invoice.totalAmount)}</b> <span class="go">Scan</span></a
          >
        </li>`,
    )}
  </ul>`;
  const texts = html`<h2>Messages</h2>
    <ul class="messages">
      ${messages.map(({ at, text }) => html`<li><time>${localTime(at).minute}</time> ${text}</li>`)}
    </ul>`;
  return page({
    title: "Invoices to pay",
    body: html`<h1>Invoices to pay</h1>
      ${open.length > 0 ? list : html`<p>No shop waits for a payment. Start a checkout, then come back.</p>`}
      ${messages.length > 0 ? texts : undefined}`,
  });
}

/** The app's screen of an invoice. */
export function billPage(bill: Bill): Html {
  return page({
    title: TITLES[bill.stage],
    bill,
    body: html`<h1>${TITLES[bill.stage]}</h1>
      ${bodyOf(bill)}`,
  });
}

/** The screen for the PIN. */
export function pinPage(bill: Bill, problem?: string): Html {
  const alert =
    problem === undefined ? undefined : html`<p class="alert" id="problem" role="alert">${problem}</p>`;
  return page({
    title: "Enter your PIN",
    bill,
    body: html`<h1>Enter your PIN</h1>
      <p>Pay <b>${money(bill.invoice.totalAmount)}</b> to ${bill.shop}.</p>
      <form method="post" action="${pathOf(bill)}/pay">
        <label for="pin">PIN, four digits</label>
        <input
          id="pin"
          name="pin"
          type="password"
          inputmode="numeric"
          pattern="[0-9]{4}"
          maxlength="4"
          autocomplete="off"
          required
          autofocus
          aria-describedby="hint${problem === undefined ? "" : " problem"}"
        />
        ${alert}
        <p class="hint" id="hint">Any four digits will do here. ${DECLINED_PIN} is declined by the bank.</p>
        <button class="main">Pay</button>
      </form>
      <p><a class="button" href="${pathOf(bill)}">Back</a></p>`,
  });
}

/** The receipt with its rows. */
export function receiptPage(bill: Bill): Html {
  return page({
    title: "Receipt",
    bill,
    body: html`<h1>Receipt</h1>
      ${paymentFacts(bill)} ${content(bill)}
      <p><a class="button" href="${pathOf(bill)}">Back</a></p>`,
  });
}

/** The screen of an error without an invoice. */
export function problemPage(title: string, text: string): Html {
  return page({
    title,
    body: html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a class="button" href="/">To the open invoices</a></p>`,
  });
}

const TITLES: Record<Stage, string> = {
  open: "Pay",
  scanned: "Pay",
  pending: "Waiting for the shop",
  paying: "Paying …",
  reserved: "Amount reserved",
  paid: "Payment completed",
  acknowledged: "Payment completed",
  cancelled: "Payment cancelled",
  failed: "Payment failed",
  expired: "Too late",
};

function bodyOf(bill: Bill): Html {
  switch (bill.stage) {
    case "open":
    case "scanned":
      return html`${content(bill)}
        <p><a class="button main" href="${pathOf(bill)}/pin">Confirm</a></p>
        ${cancelButton(bill)}`;
    case "pending":
      return html`<p role="status">You can pay as soon as ${bill.shop} has acknowledged.</p>
        ${cancelButton(bill)}`;
    case "paying":
      return html`<p role="status">Your bank is working on it.</p>
        ${content(bill)}`;
    case "reserved":
      return html`<p role="status">
          ${bill.shop} can now take up to <b>${money(bill.invoice.totalAmount)}</b>.
        </p>
        ${content(bill)} ${okButton(bill)}`;
    case "paid":
    case "acknowledged":
      return html`<div role="status">${paymentFacts(bill)}</div>
        <p><a class="button" href="${pathOf(bill)}/receipt">Receipt</a></p>
        ${okButton(bill)}`;
    case "cancelled": {
      const reversed = `${bill.shop} did not confirm the payment in time. You get the money back.`;
      return html`<p role="status">${bill.ersReference === undefined ? "Nothing was paid." : reversed}</p>
        ${okButton(bill)}`;
    }
    case "failed":
      return html`<p role="status">Your bank declined the payment. Nothing was paid.</p>
        ${okButton(bill)}`;
    case "expired":
      return html`<p role="status">The invoice has expired. Nothing was paid.</p>
        ${okButton(bill)}`;
  }
}

/** Shop, rows, total and footer. */
function content({ shop, invoice }: Bill): Html {
  const rows = invoice.invoiceRows ?? [];
  return html`<p class="shop">${shop}<small>${invoice.title}</small></p>
    <table>
      <caption class="unseen">
        What you pay for
      </caption>
      <tbody>
        ${rows.map(rowOf)}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td>${money(invoice.totalAmount)}</td>
        </tr>
      </tfoot>
    </table>
    ${invoice.footer ? html`<p class="footer">${invoice.footer}</p>` : undefined}`;
}

function rowOf({ itemDescription, itemQuantity, itemUnit, itemTotalAmount }: InvoiceRow): Html {
  const quantity =
    itemQuantity === undefined ? undefined : html`<small>Quantity ${itemQuantity} ${itemUnit}</small>`;
  return html`<tr>
    <th scope="row">${itemDescription}${quantity}</th>
    <td>${money(itemTotalAmount)}</td>
  </tr>`;
}

function paymentFacts({ shop, invoice, ersReference, paidAt }: Bill): Html {
  return html`<p class="amount">${money(invoice.totalAmount)}</p>
    <dl>
      <dt>To</dt>
      <dd>${shop}</dd>
      <dt>Time</dt>
      <dd>${paidAt === undefined ? undefined : localTime(paidAt).minute}</dd>
      <dt>Reference</dt>
      <dd>${ersReference}</dd>
    </dl>`;
}

function cancelButton(bill: Bill): Html {
  return html`<form method="post" action="${pathOf(bill)}/cancel"><button>Cancel</button></form>`;
}

/** Links to the shop's address, which the app opens when the shopper closes a receipt (PROTOCOL 5.2). */
function okButton({ invoice }: Bill): Html {
  return html`<p><a class="button main" href="${safeLink(invoice.backURL) ?? "/"}">OK</a></p>`;
}

/** Allows addresses of pages and apps, and none that runs a script in this page. */
function safeLink(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return /^(javascript|data|vbscript|blob|file):$/.test(new URL(url).protocol) ? undefined : url;
}

function money(amount: Amount | undefined): string {
  if (!amount) return "";
  const [whole = "", decimals = ""] = amount.value.split(".");
  return `${whole}.${decimals.padEnd(2, "0")} ${amount.currency}`;
}

function pathOf({ invoiceReference }: Bill): string {
  return `/R${invoiceReference}`;
}

function page({ title, bill, body }: { title: string; bill?: Bill; body: Html }): Html {
  const watched = bill && html` data-path="${pathOf(bill)}" data-state="${bill.stage} ${bill.version}"`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · SEQR sandbox phone</title>
        <link rel="stylesheet" href="/phone.css" />
        <link rel="icon" href="data:," />
        <script src="/phone.js" defer></script>
      </head>
      <body${watched}>
        <header><a href="/">SEQR sandbox phone</a></header>
        <main>${body}</main>
      </body>
    </html> `;
}
