import type { Content } from "./drawing";
import { primaryOf } from "./format";
import { escapeHtml, htmlOf } from "./html";
import { LOOK } from "./styles";
import { actionOf, buttonOf, headOf, stageOf, timeOf, wordsOf, type View } from "./templates";
import type { Payment, Session } from "./payment";
import { BACK_TO_SHOP } from "./page-texts";
import { ALL_TEXTS } from "./locales/all";
import type { Notice } from "./locales/texts";
import { canRenew, isEnd, isFinal, showsCode, viewState, whyNotCanceled, type ViewState } from "./view-state";

/** Seconds after which the page loads itself again; its script takes that away once the view hears from the server. */
const REFRESH = 5;
/** The same once the code cannot be paid: there may be a newer one, or a payment that turns up late. */
const REFRESH_ENDED = 15;

const PAGE_LOOK = `body{margin:0;padding:1rem;background:#f3f3f3}h1{max-width:44rem;margin:0 auto .75rem;font:600 1rem/1.5 system-ui,sans-serif;color:#1c1c1c}.back{max-width:44rem;margin:1rem auto 0;font:1rem/1.5 system-ui,sans-serif}.back a{display:inline-block;padding:.625rem 0;color:#00695c}@media print{body{background:none}.back{display:none}}${LOOK}`;

/** The page of a payment: complete without any script; with scripts, the element takes its place. */
export interface Page {
  /** Both are missing when there is no such payment. */
  session?: Session;
  payment?: Payment;
  /** As `languageOf` chose it. */
  language: string;
  /** Addresses of the page's scripts. */
  scripts: string[];
  /** Where the forms are sent. */
  cancelUrl?: string;
  renewUrl?: string;
  /** Leads back to the shop. */
  shopUrl?: string | undefined;
  /** Whether the page has to be loaded again once the payment is decided, since it then leads on to the shop. */
  leadsOn?: boolean;
  /** Goes into the Content-Security-Policy as well. */
  nonce: string;
  /** Why something was refused: said until the payment has gone on from there. */
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
    `<title>${escapeHtml(heading)}</title><style nonce="${nonce}">${PAGE_LOOK}</style>` +
    `${tags.join("")}</head><body${page.leadsOn ? " data-leads-on" : ""}><main>` +
    `<h1>${escapeHtml(session.shop_name ?? heading)}</h1>${element}${htmlOf(back)}</main></body></html>`
  );
}

/** The address of a page keeps its notice, also when it loads itself again later and the payment has gone on. */
function holds(notice: Notice, state: ViewState): boolean {
  return notice === "notRenewed" ? canRenew(state) : notice === whyNotCanceled(state);
}

/**
 * The first language that the shopper asks for and that there is.
 *
 * @param asked as in `Accept-Language`, or a single language
 */
export function languageOf(asked: string | undefined): string {
  const wanted = (asked ?? "").split(",").map((part) => part.split(";")[0]?.trim() ?? "");
  return wanted.find((one) => /^[a-z]{2,3}([-_]\w+)*$/i.test(one) && primaryOf(one) in ALL_TEXTS) ?? "en";
}
