import type { InvoiceRecord } from "../../src/modules/seqr/public";
import { SandboxError } from "../../src/sandbox/errors";
import { fromHundredths } from "../../src/seqr";
import { processPaymentAndWait } from "../../src/processing/process-payment";
import type { Cart, Collection, Session } from "./accounts";
import { compareExactly, inHundredths } from "./exact";
import type { Server } from "./server";
import type { World } from "./world";
import { recordPageView } from "../../src/modules/seqr/operations/record-page-view";
import { cancelInvoice } from "../../src/modules/seqr/operations/cancel-invoice";
import { findByToken } from "../../src/modules/seqr/ledger/find-invoice";

/** A code that the shopper has seen, and the key to its status. */
interface Code {
  reference: string;
  token: string;
}

/** What the shopper does with the phone, and how often beside the others. */
const ON_THE_PHONE = {
  pays: 62,
  pays_slowly: 8,
  pays_at_the_end: 7,
  declines: 4,
  cancels: 4,
  goes_back: 3,
  never_pays: 5,
} as const;

/** Somebody who buys something, with a browser and a phone. */
export class Shopper {
  readonly collectionId: string;
  readonly #cartId: string | undefined;
  /** Every code that was shown, newest last. */
  readonly #codes: Code[] = [];
  #isPageOpen = false;

  /** @param extra what is to be paid for an order that was changed; left out, somebody new comes to the shop */
  constructor(
    private readonly world: World,
    extra?: Collection,
  ) {
    const { accounts, runContext } = world;
    const { random } = runContext;
    if (extra) {
      this.collectionId = extra.id;
      this.#cartId = extra.cartId;
      return;
    }
    const amount = this.#amount();
    const collection: Collection = {
      ...{ id: accounts.id("pay_col"), amount },
      cartId: undefined,
      orderId: undefined,
    };
    accounts.collections.set(collection.id, collection);
    this.collectionId = collection.id;
    if (random.chance(0.03)) {
      // The order exists and was changed: the difference is paid, and there is no cart.
      const order = {
        ...{ id: accounts.id("order"), cartId: undefined, total: amount, placed: amount },
        canceled: false,
        isLinkedToPayments: true,
        entries: [],
        placedAt: new Date(runContext.timeline.now()),
      };
      accounts.orders.set(order.id, order);
      collection.orderId = order.id;
      return;
    }
    const cart = {
      ...{ id: accounts.id("cart"), total: amount, credit: "0.00", collectionId: collection.id },
      ...{ orderId: undefined, stumbled: false, changedAt: runContext.timeline.now() },
      soldOut: random.chance(0.04),
      hiccups: random.chance(0.03) ? random.between(1, 15) : 0,
    };
    accounts.carts.set(cart.id, cart);
    collection.cartId = cart.id;
    this.#cartId = cart.id;
    if (random.chance(0.04))
      runContext.timeline.after(random.between(1, 30_000), () => (cart.soldOut = true));
    // A discount that ends, a tax that changes: no request tells anybody.
    if (random.chance(0.03)) runContext.timeline.after(random.between(1, 30_000), () => this.#reprice(cart));
  }

  #reprice(cart: Cart): void {
    if (cart.orderId !== undefined) return;
    Object.assign(cart, { total: this.#amount(), changedAt: this.world.runContext.timeline.now() });
  }

  async visit(): Promise<void> {
    const { random } = this.world.runContext;
    await this.#start();
    const browsing = this.#browse();
    if (random.chance(0.6)) void this.#watchPage();
    await this.#usePhone();
    await browsing;
    this.#isPageOpen = false;
    if (this.world.runContext.happens("startsAgain")) await this.#start();
  }

  /** Shows a code; tries a few times. */
  async #start(): Promise<void> {
    const { world } = this;
    const { random } = world.runContext;
    for (let tries = 0; tries < 3; tries++) {
      const again = world.runContext.happens("twice") ? this.#startOnceMore() : undefined;
      const shown = await this.#startOnce("seqr");
      const shownToo = await again;
      if (shown || shownToo) return;
      await world.sleep(random.between(1_000, 8_000));
    }
  }

  /** @returns whether there is a code */
  async #startOnce(provider: Session["provider"]): Promise<boolean> {
    const { world } = this;
    world.runContext.count("starts");
    const session = await world.request("start", ({ medusa }) => {
      const amount = world.accounts.collections.get(this.collectionId)?.amount ?? "0.00";
      return medusa.startPayment(this.collectionId, provider, amount);
    });
    return this.#show(session);
  }

  /** A second click, a second tab, React's strict mode; in the other tab another method may be chosen. */
  async #startOnceMore(): Promise<boolean> {
    const { runContext } = this.world;
    runContext.count("starts_at_once");
    await this.world.sleep(runContext.random.between(0, 100));
    return this.#startOnce(runContext.happens("otherwise") ? "other" : "seqr");
  }

  /** The button of the page. */
  async #renew(): Promise<void> {
    this.world.runContext.count("renews");
    const session = await this.world.request("renew", ({ medusa }) => medusa.renew(this.collectionId));
    this.#show(session);
  }

  #show(session: Session | undefined): boolean {
    const { invoice_reference: reference, token } = session?.data ?? {};
    if (typeof reference !== "string" || typeof token !== "string") return false;
    this.#codes.push({ reference, token });
    return true;
  }

  /** What the browser does while the phone is used, or after. */
  async #browse(): Promise<void> {
    const { random } = this.world.runContext;
    await this.world.sleep(random.between(1_000, 30_000));
    const cartId = this.#cartId;
    if (random.chance(0.12)) await this.#start();
    if (this.world.runContext.happens("renews")) {
      const other = random.chance(0.3) ? this.#startOnce("seqr") : undefined;
      await this.#renew();
      await other;
    }
    if (cartId === undefined) return;
    if (this.world.runContext.happens("credit")) await this.#payWithCredit(cartId);
    if (random.chance(0.1)) await this.#changeCart(cartId);
    if (random.chance(0.06)) await this.#cancelOnPage();
    if (random.chance(0.06)) await this.#payOtherwise(cartId);
    if (random.chance(0.1)) await this.#complete(cartId);
  }

  async #watchPage(): Promise<void> {
    const { world } = this;
    this.#isPageOpen = true;
    const closes = world.runContext.timeline.now() + world.runContext.random.between(2_000, 40_000);
    while (this.#isPageOpen && world.runContext.timeline.now() < closes) {
      const seen = await this.#ask("page", (server, invoice) => recordPageView(server.seqr, invoice));
      if (seen !== undefined && seen !== "open") return;
      await world.sleep(3_000);
    }
  }

  async #usePhone(): Promise<void> {
    const { random } = this.world.runContext;
    const does = random.weighted(ON_THE_PHONE);
    this.world.runContext.count(`phone_${does}`);
    if (does === "never_pays") return;
    await this.world.sleep(
      does === "pays_at_the_end"
        ? Math.max(0, this.world.lifetime * 1_000 + random.between(-4_000, 1_500))
        : random.between(2_000, 25_000),
    );
    const code = random.chance(0.9) ? this.#codes.at(-1) : this.#codes[0];
    if (!code) return;
    try {
      await this.#act(code.reference, does);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      this.world.runContext.count("phone_refused");
    }
  }

  async #act(reference: string, does: Exclude<keyof typeof ON_THE_PHONE, "never_pays">): Promise<void> {
    const { world } = this;
    const { random } = world.runContext;
    const { phone } = world.core;
    phone.scan(reference);
    await world.sleep(random.between(500, 4_000));
    if (does === "declines") return void phone.decline(reference);
    if (does === "cancels") return void phone.cancel(reference);
    if (this.world.runContext.happens("cancelsWhilePaying")) {
      void this.#cancelOnPage();
      await world.sleep(random.between(0, 3_000));
    }
    phone.beginPay(reference);
    // In another tab, just now: what is being deleted there is being paid here.
    const elsewhere = random.chance(0.06) && this.#cartId ? this.#payOtherwise(this.#cartId) : undefined;
    await world.sleep(does === "pays_slowly" ? random.between(5_000, 60_000) : random.between(100, 2_000));
    await elsewhere;
    if (does === "goes_back") return void phone.finishPay(reference, "aborted");
    phone.finishPay(reference);
    world.runContext.count("payments_made");
    const cartId = this.#cartId;
    if (random.chance(0.1)) await this.#rush(cartId);
    if (random.chance(0.25)) await this.#returnFromApp();
    if (cartId !== undefined && random.chance(0.25)) {
      await world.sleep(random.between(1, 3_000));
      await this.#complete(cartId);
    }
  }

  /** Everybody learns of the payment at once, and asks different servers. */
  async #rush(cartId: string | undefined): Promise<void> {
    const complete = (): Promise<void> => (cartId === undefined ? Promise.resolve() : this.#complete(cartId));
    await Promise.all([complete(), this.#returnFromApp(), complete(), this.#returnFromApp(), complete()]);
  }

  async #returnFromApp(): Promise<void> {
    await this.#ask("browser", (server, invoice) =>
      processPaymentAndWait(server.context, invoice, "browser"),
    );
  }

  async #cancelOnPage(): Promise<void> {
    this.world.runContext.count("cancels_on_page");
    await this.#ask("cancel", async (server, invoice) => {
      if ((await cancelInvoice(server.seqr, invoice, "shopper")) === "paying") {
        await processPaymentAndWait(server.context, invoice, "cancellation");
      }
    });
  }

  async #changeCart(cartId: string): Promise<void> {
    this.world.runContext.count("cart_changes");
    const total = this.#amount();
    await this.world.request("change", ({ medusa }) => medusa.changeCart(cartId, total));
    if (this.world.runContext.random.chance(0.7)) await this.#start();
  }

  /** A gift card is found while the code is shown: it covers everything, and the order is placed; or a part. */
  async #payWithCredit(cartId: string): Promise<void> {
    const { world } = this;
    const { random } = world.runContext;
    const total = world.accounts.carts.get(cartId)?.total ?? "0.00";
    if (compareExactly(total, "0") <= 0) return;
    const coversAll = random.chance(0.6);
    const credit = coversAll ? total : inHundredths(String(Number(total) / 4));
    world.runContext.count("credits");
    await world.request("credit", ({ medusa }) => medusa.giveCredit(cartId, credit));
    if (coversAll) await this.#complete(cartId);
    else if (random.chance(0.5)) await this.#start();
  }

  /** Another way to pay, in another tab: the cart is completed without waiting until SEQR's session is gone. */
  async #payOtherwise(cartId: string): Promise<void> {
    const { world } = this;
    world.runContext.count("pays_otherwise");
    const amount = world.accounts.carts.get(cartId)?.total ?? "0.00";
    const switching = world.request("switch", ({ medusa }) =>
      medusa.startPayment(this.collectionId, "other", amount),
    );
    if (world.runContext.random.chance(0.5)) await world.sleep(100);
    else await switching;
    await this.#complete(cartId);
  }

  async #complete(cartId: string): Promise<void> {
    this.world.runContext.count("storefront_completions");
    await this.world.request("complete", ({ medusa }) => medusa.completeInStorefront(cartId));
  }

  /** A request about the newest code. @returns the state of its invoice before */
  async #ask(
    name: string,
    what: (server: Server, invoice: InvoiceRecord) => Promise<unknown>,
  ): Promise<string | undefined> {
    const token = this.#codes.at(-1)?.token;
    return this.world.request(name, async (server) => {
      const invoice = await findByToken(server.seqr, "shopper", token);
      if (invoice) await what(server, invoice);
      return invoice?.state;
    });
  }

  /** Taxes that are included, and discounts in percent, leave more than two decimals, and halves that nearly are. */
  #amount(): string {
    const { runContext } = this.world;
    const { random } = runContext;
    const amount = fromHundredths(BigInt(random.between(1_000, 50_000)));
    if (!runContext.happens("crooked")) return amount;
    return random.chance(0.5)
      ? `${amount.slice(0, -1)}${random.between(0, 8)}4999999999999952`
      : `${amount}${random.between(1, 9)}`;
  }
}
