import { clockTime, escapeHtml, fill, money, safeLink } from "./format";
import { icon, MARK } from "./icons";
import type { Payment, Session } from "./payment";
import type { Texts } from "./texts/texts";
import { canRenew, type ViewState } from "./view-state";

/** Everything that the view shows at a moment. */
export interface View {
  state: ViewState;
  showsCode: boolean;
  session: Partial<Session>;
  payment: Partial<Payment>;
  texts: Texts;
  language: string;
}

/** Puts the brand and the amount into a text. */
function say(view: View, text: string): string {
  return fill(text, { brand: view.session.brand_name ?? "SEQR", amount: amountOf(view) });
}

/** The words of a view's state. */
export function wordsOf(view: View): { heading: string; text: string } {
  const { state, texts } = view;
  return { heading: say(view, texts[state]), text: say(view, texts[`${state}Text`]) };
}

function amountOf({ session, payment, language }: View): string {
  const { amount, currency_code } = { ...session, ...payment };
  return amount && currency_code ? money(amount, currency_code, language) : "";
}

/** Shop and amount, in the order in which the app shows them, so that the two screens can be compared. */
export function headOf(view: View): string {
  const { session } = view;
  const logo = safeLink(session.logo_url);
  const mark = logo ? `<img class="mark" src="${escapeHtml(logo)}" alt="">` : MARK;
  return (
    `${mark}<span class="shop">${escapeHtml(session.shop_name ?? "")}</span>` +
    `<strong class="amount">${escapeHtml(amountOf(view))}</strong>`
  );
}

/** The code and the button, or a picture of the state with what belongs to it. */
export function stageOf(view: View): string {
  const { state, showsCode, session, payment, texts } = view;
  if (showsCode) {
    const link = safeLink(session.deep_link);
    const button = link
      ? `<a class="button open" data-do="open" href="${escapeHtml(link)}">${escapeHtml(say(view, texts.open))}</a>`
      : "";
    const stores = [
      ["App Store", safeLink(session.app_store_url)],
      ["Google Play", safeLink(session.play_store_url)],
    ].map(([name, address]) => (address ? `<a href="${escapeHtml(address)}">${name}</a>` : ""));
    return (
      `<div class="code">${codeOf(session.qr_svg, texts.code)}</div>` +
      `<div class="app">${button}<p class="no-app" hidden>${escapeHtml(say(view, texts.noApp))} ${stores.join(" ")}</p></div>` +
      `<p class="scan">${escapeHtml(say(view, texts.scan))}</p>`
    );
  }
  if (state !== "paid" && state !== "clarifying") return icon(state);
  const receipt = [
    [texts.order, payment.order?.display_id],
    [texts.amount, amountOf(view)],
    [texts.reference, payment.ers_reference],
  ].map(([name, value]) =>
    value ? `<dt>${escapeHtml(String(name))}</dt><dd>${escapeHtml(String(value))}</dd>` : "",
  );
  return `${icon(state)}<dl>${receipt.join("")}</dl>`;
}

/** Draws the code anew from the parts of the document that are a code, so that nothing else can come in with it. */
function codeOf(document = "", name: string): string {
  const [, box, dark] = /viewBox="(0 0 \d+ \d+)"[^]*stroke="#000000" d="([\w .-]+)"/.exec(document) ?? [];
  return dark
    ? `<svg role="img" aria-label="${escapeHtml(name)}" viewBox="${box}" shape-rendering="crispEdges"><path d="${dark}"/></svg>`
    : "";
}

/** The time that is left, when there is a time to show. */
export function timeOf({ showsCode, texts }: View, secondsLeft: number): string {
  return showsCode ? fill(texts.timeLeft, { time: clockTime(secondsLeft) }) : "";
}

/** Something that the shopper can do. */
export interface Action {
  name: "cancel" | "renew" | "print";
  label: string;
}

const ACTIONS: Partial<Record<ViewState, Action["name"]>> = { waiting: "cancel", paid: "print" };

/** What can be done. */
export function actionOf({ state, texts }: View): Action | undefined {
  const name = canRenew(state) ? "renew" : ACTIONS[state];
  return name && { name, label: texts[name] };
}

/** A button for it. @param more attributes */
export function buttonOf({ name, label }: Action, more: string): string {
  return `<button class="button ${name}" ${more}>${escapeHtml(label)}</button>`;
}
