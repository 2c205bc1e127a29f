import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { build } from "esbuild";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import type { Locator } from "playwright-core";
import type { Session, Shopper } from "../../store/kit/shopper";
import { startTestStore, type TestStore } from "../../store/kit/store";
import { Visitors } from "../visitors";

const root = resolve(__dirname, "../../..");
const REACT_APP = `
  import { createElement, useState } from "react";
  import { createRoot } from "react-dom/client";
  import { SeqrPayment, useSeqrPayment } from "medusa-payment-seqr-view/react";
  const { session, hook } = window.given;
  function Own() {
    const { state, payment, session: shown, cancel } = useSeqrPayment(session);
    return createElement("div", { id: "own" },
      createElement("output", null, state + " " + (payment?.amount ?? "") + " " + (shown?.shop_name ?? "")),
      createElement("button", { onClick: () => void cancel() }, "Stop"));
  }
  function App() {
    const [paid, setPaid] = useState("");
    return createElement("div", null,
      createElement(SeqrPayment, { session, language: "en", texts: { cancel: "Stop <b>it</b>" },
        onStateChange: ({ state }) => window.events.push(state), onPaid: ({ orderId }) => setPaid(orderId) }),
      createElement("output", { id: "paid" }, paid));
  }
  createRoot(document.getElementById("root")).render(createElement(hook ? Own : App));
`;

/** Ways in which a storefront shows the payment. */
export interface Shown {
  /** More than one shows several views on one page. */
  sessions: Session[];
  /** Give the sessions' data as a property instead of the token as an attribute. */
  asProperty?: boolean;
  attributes?: string;
  react?: "component" | "hook";
  language?: string;
}

/** A store, a storefront on another origin with the strictest policy that works, and a browser. */
export class Viewing {
  readonly #pages = new Map<string, Shown>();

  private constructor(
    readonly store: TestStore,
    readonly visitors: Visitors,
    private readonly storefront: Server,
    private readonly react: string,
  ) {
    storefront.on("request", ({ url = "" }, answer) => {
      const { pathname, searchParams } = new URL(url, "http://storefront");
      if (pathname === "/host.js")
        answer.setHeader("content-type", "text/javascript").end(this.#hostScript(searchParams));
      else if (pathname === "/react.js") answer.setHeader("content-type", "text/javascript").end(this.react);
      else if (this.#pages.has(pathname)) {
        answer.setHeader("content-type", "text/html; charset=utf-8");
        answer.setHeader("content-security-policy", this.#policy());
        answer.end(this.#page(pathname));
      } else answer.writeHead(404).end();
    });
  }

  static async open(): Promise<Viewing> {
    const store = await startTestStore();
    const bundled = await build({
      stdin: { contents: REACT_APP, resolveDir: root },
      bundle: true,
      write: false,
      format: "esm",
      minify: true,
      define: { "process.env.NODE_ENV": '"production"' },
    });
    const storefront = createServer();
    await new Promise<void>((done) => storefront.listen(0, "127.0.0.1", done));
    return new Viewing(store, await Visitors.open(), storefront, bundled.outputFiles[0]?.text ?? "");
  }

  async close(): Promise<void> {
    await this.visitors.close();
    this.storefront.closeAllConnections();
    await new Promise((done) => this.storefront.close(done));
    await this.store.stop();
  }

  /** A shopper at the checkout, with an open payment. */
  async checkout(): Promise<{ shopper: Shopper; session: Session }> {
    const shopper = this.store.shopper();
    await shopper.fillCart({ MUG: 1 });
    return { shopper, session: await shopper.startPayment() };
  }

  /** The address of a storefront's page that shows payments. */
  address(shown: Shown): string {
    const path = `/checkout/${this.#pages.size + 1}`;
    this.#pages.set(path, shown);
    const { port } = this.storefront.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** Lets the time to pay end soon: the ledger's and SEQR's. */
  async letExpireIn(session: Session, seconds: number): Promise<void> {
    await this.store.sql(
      `update seqr_invoice set expires_at = now() + make_interval(secs => $2), viewed_at = null where session_id = $1`,
      [session.id, seconds],
    );
  }

  /** Nothing but the store's server and the page's own scripts; no style sheet at all. */
  #policy(): string {
    const { url } = this.store.server;
    return (
      `default-src 'none'; script-src 'self' ${url}; connect-src ${url}; base-uri 'none'; form-action 'none'; ` +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
  }

  #hostScript(query: URLSearchParams): string {
    const { sessions = [], asProperty, react } = this.#pages.get(query.get("page") ?? "") ?? {};
    const data = JSON.stringify(sessions.map((session) => session.data));
    const events = `window.events = []; window.details = []; window.renewed = [];
      document.addEventListener("seqr-renewed", ({ detail }) => renewed.push(detail.session.token));
      document.addEventListener("seqr-state", ({ detail }) => { events.push(detail.state); details.push(detail); });`;
    if (react) return `${events} window.given = { session: ${data}[0], hook: ${react === "hook"} };`;
    return asProperty
      ? `${events} document.querySelectorAll("seqr-payment").forEach((view, at) => { view.session = ${data}[at]; });`
      : events;
  }

  #page(path: string): string {
    const { sessions, asProperty, attributes = "", react, language = "en" } = this.#pages.get(path) as Shown;
    const script = `${this.store.server.url}/seqr/payment-view/payment-view.js`;
    const views = sessions.map(
      ({ data }) =>
        `<seqr-payment ${attributes} ${asProperty ? "" : `token="${data.token}"`}></seqr-payment>`,
    );
    // The host's own script comes first: what it sets must be found later.
    return (
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>Checkout</title>` +
      `<meta name="viewport" content="width=device-width, initial-scale=1">` +
      `<script src="/host.js?page=${path}" defer></script>` +
      (react
        ? `<script type="module" src="/react.js"></script></head><body><main><h1>Till</h1><div id="root"></div>`
        : `<script type="module" src="${script}"></script></head><body><main><h1>Till</h1>${views.join("")}`) +
      `</main></body></html>`
    );
  }
}

/** The text of a QR code, read off the screen. */
export async function readCode(code: Locator): Promise<string | undefined> {
  const { data, width, height } = PNG.sync.read(await code.screenshot());
  return jsQR(new Uint8ClampedArray(data), width, height)?.data;
}
