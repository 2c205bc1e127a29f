import type { Attributes, Content, Drawing } from "./drawing";
import { clockTime, fill, money, safeLink } from "./format";
import { icon, MARK } from "./icons";
import type { Payment, Session } from "./payment";
import type { Texts } from "./locales/texts";
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
export function headOf(view: View): Drawing[] {
  const { session } = view;
  const src = safeLink(session.logo_url);
  return [
    src ? ["img", { class: "mark", src, alt: "" }] : MARK,
    ["span", { class: "shop" }, session.shop_name],
    ["strong", { class: "amount" }, amountOf(view)],
  ];
}

/** The code and the button, or a picture of the state with what belongs to it. */
export function stageOf(view: View): Drawing[] {
  const { state, showsCode, session, payment, texts } = view;
  if (showsCode) {
    const href = safeLink(session.deep_link);
    const store = (name: string, address?: string): Content => {
      const href = safeLink(address);
      return href && ["a", { href }, name];
    };
    return [
      ["div", { class: "code" }, codeOf(session.qr_svg, texts.code)],
      [
        "div",
        { class: "app" },
        href && ["a", { class: "button open", "data-do": "open", href }, say(view, texts.open)],
        [
          "p",
          { class: "no-app", hidden: "" },
          `${say(view, texts.noApp)} `,
          store("App Store", session.app_store_url),
          store("Google Play", session.play_store_url),
        ],
      ],
      ["p", { class: "scan" }, say(view, texts.scan)],
    ];
  }
  if (state !== "paid" && state !== "clarifying") return [icon(state)];
  const receipt = [
    [texts.order, payment.order?.display_id],
    [texts.amount, amountOf(view)],
    [texts.reference, payment.ers_reference],
  ].flatMap(([name, value]): Drawing[] =>
    value
      ? [
          ["dt", {}, `${name}`],
          ["dd", {}, `${value}`],
        ]
      : [],
  );
  return [icon(state), ["dl", {}, ...receipt]];
}

/** Draws the code anew from the parts of the document that are a code, so that nothing else can come in with it. */
function codeOf(document = "", name: string): Content {
  const [, viewBox, d] = /viewBox="(0 0 \d+ \d+)"[^]*stroke="#000000" d="([\w .-]+)"/.exec(document) ?? [];
  return viewBox && d
    ? ["svg", { role: "img", "aria-label": name, viewBox, "shape-rendering": "crispEdges" }, ["path", { d }]]
    : undefined;
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
export function buttonOf({ name, label }: Action, more: Attributes): Drawing {
  return ["button", { class: `button ${name}`, ...more }, label];
}
