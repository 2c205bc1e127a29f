import type { Content } from "./view-node";
import { primaryOf } from "./format";
import { escapeHtml, htmlOf } from "./html";
import { STYLES } from "./styles";
import { actionOf, buttonOf, headOf, stageOf, timeOf, wordsOf, type View } from "./templates";
import type { Payment, Session } from "./payment";
import { BACK_TO_SHOP } from "./page-texts";
import { ALL_TEXTS } from "./locales/all";
import type { Notice } from "./locales/texts";
import { canRenew, isEnd, isFinal, showsCode, viewState, whyNotCanceled, type ViewState } from "./view-state";

/** Seconds after which the page reloads. Its script stops that when the view has received an answer from the server. */
const REFRESH = 5;
/** Seconds after which the page of an ended code reloads: there may be a newer code or a late payment. */
const REFRESH_ENDED = 15;

const PAGE_STYLES = `body{margin:0;padding:1rem;background:#f3f3f3}h1{max-width:44rem;margin:0 auto .75rem;font:600 1rem/1.5 system-ui,sans-serif;color:#1c1c1c}.back{max-width:44rem;margin:1rem auto 0;font:1rem/1.5 system-ui,sans-serif}.back a{display:inline-block;padding:.625rem 0;color:#00695c}@media print{body{background:none}.back{display:none}}${STYLES}`;

/** Content of a payment's page. The page is complete without scripts; with scripts, the element replaces its content. */
export interface Page {
  /** Both are missing when the payment does not exist. */
  session?: Session;
  payment?: Payment;
  /** Result of `languageOf`. */
  language: string;
  /** Addresses of the page's scripts. */
  scripts: string[];
  /** Addresses of the forms. */
  cancelUrl?: string;
  renewUrl?: string;
  /** Address of the link to the shop. */
  shopUrl?: string | undefined;
  /** Whether the page must reload when the payment has a result, because the server then redirects to the shop. */
  leadsOn?: boolean;
  /** Nonce of the Content-Security-Policy. */
  nonce: string;
  /** Why an action was refused; shown until the payment's status changes. */
  notice?: Notice;
}

/** Draws the page. */
export function pageOf(page: Page): string {
  const { language, scripts, nonce, notice } = page;
  const session: Partial<Session> = page.session ?? {};
  const payment: Partial<Payment> = page.payment ?? {};
  const primary = primaryOf(language);
  const key = primary in ALL_TEXTS ? (primary as keyof typeof ALL_TEXTS) : "en";
  const texts = ALL_TEXTS[key];
  const { status = "missing", expires_in = 0 } = payment;
  const known = { status, isLost: false, isOver: expires_in <= 0 };
  const state = viewState(known);
  const view: View = { state, showsCode: showsCode(known), session, payment, texts, language };
  const { heading, text } = wordsOf(view);
  const action = actionOf(view);
  const target = { cancel: page.cancelUrl, renew: page.renewUrl, print: undefined }[action?.name ?? "print"];
  const form =
    action && target ? htmlOf(["form", { method: "post", action: target }, buttonOf(action, {})]) : "";
  const section =
    `<section class="view" data-state="${state}"><header class="head">${htmlOf(...headOf(view))}</header>` +
    `<h2 class="heading">${escapeHtml(heading)}</h2>` +
    `<p class="text" role="status">${escapeHtml(notice && holds(notice, state) ? texts[notice] : text)}</p>` +
    `<div class="stage">${htmlOf(...stageOf(view))}</div><p class="time">${escapeHtml(timeOf(view, expires_in))}</p>` +
    `<div class="actions">${form}</div></section>`;
  const element = session.token
    ? `<seqr-payment token="${escapeHtml(session.token)}" language="${escapeHtml(language)}">${section}</seqr-payment>`
    : section;
  const back: Content = page.shopUrl && [
    "p",
    { class: "back" },
    ["a", { href: page.shopUrl }, BACK_TO_SHOP[key]],
  ];
  const pause = isEnd(state) ? REFRESH_ENDED : REFRESH;
  const refresh = isFinal(state) ? "" : `<meta http-equiv="refresh" content="${pause}">`;
  const tags = scripts.map((address) => `<script type="module" src="${escapeHtml(address)}"></script>`);
  return (
    `<!doctype html><html lang="${escapeHtml(language)}"><head><meta charset="utf-8">${refresh}` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">` +
    `<title>${escapeHtml(heading)}</title><style nonce="${nonce}">${PAGE_STYLES}</style>` +
    `${tags.join("")}</head><body${page.leadsOn ? " data-leads-on" : ""}><main>` +
    `<h1>${escapeHtml(session.shop_name ?? heading)}</h1>${element}${htmlOf(back)}</main></body></html>`
  );
}

/** Drops an outdated notice: the address keeps it when the page reloads after a change of status. */
function holds(notice: Notice, state: ViewState): boolean {
  return notice === "notRenewed" ? canRenew(state) : notice === whyNotCanceled(state);
}

/**
 * Chooses the first requested language that the view has.
 *
 * @param asked value of `Accept-Language`, or a single language
 */
export function languageOf(asked: string | undefined): string {
  const wanted = (asked ?? "").split(",").map((part) => part.split(";")[0]?.trim() ?? "");
  return wanted.find((one) => /^[a-z]{2,3}([-_]\w+)*$/i.test(one) && primaryOf(one) in ALL_TEXTS) ?? "en";
}
