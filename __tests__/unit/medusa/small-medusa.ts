import { setImmediate as turn } from "node:timers/promises";
import { asValue } from "@medusajs/framework/awilix";
import {
  ContainerRegistrationKeys,
  createMedusaContainer,
  MedusaError,
  Modules,
} from "@medusajs/framework/utils";
import type { MedusaContainer } from "@medusajs/framework/types";

interface Capture {
  id: string;
  amount: string;
  created_at: Date;
}

interface Refund {
  id: string;
  raw_amount: { value: string };
  created_at: Date;
  refund_reason: { label: string; code: string } | null;
}

/** A change of an order that staff or the plugin make. */
interface OrderChange {
  id: string;
  order_id: string;
  status: string;
}

export interface Payment {
  id: string;
  payment_session_id: string;
  payment_collection_id: string;
  provider_id: string;
  amount: string;
  currency_code: string;
  captured_at: Date | null;
  canceled_at: Date | null;
  data: Record<string, unknown> | null;
  captures: Capture[];
  refunds: Refund[];
}

export interface Collection {
  id: string;
  amount: number;
  status: string;
  captured_amount: number | null;
  completed_at: Date | null;
  /** The order itself, of a payment for a changed order; or the order of its cart. */
  order_id: string | null;
  cart_order_id: string | null;
}

export interface OrderTransaction {
  /** Left out, Medusa gives it one. */
  id?: string;
  order_id: string;
  amount: string;
  currency_code: string;
  reference: string;
  reference_id: string;
}

export interface Order {
  id: string;
  total: string;
  canceled_at: Date | null;
  /** Core's sum of the transactions. */
  summary: { pending_difference: string; transaction_total: string };
}

type Row = Record<string, unknown>;

const nothing = async (): Promise<void> => undefined;

/** Medusa's rows of payments and orders, and its modules over them: they give only what they are asked for. */
export class SmallMedusa {
  readonly payments: Payment[] = [];
  readonly collections: Collection[] = [];
  readonly orders: Order[] = [];
  readonly transactions: OrderTransaction[] = [];
  readonly orderChanges: OrderChange[] = [];
  readonly sessions: { id: string }[] = [];
  /** Captures whose payment is gone. */
  readonly orphans: Capture[] = [];
  /** What was changed, in this order. */
  readonly changes: string[] = [];
  /** Whether changes of orders cannot be confirmed. */
  isUnconfirmable = false;
  /** Whether somebody writes about an order at this moment. */
  isLocked = false;
  readonly container: MedusaContainer;

  constructor(services: Record<string, unknown> = {}) {
    this.container = createMedusaContainer();
    const arrive = distance();
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const all: Record<string, unknown> = {
      [Modules.PAYMENT]: distant(this.#payment, arrive),
      [Modules.ORDER]: distant(this.#order, arrive),
      [Modules.EVENT_BUS]: { emit: nothing, releaseGroupedEvents: nothing, clearGroupedEvents: nothing },
      [ContainerRegistrationKeys.QUERY]: { graph: this.#graph },
      [ContainerRegistrationKeys.REMOTE_QUERY]: async () => [],
      [ContainerRegistrationKeys.LINK]: { create: this.#link },
      [ContainerRegistrationKeys.PG_CONNECTION]: this.#table,
      [ContainerRegistrationKeys.LOGGER]: logger,
      ...services,
    };
    for (const [name, service] of Object.entries(all)) this.container.register(name, asValue(service));
  }

  /** A payment in a collection of its own. */
  pay(more: Partial<Payment> = {}, collection: Partial<Collection> = {}): Payment {
    const number = this.payments.length + 1;
    const payment: Payment = {
      ...{ id: `pay_${number}`, payment_session_id: `payses_${number}`, provider_id: "pp_seqr_seqr" },
      ...{ payment_collection_id: `pay_col_${number}`, amount: "100", currency_code: "sek" },
      ...{ captured_at: null, canceled_at: null, data: null, captures: [], refunds: [] },
      ...more,
    };
    this.payments.push(payment);
    this.sessions.push({ id: payment.payment_session_id });
    if (!this.collections.some(({ id }) => id === payment.payment_collection_id))
      this.collect({ id: payment.payment_collection_id, status: "authorized", ...collection });
    return payment;
  }

  collect(more: Partial<Collection> & { id: string }): Collection {
    const collection: Collection = {
      ...{ amount: 100, status: "not_paid", captured_amount: null, completed_at: null },
      ...{ order_id: null, cart_order_id: null },
      ...more,
    };
    this.collections.push(collection);
    return collection;
  }

  place(id: string, total: string, more: Partial<Order> = {}): Order {
    const summary = { pending_difference: total, transaction_total: "0" };
    const order: Order = { id, total, canceled_at: null, summary, ...more };
    this.orders.push(order);
    return order;
  }

  book(reference_id: string, more: Partial<OrderTransaction> = {}): OrderTransaction {
    const entry: OrderTransaction = {
      ...{ id: `ordtrx_${reference_id}`, order_id: "order_1", amount: "100", currency_code: "sek" },
      ...{ reference: "capture", reference_id },
      ...more,
    };
    this.transactions.push(entry);
    return entry;
  }

  readonly #payment = {
    listPayments: async (filter: object, { relations = [], select }: Read = {}) =>
      matching(this.payments, filter).map((row) => ({
        ...part(row, select, relations, ["captures"]),
        ...(relations.includes("payment_session") && { payment_session: { id: row.payment_session_id } }),
      })),
    retrievePayment: async (id: string, { relations = [], select }: Read = {}) =>
      part(found(this.payments, id), select, relations, ["captures"]),
    updatePayment: async ({ id, ...patch }: { id: string }) => {
      this.changes.push(`update ${id}`);
      Object.assign(found(this.payments, id), patch);
    },
    cancelPayment: async (id: string) => {
      this.changes.push(`cancel ${id}`);
      found(this.payments, id).canceled_at = new Date();
    },
    capturePayment: async (input: { payment_id: string; amount?: string }) => {
      this.changes.push(`capture ${JSON.stringify(input)}`);
      return found(this.payments, input.payment_id);
    },
    deleteCaptures: async (ids: string[]) => {
      this.changes.push(`delete ${ids.join(" ")}`);
      for (const one of this.payments) one.captures = one.captures.filter(({ id }) => !ids.includes(id));
    },
    listPaymentSessions: async (filter: object, { select }: Read = {}) =>
      matching(this.sessions, filter).map((row) => part(row, select)),
    deletePaymentSession: async (id: string) => {
      this.changes.push(`delete ${id}`);
      this.sessions.splice(this.sessions.indexOf(found(this.sessions, id)), 1);
    },
    retrievePaymentCollection: async (id: string, { relations = [] }: Read = {}) => {
      const payments = matching(this.payments, { payment_collection_id: id });
      const captures = relations.includes("payments.captures");
      return {
        ...found(this.collections, id),
        payments: payments.map((row) => part(row, undefined, captures ? ["captures"] : [], ["captures"])),
      };
    },
    updatePaymentCollections: async (id: string, patch: object) => {
      this.changes.push(`update ${id}`);
      Object.assign(found(this.collections, id), patch);
    },
    createPaymentCollections: async (made: { currency_code: string; amount: number }[]) => {
      this.changes.push(`create ${JSON.stringify(made)}`);
      return made.map((one, index) => ({ ...one, id: `pay_col_new_${index}` }));
    },
  };

  readonly #order = {
    retrieveOrder: async (id: string, { select }: Read = {}) => {
      const order = found(this.orders, id);
      return part({ ...order, status: "pending", version: 1, created_at: new Date(0) }, select);
    },
    listOrderTransactions: async (filter: object) => matching(this.transactions, filter),
    addOrderTransactions: async (entry: OrderTransaction) => {
      if (entry.id && this.transactions.some(({ id }) => id === entry.id)) throw new Error("duplicate key");
      this.changes.push(`book ${entry.id ?? entry.reference_id}`);
      this.transactions.push(entry);
    },
    listOrderChanges: async (filter: object) => matching(this.orderChanges, filter),
    createOrderChange: async (input: object) => {
      this.changes.push(`begin ${JSON.stringify(input)}`);
      return { id: "ordch_1", version: 2 };
    },
    addOrderAction: async (action: object) => void this.changes.push(`add ${JSON.stringify(action)}`),
    confirmOrderChange: async (id: string) => {
      if (this.isUnconfirmable) throw new Error("Medusa is away");
      this.changes.push(`confirm ${id}`);
    },
    deleteOrderChanges: async (ids: string[]) => void this.changes.push(`delete ${ids.join(" ")}`),
    deleteOrderTransactions: async (ids: string[]) => {
      this.changes.push(`delete ${ids.join(" ")} and its sums`);
      this.#drop(({ id }) => id !== undefined && ids.includes(id));
    },
  };

  readonly #graph = async ({ entity, fields, filters }: Question): Promise<{ data: unknown }> => {
    const rows = this.#rowsOf(entity);
    const matches = rows.filter((row) => isMatch(row, filters));
    return { data: matches.map((row) => picked(row, fields)) };
  };

  #rowsOf(entity: string): Row[] {
    const orderOf = (id: string | null): Row | null =>
      this.orders.map((one) => ({ ...one })).find((one) => one.id === id) ?? null;
    switch (entity) {
      case "capture":
        return [
          ...this.payments.flatMap((payment) => payment.captures.map((one) => ({ ...one, payment }))),
          ...this.orphans.map((one) => ({ ...one, payment: null })),
        ];
      case "payment":
        return this.payments.map((payment) => {
          const collection = found(this.collections, payment.payment_collection_id);
          return {
            ...payment,
            payment_collection: { id: collection.id, order: orderOf(collection.order_id) },
          };
        });
      case "payment_collection":
        return this.collections.map((one) => ({
          ...one,
          order: orderOf(one.order_id),
          cart: one.cart_order_id === null ? null : { order: orderOf(one.cart_order_id) },
        }));
      case "order":
        return this.orders.map((order) => ({
          ...{ ...order, currency_code: "sek" },
          payment_collections: this.collections
            .filter(({ order_id, cart_order_id }) => [order_id, cart_order_id].includes(order.id))
            .map((one) => ({ ...one, payments: matching(this.payments, { payment_collection_id: one.id }) })),
        }));
      default:
        throw new Error(`there is no ${entity}`);
    }
  }

  readonly #link = async (links: unknown): Promise<unknown> => {
    this.changes.push(`link ${JSON.stringify(links)}`);
    return links;
  };

  readonly #table = (name: string) => ({
    where: (filter: { id?: string }) => ({
      delete: async () => {
        if (name !== "order_transaction") throw new Error(`nothing is deleted from ${name}`);
        await turn();
        this.changes.push(`delete the row ${filter.id ?? "of all"}`);
        this.#drop((row) => isMatch(row, filter));
      },
      forUpdate: () => ({
        skipLocked: () => ({
          first: async () => (this.isLocked || name !== "order" ? undefined : { id: filter.id }),
        }),
      }),
    }),
    delete: async () => this.#drop(() => true),
  });

  #drop(isDropped: (entry: OrderTransaction) => boolean): void {
    const left = this.transactions.filter((entry) => !isDropped(entry));
    this.transactions.splice(0, Infinity, ...left);
  }
}

/** Turns of the event loop after which a call takes effect although others were made after it. */
const MOST_TURNS = 10;

/** Lets a call take effect after it was made, and of several the one that was made last first. */
function distance(): () => Promise<void> {
  let newest = 0;
  return async () => {
    const number = ++newest;
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      await turn();
      if (number === newest) return;
    }
  };
}

function distant<Module extends object>(module: Module, arrive: () => Promise<void>): Module {
  return new Proxy(module, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== "function") return own;
      return async (...given: unknown[]): Promise<unknown> => {
        await arrive();
        return own.apply(target, given) as unknown;
      };
    },
  });
}

interface Read {
  select?: string[];
  relations?: string[];
}

interface Question {
  entity: string;
  fields: string[];
  filters: { id?: string };
}

function found<R extends { id: string }>(rows: R[], id: string): R {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new MedusaError(MedusaError.Types.NOT_FOUND, `there is no ${id}`);
  return row;
}

function matching<R extends object>(rows: readonly R[], filter: object): R[] {
  return rows.filter((row) => isMatch(row, filter));
}

/** Whether a row has what a filter names: values, lists of values, ranges, and filters of what it is linked with. */
function isMatch(row: object, filter: object): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    const value = (row as Row)[name];
    if (Array.isArray(wanted)) return wanted.includes(value);
    if (Array.isArray(value)) return value.some((one: object) => isMatch(one, wanted as object));
    if (wanted === null || typeof wanted !== "object") return value === wanted;
    const { $gte, $lt, ...linked } = wanted as { $gte?: Date; $lt?: Date };
    if ($gte && !((value as Date) >= $gte)) return false;
    if ($lt && !((value as Date) < $lt)) return false;
    return value === null || typeof value !== "object" || value instanceof Date || isMatch(value, linked);
  });
}

/** What was selected of a row; without its relations unless they were asked for. */
function part(row: object, select?: string[], relations: string[] = [], known: string[] = []): Row {
  const entries = Object.entries(row).filter(
    ([name]) =>
      (!select || select.includes(name) || relations.includes(name)) &&
      (!known.includes(name) || relations.includes(name)),
  );
  return Object.fromEntries(entries);
}

/** The fields of a row that a query names, with a point before each member. */
function picked(row: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(row)) return row.map((one) => picked(one, fields));
  if (row === null || typeof row !== "object") return row;
  const names = new Set(fields.map((field) => field.split(".")[0] ?? ""));
  return Object.fromEntries(
    [...names].map((name) => {
      const inner = fields
        .filter((field) => field.startsWith(`${name}.`))
        .map((field) => field.slice(name.length + 1));
      const value = (row as Row)[name];
      return [name, inner.length > 0 ? picked(value, inner) : value];
    }),
  );
}
