import {
  EventStreamHub,
  type PaymentSource,
  type Followed,
  type EventStream,
} from "../../../src/api/event-stream/event-stream-hub";
import type { ShopperPayment } from "../../../src/shopper/shopper-payment";

const payment = (more: Partial<ShopperPayment> = {}): ShopperPayment => ({
  status: "waiting",
  amount: "100.00",
  currency_code: "SEK",
  expires_at: "2030-01-01T12:05:00.000Z",
  expires_in: 300,
  cart_id: "cart_1",
  ...more,
});

/** A browser that writes down what it gets. */
class Browser implements EventStream {
  text = "";
  isEnded = false;
  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.isEnded = true;
  }
  get statuses(): string[] {
    return [...this.text.matchAll(/^data: (\{.*\})$/gm)].map(
      ([, json]) => (JSON.parse(json ?? "") as ShopperPayment).status,
    );
  }
  get lastId(): string | undefined {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1];
  }
}

describe("the feed of payments", () => {
  let payments: Map<string, ShopperPayment>;
  let listeners: Map<string, Set<() => void>>;
  let reads: number;
  let viewed: string[][];
  let answer: () => Promise<void>;
  let feed: EventStreamHub;
  const closing: (() => void)[] = [];

  beforeEach(() => {
    jest.useFakeTimers();
    payments = new Map([["one", payment()]]);
    listeners = new Map();
    reads = 0;
    viewed = [];
    answer = () => Promise.resolve();
    const source: PaymentSource = {
      read: async (id) => {
        reads += 1;
        const found = payments.get(id);
        await answer();
        return found;
      },
      watch: (id, changed) => {
        listeners.set(id, (listeners.get(id) ?? new Set()).add(changed));
        return () => void listeners.get(id)?.delete(changed);
      },
      viewed: (ids) => Promise.resolve(void viewed.push(ids)),
    };
    feed = new EventStreamHub(source);
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
    jest.useRealTimers();
  });

  /** Two codes of one purchase begin with the same word: "one" and "one, newer". */
  const purchaseOf = (id: string): string => `purchase of ${id.split(",")[0]}`;
  const followed = (id: string): Followed => ({ id, payment_collection_id: purchaseOf(id) });
  const open = async (id = "one", lastEventId?: string): Promise<Browser & { close(): void }> => {
    const browser = new Browser();
    const close = await feed.open(followed(id), browser, lastEventId);
    closing.push(close);
    return Object.assign(browser, { close });
  };
  const change = async (id: string, more: Partial<ShopperPayment>): Promise<void> => {
    payments.set(id, payment(more));
    for (const changed of listeners.get(purchaseOf(id)) ?? []) changed();
    await jest.advanceTimersByTimeAsync(0);
  };

  it("begins with the payment as it is, and tells every page of each change", async () => {
    const [one, other] = [await open(), await open()];
    await change("one", { status: "checking" });
    await change("one", { status: "paid" });
    for (const browser of [one, other]) expect(browser.statuses).toEqual(["waiting", "checking", "paid"]);
  });

  it("reads a payment once per change, however many pages show it", async () => {
    for (let page = 0; page < 100; page++) await open();
    expect(reads).toBe(1);
    await change("one", { status: "paid" });
    expect(reads).toBe(2);
  });

  it("says nothing when nothing has changed that a shopper sees", async () => {
    const browser = await open();
    await change("one", { expires_in: 290 });
    expect(browser.statuses).toEqual(["waiting"]);
  });

  it("does not say again what a browser has seen, with the same id on every server", async () => {
    const { lastId } = await open();
    const again = await open("one", lastId);
    expect(again.statuses).toEqual([]);
    expect(again.text).toContain("event: ping");
    expect((await open("one", "another")).statuses).toEqual(["waiting"]);
  });

  it("misses no change that comes during a reading", async () => {
    let goOn = (): void => undefined;
    answer = () => new Promise((resolve) => (goOn = resolve));
    const opening = open();
    await jest.advanceTimersByTimeAsync(0);
    payments.set("one", payment({ status: "paid" }));
    for (const changed of listeners.get(purchaseOf("one")) ?? []) changed();
    answer = () => Promise.resolve();
    goOn();
    expect((await opening).statuses.at(-1)).toBe("paid");
  });

  it("tells a page of one code what becomes of another code of the same purchase", async () => {
    const browser = await open("one");
    payments.set("one", payment({ status: "paid" }));
    await change("one, newer", { status: "paid" });
    expect(browser.statuses).toEqual(["waiting", "paid"]);
  });

  it("polls again while a code is being made, because no event announces it", async () => {
    payments.set("one", payment({ status: "preparing" }));
    payments.set("two", payment({ status: "canceled" }));
    const [browser] = [await open("one"), await open("two")];
    payments.set("one", payment({ status: "superseded" }));
    reads = 0;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(browser.statuses).toEqual(["preparing", "superseded"]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reads).toBe(1);
  });

  describe("for many pages of one payment", () => {
    it("is full with 120, for this payment alone, until one of them is closed", async () => {
      payments.set("two", payment());
      const pages = [];
      for (let page = 0; page < 120; page++) {
        expect(feed.isFull(followed("one"))).toBe(false);
        pages.push(await open());
      }
      expect([feed.isFull(followed("one")), feed.isFull(followed("two"))]).toEqual([true, false]);
      pages[60]?.close();
      // Closed is closed, however often it is said.
      pages[60]?.close();
      expect(feed.isFull(followed("one"))).toBe(false);
      await open();
      expect(feed.isFull(followed("one"))).toBe(true);
      for (const page of pages) page.close();
      expect(feed.isFull(followed("one"))).toBe(false);
    });

    it("counts those that are still being opened, and forgets those that failed", async () => {
      let fail = (): void => undefined;
      answer = () => new Promise((_, reject) => (fail = () => reject(new Error("the database is away"))));
      const opening = Promise.allSettled(Array.from({ length: 120 }, () => open()));
      expect(feed.isFull(followed("one"))).toBe(true);
      await jest.advanceTimersByTimeAsync(0);
      fail();
      expect((await opening).every(({ status }) => status === "rejected")).toBe(true);
      expect(feed.isFull(followed("one"))).toBe(false);
    });
  });

  it("keeps payments apart", async () => {
    payments.set("two", payment());
    const [one, two] = [await open("one"), await open("two")];
    await change("two", { status: "canceled" });
    expect([one.statuses, two.statuses]).toEqual([["waiting"], ["waiting", "canceled"]]);
  });

  it("gives a sign of life every fifteen seconds, and notes open pages all at once", async () => {
    payments.set("two", payment());
    const [browser] = [await open("one"), await open("one"), await open("two")];
    await jest.advanceTimersByTimeAsync(15_000);
    expect(browser.text.match(/event: ping/g)).toHaveLength(1);
    expect(viewed).toEqual(Array.from({ length: 5 }, () => ["one", "two"]));
    await change("one", { status: "paid" });
    viewed.length = 0;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(viewed).toEqual([["two"]]);
  });

  it("stops watching, and rests, when the last page is closed", async () => {
    const [one, other] = [await open(), await open()];
    one.close();
    one.close();
    await change("one", { status: "paid" });
    expect(one.statuses).toEqual(["waiting"]);
    expect(other.statuses).toEqual(["waiting", "paid"]);
    other.close();
    expect(listeners.get(purchaseOf("one"))?.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
    expect((await open()).statuses).toEqual(["paid"]);
  });

  it("leaves nothing behind when the payment cannot be read", async () => {
    answer = () => Promise.reject(new Error("the database is away"));
    await expect(open()).rejects.toThrow("away");
    expect(listeners.get(purchaseOf("one"))?.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("ends its streams when the process is told to end", async () => {
    const before = process.listenerCount("SIGTERM");
    const browser = await open();
    expect(process.listenerCount("SIGTERM")).toBe(before + 1);
    process.listeners("SIGTERM").at(-1)?.("SIGTERM");
    expect(browser.isEnded).toBe(true);
    browser.close();
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
