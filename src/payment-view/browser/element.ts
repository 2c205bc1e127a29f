import { fill } from "../format";
import { LOOK } from "../styles";
import { actionOf, buttonOf, headOf, stageOf, timeOf, wordsOf, type View } from "../templates";
import type { Session } from "../payment";
import en from "../locales/en";
import type { Texts } from "../locales/texts";
import { isEnd, type ViewState } from "../view-state";
import { draw } from "./dom";
import { textsOf } from "./languages";
import { PaymentControl, type PaymentSource, type Snapshot } from "./payment-controller";

/** Milliseconds within which an app that opens hides the page. */
const APP_OPENS = 2_500;
/** Seconds left that are spoken; the time itself ticks silently. */
const SPOKEN: readonly number[] = [300, 120, 60];

type Settable = Partial<Pick<SeqrPaymentElement, "session" | "texts">>;

/** What the element's events carry. */
export interface PaymentEventDetail {
  state: ViewState;
  token: string | undefined;
  /** Once paid. */
  orderId: string | undefined;
  displayId: number | undefined;
  ersReference: string | undefined;
}

/** The events of the element, its own and those of every element, by their names. */
export interface SeqrPaymentElementEventMap
  extends HTMLElementEventMap, Record<`seqr-${"state" | ViewState}`, CustomEvent<PaymentEventDetail>> {
  "seqr-renewed": CustomEvent<{ session: Session }>;
}

/** What `addEventListener` hears of the element, typed as the browser's own elements have it. */
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

/** A server, which draws nothing, has no elements, and can load this file all the same. */
const Base = (globalThis.HTMLElement ?? Object) as unknown as new () => Listened;

/**
 * `<seqr-payment>`: the payment as the shopper sees it. Takes the payment session's `data` as the property `session`, or
 * the attributes `token` and `backend` (the store's address; default: where the script came from).
 *
 * Attributes: `language` (default: that of the page), `layout` (`standard` or `small`), `sound` (a short tone when paid).
 * Properties: `session`, `texts` (words of the store's own).
 * Events: `seqr-state` for every state, and one named for it, such as `seqr-paid`; `seqr-renewed` with the new session.
 */
export class SeqrPaymentElement extends Base {
  static readonly observedAttributes = ["token", "backend", "language", "layout"];

  #session: Partial<Session> | undefined;
  /** Token of the session that the storefront gave. */
  #given: string | undefined;
  /** Of the code that is shown. */
  #token: string | undefined;
  #ownTexts: Partial<Texts> = {};
  #texts: Texts = en;
  #language = "";
  #control: PaymentControl | undefined;
  #state: ViewState | undefined;
  #drawn = "";
  #title: string | undefined;
  /** Counts the beginnings, so that a later one ends an earlier one. */
  #run = 0;
  readonly #root = this.attachShadow({ mode: "open" });

  constructor() {
    super();
    // What was set before the script was there stands before the properties, which are to take it.
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
    // A storefront that draws anew gives the same session again, also when a newer one has taken its place here.
    if (session && [this.#given, this.#session?.token].includes(session.token)) return;
    this.#given = session?.token;
    this.#session = session;
    void this.#begin();
  }

  /** Words of the store's own, in place of ours. */
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

  /** Cancels the payment; the cart stays. */
  async cancel(): Promise<void> {
    await this.#control?.cancel();
  }

  /** Gets a new code for the same purchase. */
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
    // What was set in one go is begun with once.
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

  /** Draws what stays: live regions must be there before something is said in them. */
  #prepare(): void {
    if (this.#root.firstChild) return;
    const style = new CSSStyleSheet();
    style.replaceSync(LOOK);
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
    // A newer code of the same purchase, whoever asked for it.
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
    const look = `view ${this.getAttribute("layout") ?? "standard"}`;
    section.className = look;
    section.setAttribute("part", look);
    // What has not changed stays as it is, with the focus in it.
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

  /** The same words are not said twice. */
  #say(text: string): void {
    const place = this.#find(".text");
    if (place.textContent !== text) place.textContent = text;
  }

  #changed({ state, payment, session }: Snapshot, heading: string): void {
    const before = this.#state;
    this.#state = state;
    // At its end, and only then, the view asks for attention.
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

  /** Puts something before the page's title, or takes it away. */
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
    // Where no app opens, the page stays before the shopper's eyes.
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
