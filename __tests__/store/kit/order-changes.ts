import type { Seeded } from "../../../testkit/store";
import type { Staff } from "./staff";

interface Item {
  id: string;
  quantity: number;
}

/** What staff do with an order after it was placed, with the admin's API. */
export class OrderChanges {
  constructor(
    private readonly staff: Staff,
    private readonly seeded: Seeded,
    private readonly orderId: string,
  ) {}

  /** Ships everything: only what was shipped can come back. */
  async ship(): Promise<void> {
    const items = (await this.#items()).map(({ id, quantity }) => ({ id, quantity }));
    await this.#post(`/orders/${this.orderId}/fulfillments`, { items, location_id: this.seeded.location_id });
  }

  /** Requests the return of one piece. @returns how to receive it */
  async requestReturn(): Promise<() => Promise<void>> {
    const items = [{ id: await this.#itemOfSeveral(), quantity: 1 }];
    const { return: requested } = await this.#post<{ return: { id: string } }>("/returns", {
      order_id: this.orderId,
      location_id: this.seeded.location_id,
    });
    const path = `/returns/${requested.id}`;
    await this.#post(`${path}/request-items`, { items });
    await this.#post(`${path}/request`);
    return async () => {
      await this.#post(`${path}/receive`);
      await this.#post(`${path}/receive-items`, { items });
      await this.#post(`${path}/receive/confirm`);
    };
  }

  /** Takes one piece back, and sends others for it. */
  async exchange(sku: string, quantity: number): Promise<void> {
    const { exchange } = await this.#post<{ exchange: { id: string } }>("/exchanges", {
      order_id: this.orderId,
    });
    const path = `/exchanges/${exchange.id}`;
    await this.#post(`${path}/inbound/items`, { items: [{ id: await this.#itemOfSeveral(), quantity: 1 }] });
    await this.#post(`${path}/outbound/items`, {
      items: [{ variant_id: this.seeded.variants[sku], quantity }],
    });
    await this.#post(`${path}/request`);
  }

  /** Changes how many pieces are bought of the item that was bought more than once. */
  async edit(quantity: number): Promise<void> {
    const path = `/order-edits/${this.orderId}`;
    const item = await this.#itemOfSeveral();
    await this.#post("/order-edits", { order_id: this.orderId });
    await this.#post(`${path}/items/item/${item}`, { quantity });
    await this.#post(`${path}/confirm`);
  }

  async #itemOfSeveral(): Promise<string> {
    // Medusa gives the items in any order.
    const item = (await this.#items()).find(({ quantity }) => quantity > 1);
    if (!item) throw new Error("no item was bought more than once");
    return item.id;
  }

  async #items(): Promise<Item[]> {
    const { order } = await this.staff.admin<{ order: { items: Item[] } }>("GET", `/orders/${this.orderId}`);
    return order.items;
  }

  #post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.staff.admin<Answer>("POST", path, body);
  }
}
