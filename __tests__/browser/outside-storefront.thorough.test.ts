import { cp, readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { basename, extname, join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { packView } from "../../testkit/npm";
import { freePort } from "../../testkit/free-port";
import type { Session } from "../store/kit/shopper";
import { startTestStore, type TestStore } from "../store/kit/store";
import { MerchantFolder } from "../store/outside/merchant-folder";
import { typeCheckView } from "../store/outside/type-check";
import { Visitors } from "./visitors";

const root = resolve(__dirname, "../..");
const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript" };

/** The README's lines for the storefront, in a storefront that has nothing to do with this repository. */
describe("a storefront outside this repository", () => {
  let store: TestStore;
  let visitors: Visitors;
  let folder: MerchantFolder;
  let storefront: Server;
  let url: string;
  let readme: string;
  let tarball: string;
  /** What the storefront serves of the folder. */
  let served = "";

  beforeAll(async () => {
    readme = await readFile(join(root, "README.md"), "utf8");
    folder = await MerchantFolder.make();
    storefront = createServer((req, res) => void serve(req.url ?? "", res));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    await new Promise<void>((done) => storefront.listen(port, "127.0.0.1", done));
    store = await startTestStore({ env: { STORE_CORS: url } });
    visitors = await Visitors.open();

    await folder.write("package.json", `{ "name": "storefront", "private": true, "type": "module" }`);
    tarball = await packView(folder.path);
    const others =
      "react@19 react-dom@19 @types/react@19 types-of-react-18@npm:@types/react@18 @medusajs/js-sdk@2.21.2 esbuild@0.28 typescript@5.9";
    await folder.run(`npm install --prefer-offline --no-audit --no-fund ${others} ./${basename(tarball)}`);
  }, 600_000);
  afterAll(async () => {
    await visitors?.close();
    storefront?.closeAllConnections();
    await new Promise((done) => storefront?.close(done));
    await store?.stop();
    await folder?.remove();
  });

  async function serve(path: string, res: ServerResponse): Promise<void> {
    const file = join(served, path.slice(1).replace(/\?.*/, ""));
    const text = /^[\w./-]+$/.test(file) && folder.has(file) ? await folder.read(file) : undefined;
    if (text === undefined) return void res.writeHead(404).end();
    res.setHeader("content-type", TYPES[extname(file)] ?? "text/plain").end(text);
  }

  /** The only piece of code of a page in a language with a word in it. */
  function codeIn(page: string, language: string, word: string): string {
    const blocks = [...page.matchAll(new RegExp(`^ *\`\`\`${language}\n([^]*?)^ *\`\`\``, "gm"))];
    const found = blocks.map(([, code]) => code ?? "").filter((code) => code.includes(word));
    expect(found).toHaveLength(1);
    return found[0] ?? "";
  }

  async function bundle(name: string, source: string): Promise<void> {
    await folder.write(name, source);
    await folder.run(
      `npx esbuild ${name} --bundle --format=esm --jsx=automatic --outdir=. --out-extension:.js=.bundle.js`,
    );
  }

  /** A page on which a React app shows a payment, until it says that it is paid. */
  async function paidInReact(app: string, element: string): Promise<void> {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    const session: Session = await shopper.startPayment();
    await bundle(
      "app.tsx",
      `import { StrictMode } from "react";
       import { createRoot } from "react-dom/client";
       ${app}
       const session = ${JSON.stringify({ data: session.data })};
       const router = { push: (path) => { document.title = path; } };
       createRoot(document.body).render(<StrictMode>${element}</StrictMode>);`,
    );
    await folder.write(
      "react.html",
      `<!doctype html><html lang="en"><title>Shop</title><body></body><script type="module" src="/app.bundle.js"></script>`,
    );
    const page = await visitors.visitor();
    await page.goto(`${url}/react.html`);
    await paidOnScreen(page, () => store.sandbox.phone.pay(session.data.qr_text));
  }

  async function paidOnScreen(page: Page, pay: () => Promise<unknown>): Promise<void> {
    await page.getByRole("heading", { name: "Pay with SEQR" }).waitFor();
    await pay();
    await page.getByRole("heading", { name: "Paid" }).waitFor();
    await page.waitForFunction(() => document.title.includes("order_"));
    expect(visitors.complaints()).toEqual([]);
  }

  /** What a storefront started a payment of. */
  async function payFor(cartId: string): Promise<void> {
    const [invoice] = await store.sql<{ invoice_reference: string }>(
      "select invoice_reference from seqr_invoice where cart_id = $1 and state = 'open'",
      [cartId],
    );
    await store.sandbox.phone.pay(invoice?.invoice_reference ?? "");
  }

  it("gets nothing else with the package", async () => {
    const { packages } = await folder.readJson<{
      packages: Record<string, Record<string, Record<string, unknown>>>;
    }>("package-lock.json");
    const own = packages["node_modules/medusa-payment-seqr-view"];
    expect(own?.["peerDependencies"]).toEqual({ react: expect.any(String) });
    expect(own).not.toHaveProperty("dependencies");
    const files = await folder.files("node_modules/medusa-payment-seqr-view");
    expect(files).toEqual(expect.arrayContaining(["README.md", "LICENSE", "dist/payment-view.js"]));
  });

  it("shows the view by a script tag", async () => {
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    const given = { baseUrl: store.server.url, publishableKey: store.seeded.publishable_key };
    await bundle(
      "checkout.mjs",
      `import Medusa from "@medusajs/js-sdk";
       const sdk = new Medusa(${JSON.stringify(given)});
       const { cart } = await sdk.store.cart.retrieve("${shopper.cartId}");
       const showReceipt = (id) => { document.title = "receipt " + id; };
       ${codeIn(readme, "js", "initiatePaymentSession")}`,
    );
    const tag = codeIn(readme, "html", "<seqr-payment>").replace(
      "https://api.shop.example",
      store.server.url,
    );
    await folder.write(
      "tag.html",
      `<!doctype html><html lang="en"><title>Shop</title>${tag}<script type="module" src="/checkout.bundle.js"></script>`,
    );
    const page = await visitors.visitor();
    await page.goto(`${url}/tag.html`);
    await paidOnScreen(page, () => payFor(shopper.cartId));
  });

  it("shows the view with React 19", async () => {
    const [imports = "", element = ""] = codeIn(readme, "jsx", "SeqrPayment").split("\n\n");
    await paidInReact(imports, element.trim().replace(/;$/, ""));
  });

  it.each(["node16", "bundler", "node10"] as const)("finds the view's types (%s)", async (resolution) => {
    expect(await typeCheckView(folder, resolution)).toBe("");
  });

  it("finds the view's types with those of React 18", async () => {
    expect(await typeCheckView(folder, "bundler", "types-of-react-18")).toBe("");
  });

  it("imports the view on a server, where there is no page", async () => {
    await folder.write(
      "server.mjs",
      `import { SeqrPaymentElement } from "medusa-payment-seqr-view";
       import { createElement } from "react";
       import { renderToString } from "react-dom/server";
       import { SeqrPayment } from "medusa-payment-seqr-view/react";
       console.log(typeof SeqrPaymentElement, renderToString(createElement(SeqrPayment, { token: "t" })));`,
    );
    expect(await folder.run("node server.mjs")).toBe(`function <seqr-payment token="t"></seqr-payment>\n`);
  });

  it.each(["vue", "svelte"])("sells in the example with %s", async (name) => {
    await cp(join(root, "examples", name), join(folder.path, name), { recursive: true });
    await folder.edit(`${name}/package.json`, '"^0.1.0"', `"file:../${basename(tarball)}"`);
    await folder.run(`npm install --prefix ${name} --prefer-offline --no-audit --no-fund`);
    await folder.run(`npm run build --prefix ${name}`, {
      VITE_BACKEND_URL: store.server.url,
      VITE_PUBLISHABLE_KEY: store.seeded.publishable_key,
    });
    const shopper = store.shopper();
    await shopper.fillCart({ MUG: 1 });
    const page = await visitors.visitor();
    served = `${name}/dist`;
    await page.goto(`${url}/index.html?cart=${shopper.cartId}`);
    await page.getByRole("heading", { name: "Pay with SEQR" }).waitFor();
    await payFor(shopper.cartId);
    await page.getByText(/^Thank you! Your order is order_/).waitFor();
    expect(visitors.complaints()).toEqual([]);
  });
});
