import { fill } from "../format";
import { STYLES } from "../styles";
import { actionOf, buttonOf, headOf, stageOf, timeOf, wordsOf, type View } from "../templates";
import type { Session } from "../payment";
import en from "../locales/en";
import type { Texts } from "../locales/texts";
import { isEnd, type ViewState } from "../view-state";
import { draw } from "./dom";
import { textsOf } from "./languages";
import { PaymentControl, type PaymentSource, type Snapshot } from "./payment-controller";

/** Milliseconds within which the page is hidden if the app opens. */
const APP_OPENS = 2_500;
/** Remaining seconds that are announced to screen readers; the other seconds are silent. */
const SPOKEN: readonly number[] = [300, 120, 60];

type Settable = Partial<Pick<SeqrPaymentElement, "session" | "texts">>;

/** Detail of the element's events. */
export interface PaymentEventDetail {
  state: ViewState;
  token: string | undefined;
  /** After the payment. */
  orderId: string | undefined;
  displayId: number | undefined;
  ersReference: string | undefined;
}

/** Events of the element by name, including those of every element. */
export interface SeqrPaymentElementEventMap
  extends HTMLElementEventMap, Record<`seqr-${"state" | ViewState}`, CustomEvent<PaymentEventDetail>> {
  "seqr-renewed": CustomEvent<{ session: Session }>;
}

/** Types `addEventListener` of the element as the browser's elements do. */
interface Listened extends HTMLElement {
  addEventListener<Name extends keyof SeqrPaymentElementEventMap>(
    name: Name,
    listener: (this: SeqrPaymentElement, event: SeqrPaymentElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof SeqrPaymentElementEventMap>(
    name: Name,
    listener: (this: SeqrPaymentElement, event: SeqrPaymentElementEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** A server has no elements, and can still load this file. */
const Base = (globalThis.HTMLElement ?? Object) as unknown as new () => Listened;

/**
 * Shows a payment to the shopper, as `<seqr-payment>`. It takes the payment session's `data` as the property `session`, or
 * the attributes `token` and `backend` (the store's address; default: the origin of the script).
 *
 * Attributes: `language` (default: that of the page), `layout` (`standard` or `small`), `sound` (a short tone after the payment).
 * Properties: `session`, `texts` (the store's own texts).
 * Events: `seqr-state` for every state, and one named after it, such as `seqr-paid`; `seqr-renewed` with the new session.
 */
export class SeqrPaymentElement extends Base {
  static readonly observedAttributes = ["token", "backend", "language", "layout"];

  #session: Partial<Session> | undefined;
  /** Token of the session that the storefront set. */
  #given: string | undefined;
  /** Token of the shown code. */
  #token: string | undefined;
  #ownTexts: Partial<Texts> = {};
  #texts: Texts = en;
  #language = "";
  #control: PaymentControl | undefined;
  #state: ViewState | undefined;
  #drawn = "";
  #title: string | undefined;
  /** Counts the starts, so that a later start ends an earlier one. */
  #run = 0;
  readonly #root = this.attachShadow({ mode: "open" });

  constructor() {
    super();
    // Values that were set before the script was loaded hide the properties, so they are set again.
    const { session, texts } = this;
    delete (this as Settable).session;
    delete (this as Settable).texts;
    Object.assign(this, { session, texts });
  }

  /** `data` of the payment session. */
  get session(): Partial<Session> | undefined {
    return this.#session;
  }
  set session(session: Partial<Session> | undefined) {
    // A storefront that re-renders sets the same session again, also after a newer one has replaced it here.
    if (session && [this.#given, this.#session?.token].includes(session.token)) return;
    this.#given = session?.token;
    this.#session = session;
    void this.#begin();
  }

  /** The store's own texts, which replace the default ones. */
  get texts(): Partial<Texts> {
    return this.#ownTexts;
  }
  set texts(texts: Partial<Texts>) {
    if (texts === this.#ownTexts) return;
    this.#ownTexts = texts;
    void this.#begin();
  }

  /** The state that is shown. */
  get state(): ViewState | undefined {
    return this.#state;
  }

  connectedCallback(): void {
    void this.#begin();
  }

  disconnectedCallback(): void {
    void this.#begin();
    this.#setTitle();
  }

  attributeChangedCallback(): void {
    void this.#begin();
  }

  /** Cancels the invoice and keeps the cart. */
  async cancel(): Promise<void> {
    await this.#control?.cancel();
  }

  /** Requests a new code for the same purchase. */
  async renew(): Promise<void> {
    await this.#control?.renew();
  }

  async #begin(): Promise<void> {
    const run = ++this.#run;
    this.#control?.stop();
    this.#control = undefined;
    const wanted =
      this.getAttribute("language") || this.closest<HTMLElement>("[lang]")?.lang || navigator.language;
    const { language, texts } = await textsOf(wanted);
    // Several changes in one task cause one start.
    if (run !== this.#run || !this.isConnected) return;
    this.#language = language;
    this.#texts = { ...texts, ...this.#ownTexts };
    this.#state = this.#token = undefined;
    this.#drawn = "";
    this.#prepare();
    const backend =
      this.getAttribute("backend") ?? /.+(?=\/seqr\/payment-view\/)/.exec(import.meta.url)?.[0] ?? "";
    const token = this.getAttribute("token");
    const address = token ? backend.replace(/\/*$/, `/seqr/payments/${encodeURIComponent(token)}`) : {};
    this.#control = new PaymentControl(this.#session ?? address, (snapshot) => this.#draw(snapshot));
    this.#draw(this.#control.snapshot);
    this.#control.start();
  }

  /** Draws the permanent elements: live regions must exist before their text changes. */
  #prepare(): void {
    if (this.#root.firstChild) return;
    const style = new CSSStyleSheet();
    style.replaceSync(STYLES);
    this.#root.adoptedStyleSheets = [style];
    draw(this.#root, [
      "section",
      { "aria-labelledby": "h" },
      ["header", { class: "head" }],
      ["h2", { id: "h", class: "heading", tabindex: "-1" }],
      ["p", { class: "text", role: "status" }],
      ["div", { class: "stage" }],
      ["p", { class: "time" }],
      ["div", { class: "actions" }],
    ]);
    this.#root.addEventListener("click", (event) => this.#clicked(event));
  }

  #find(selector: string): HTMLElement {
    return this.#root.querySelector(selector) as HTMLElement;
  }

  #draw(snapshot: Snapshot): void {
    const { state, showsCode, secondsLeft, session, notice, isBusy } = snapshot;
    const before = this.#token;
    this.#token = session.token ?? before;
    // A newer code of the same purchase, whatever caused it.
    if (before && before !== this.#token) {
      this.#session = session;
      this.#emit("seqr-renewed", { session: session as Session });
    }
    const view: View = { ...snapshot, texts: this.#texts, language: this.#language };
    const { heading, text } = wordsOf(view);
    const action = actionOf(view);
    const button = action && buttonOf(action, { type: "button", "data-do": action.name });
    const [head, stage] = [headOf(view), stageOf(view)];
    const section = this.#find("section");
    section.dataset["state"] = state;
    section.lang = this.#language;
    const classes = `view ${this.getAttribute("layout") ?? "standard"}`;
    section.className = classes;
    section.setAttribute("part", classes);
    // Unchanged parts are not redrawn, so that they keep the focus.
    if (this.#drawn !== (this.#drawn = JSON.stringify([head, heading, stage, button]))) {
      draw(this.#find(".head"), ...head);
      draw(this.#find(".heading"), heading);
      draw(this.#find(".stage"), ...stage);
      draw(this.#find(".actions"), button);
    }
    section.ariaBusy = String(isBusy);
    this.#find(".time").textContent = timeOf(view, secondsLeft);
    if (notice) this.#say(this.#texts[notice]);
    else if (state !== this.#state) this.#say(text);
    else if (showsCode && SPOKEN.includes(secondsLeft)) {
      const unit = { style: "unit", unit: "minute", unitDisplay: "long" } as const;
      const time = new Intl.NumberFormat(this.#language, unit).format(secondsLeft / 60);
      this.#say(fill(this.#texts.timeLeft, { time }));
    }
    if (state !== this.#state) this.#changed(snapshot, heading);
  }

  /** Sets a live region's text only when it changes, so that it is not announced twice. */
  #say(text: string): void {
    const place = this.#find(".text");
    if (place.textContent !== text) place.textContent = text;
  }

  #changed({ state, payment, session }: Snapshot, heading: string): void {
    const before = this.#state;
    this.#state = state;
    // The view takes the focus only when the payment has a result.
    if (!isEnd(state)) this.#setTitle();
    else if (before) {
      this.#find(".heading").focus();
      this.#setTitle(heading);
      if (state === "paid" && this.hasAttribute("sound")) void import("./chime").then(({ tone }) => tone());
    }
    const detail: PaymentEventDetail = {
      state,
      token: session.token,
      orderId: payment.order?.id,
      displayId: payment.order?.display_id,
      ersReference: payment.ers_reference,
    };
    this.#emit("seqr-state", detail);
    this.#emit(`seqr-${state}`, detail);
  }

  #emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Adds a prefix to the page's title, or removes it. */
  #setTitle(words?: string): void {
    if (words) this.#title ??= document.title;
    if (this.#title !== undefined) document.title = words ? `${words} – ${this.#title}` : this.#title;
    if (!words) this.#title = undefined;
  }

  #clicked(event: Event): void {
    const { dataset } = (event.target as Element).closest<HTMLElement>("[data-do]") ?? {};
    const what = dataset?.["do"];
    if (what === "cancel" || what === "renew") void this[what]();
    else if (what === "print") print();
    // If no app opens, the page stays visible.
    else if (what) {
      setTimeout(() => {
        const hint = this.#root.querySelector<HTMLElement>(".no-app");
        if (hint) hint.hidden = document.hidden;
      }, APP_OPENS);
    }
  }
}

export { PaymentControl, type PaymentSource, type Session, type Snapshot, type Texts, type ViewState };

if (globalThis.customElements && !customElements.get("seqr-payment"))
  customElements.define("seqr-payment", SeqrPaymentElement);

declare global {
  interface HTMLElementTagNameMap {
    "seqr-payment": SeqrPaymentElement;
  }
}
