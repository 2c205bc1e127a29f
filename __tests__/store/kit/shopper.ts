import type { SeqrSessionData } from "../../../src/modules/seqr/invoice/session-data";
import type { ShopperPayment } from "../../../src/shopper/shopper-payment";
import type { Seeded } from "../../../testkit/store";
import { send, until } from "../../../testkit/http";
import { CANARY } from "./secrets";

export interface Cart {
  id: string;
  total: number;
  completed_at?: string | null;
  items: { id: string; quantity: number }[];
  payment_collection?: { id: string; amount: number; payment_sessions?: Session[] };
}

export interface Session {
  id: string;
  provider_id: string;
  status: string;
  amount: number;
  data: SeqrSessionData & Record<string, unknown>;
}

export interface Order {
  id: string;
  display_id: number;
  total: number;
}

export type Completed =
  { type: "order"; order: Order } | { type: "cart"; cart: Cart; error: { type: string; message: string } };

/** A shopper with a cart, who uses nothing but the storefront's API. */
export class Shopper {
  #cart: Cart | undefined;

  constructor(
    readonly url: string,
    readonly seeded: Seeded,
    readonly email: string = CANARY.email,
  ) {}

  get cartId(): string {
    if (!this.#cart) throw new Error("no cart yet");
    return this.#cart.id;
  }

  store<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { "x-publishable-api-key": this.seeded.publishable_key };
    return send<T>(method, `${this.url}/store${path}`, { headers, body });
  }

  /** A cart with items, by SKU, that is ready to be paid. */
  async fillCart(
    items: Record<string, number> = { MUG: 2, "NOTE-A5": 1 },
    regionId = this.seeded.region_id,
  ): Promise<Cart> {
    const country_code = regionId === this.seeded.region_id ? "se" : "fi";
    const address = {
      first_name: "Astrid",
      last_name: "Berg",
      address_1: "Storgatan 1",
      postal_code: "111 22",
      city: "Stockholm",
      country_code,
    };
    const { cart } = await this.store<{ cart: Cart }>("POST", "/carts", {
      region_id: regionId,
      email: this.email,
      shipping_address: address,
      billing_address: address,
      items: Object.entries(items).map(([sku, quantity]) => ({
        variant_id: this.seeded.variants[sku],
        quantity,
      })),
    });
    this.#cart = cart;
    if (Object.keys(items).length > 0) await this.chooseShipping();
    return this.cart();
  }

  async chooseShipping(name = "Parcel to pick-up point"): Promise<void> {
    const { shipping_options } = await this.store<{ shipping_options: { id: string; name: string }[] }>(
      "GET",
      `/shipping-options?cart_id=${this.cartId}`,
    );
    const option = shipping_options.find((candidate) => candidate.name === name);
    await this.store("POST", `/carts/${this.cartId}/shipping-methods`, { option_id: option?.id });
  }

  async cart(): Promise<Cart> {
    const { cart } = await this.store<{ cart: Cart }>("GET", `/carts/${this.cartId}`);
    this.#cart = cart;
    return cart;
  }

  addItem(sku: string, quantity = 1): Promise<unknown> {
    return this.store("POST", `/carts/${this.cartId}/line-items`, {
      variant_id: this.seeded.variants[sku],
      quantity,
    });
  }

  /** Chooses a payment method; gives the session that it makes. */
  async startPayment(provider_id = "pp_seqr_seqr", data: Record<string, unknown> = {}): Promise<Session> {
    const collectionId =
      this.#cart?.payment_collection?.id ??
      (
        await this.store<{ payment_collection: { id: string } }>("POST", "/payment-collections", {
          cart_id: this.cartId,
        })
      ).payment_collection.id;
    const { payment_collection } = await this.store<{ payment_collection: { payment_sessions: Session[] } }>(
      "POST",
      `/payment-collections/${collectionId}/payment-sessions`,
      { provider_id, data },
    );
    await this.cart();
    const session = payment_collection.payment_sessions.find(
      (candidate) => candidate.provider_id === provider_id,
    );
    if (!session) throw new Error("no session");
    return session;
  }

  /** The open session, as the cart shows it. */
  async session(): Promise<Session | undefined> {
    return (await this.cart()).payment_collection?.payment_sessions?.[0];
  }

  /** The same shopper, whose next requests reach another server of the store. */
  at(url: string): Shopper {
    const there = new Shopper(url, this.seeded, this.email);
    there.#cart = this.#cart;
    return there;
  }

  complete(): Promise<Completed> {
    return this.store<Completed>("POST", `/carts/${this.cartId}/complete`);
  }

  status(session: Session): Promise<ShopperPayment> {
    return send<ShopperPayment>("GET", `${session.data.page_url}/status`);
  }

  /** Waits as the payment page does. */
  async statusBecomes(
    session: Session,
    status: ShopperPayment["status"],
    seconds = 60,
  ): Promise<ShopperPayment> {
    return until(
      () => this.status(session),
      (payment) => payment.status === status,
      { seconds },
    );
  }
}
