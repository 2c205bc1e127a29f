import type { Attributes, Content, ViewNode } from "./view-node";
import { clockTime, fill, money, safeLink } from "./format";
import { icon, MARK } from "./icons";
import type { Payment, Session } from "./payment";
import type { Texts } from "./locales/texts";
import { canRenew, type ViewState } from "./view-state";

/** Everything that the view shows at one time. */
export interface View {
  state: ViewState;
  showsCode: boolean;
  session: Partial<Session>;
  payment: Partial<Payment>;
  texts: Texts;
  language: string;
}

/** Fills the brand and the amount into a text. */
function say(view: View, text: string): string {
  return fill(text, { brand: view.session.brand_name ?? "SEQR", amount: amountOf(view) });
}

/** The texts of a view's state. */
export function wordsOf(view: View): { heading: string; text: string } {
  const { state, texts, payment } = view;
  // SEQR gives the reference when it charges. What it has only reserved has none.
  const isReserved = (state === "paid" || state === "placing") && !payment.ers_reference;
  const heading = isReserved ? "reserved" : state;
  const text = `${isReserved && state === "paid" ? "reserved" : state}Text` as const;
  return { heading: say(view, texts[heading]), text: say(view, texts[text]) };
}

function amountOf({ session, payment, language }: View): string {
  const { amount, currency_code } = { ...session, ...payment };
  return amount && currency_code ? money(amount, currency_code, language) : "";
}

/** Draws shop and amount in the order of the app, so that the shopper can compare the two screens. */
export function headOf(view: View): ViewNode[] {
  const { session } = view;
  const src = safeLink(session.logo_url);
  return [
    src ? ["img", { class: "mark", src, alt: "" }] : MARK,
    ["span", { class: "shop" }, session.shop_name],
    ["strong", { class: "amount" }, amountOf(view)],
  ];
}

/** Draws the code and the button, or the state's icon and its details. */
export function stageOf(view: View): ViewNode[] {
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
  ].flatMap(([name, value]): ViewNode[] =>
    value
      ? [
          ["dt", {}, `${name}`],
          ["dd", {}, `${value}`],
        ]
      : [],
  );
  return [icon(state), ["dl", {}, ...receipt]];
}

/** Redraws the code from the paths of the SVG document, so that nothing else of the document is inserted. */
function codeOf(document = "", name: string): Content {
  const [, viewBox, d] = /viewBox="(0 0 \d+ \d+)"[^]*stroke="#000000" d="([\w .-]+)"/.exec(document) ?? [];
  return viewBox && d
    ? ["svg", { role: "img", "aria-label": name, viewBox, "shape-rendering": "crispEdges" }, ["path", { d }]]
    : undefined;
}

/** The remaining time, if the state has one. */
export function timeOf({ showsCode, texts }: View, secondsLeft: number): string {
  return showsCode ? fill(texts.timeLeft, { time: clockTime(secondsLeft) }) : "";
}

/** An action of the shopper. */
export interface Action {
  name: "cancel" | "renew" | "print";
  label: string;
}

const ACTIONS: Partial<Record<ViewState, Action["name"]>> = { waiting: "cancel", paid: "print" };

/** Chooses the action that the state allows. */
export function actionOf({ state, payment, texts }: View): Action | undefined {
  const name = !canRenew(state) ? ACTIONS[state] : payment.can_renew === false ? undefined : "renew";
  return name && { name, label: texts[name] };
}

/** Draws the action's button. @param more attributes */
export function buttonOf({ name, label }: Action, more: Attributes): ViewNode {
  return ["button", { class: `button ${name}`, ...more }, label];
}
