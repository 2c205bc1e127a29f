import type {
  AdminSeqrAttentionItem,
  AdminSeqrAttentionList,
  AdminSeqrOrderPayments,
  AdminSeqrPayment,
} from "../../../src/http-types";
import { send } from "../../../testkit/http";

export interface AdminPayment {
  id: string;
  amount: number;
  captured_at: string | null;
  canceled_at: string | null;
  captures: { amount: number }[];
  refunds: { id: string; amount: number }[];
  data: Record<string, unknown>;
}

export interface AdminOrder {
  id: string;
  status: string;
  total: number;
  payment_status: string;
  /** The order's own books. */
  summary: Record<string, number>;
  payment_collections: {
    id: string;
    status: string;
    amount: number;
    captured_amount: number;
    refunded_amount: number;
    payments: AdminPayment[];
  }[];
}

/** A member of staff, who uses nothing but the admin API. */
export class Staff {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async login(url: string, credentials: { email: string; password: string }): Promise<Staff> {
    const { token } = await send<{ token: string }>("POST", `${url}/auth/user/emailpass`, {
      body: credentials,
    });
    return new Staff(url, token);
  }

  /** The cookie of a session, as the admin in a browser has it. */
  async cookie(): Promise<string> {
    const answer = await fetch(`${this.url}/auth/session`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}` },
    });
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
  }

  admin<T>(method: string, path: string, body?: unknown): Promise<T> {
    return send<T>(method, `${this.url}/admin${path}`, {
      headers: { authorization: `Bearer ${this.token}` },
      body,
    });
  }

  /** A file of the admin API. */
  async file(path: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.url}/admin${path}`, { headers });
    if (!answer.ok) throw new Error(`GET ${path}: HTTP ${answer.status}: ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  async order(id: string): Promise<AdminOrder> {
    const fields =
      "+payment_status,*payment_collections.payments.refunds,*payment_collections.payments.captures";
    const { order } = await this.admin<{ order: AdminOrder }>(
      "GET",
      `/orders/${id}?fields=${encodeURIComponent(fields)}`,
    );
    return order;
  }

  async payment(orderId: string): Promise<AdminPayment> {
    const payment = (await this.order(orderId)).payment_collections[0]?.payments[0];
    if (!payment) throw new Error("the order has no payment");
    return payment;
  }

  async refund(orderId: string, amount?: number): Promise<void> {
    const { id } = await this.payment(orderId);
    await this.admin("POST", `/payments/${id}/refund`, amount === undefined ? {} : { amount });
  }

  async capture(orderId: string, amount?: number): Promise<void> {
    const { id } = await this.payment(orderId);
    await this.admin("POST", `/payments/${id}/capture`, amount === undefined ? {} : { amount });
  }

  cancel(orderId: string): Promise<unknown> {
    return this.admin("POST", `/orders/${orderId}/cancel`);
  }

  async seqrPayments(orderId: string): Promise<AdminSeqrPayment[]> {
    const { payments } = await this.admin<AdminSeqrOrderPayments>("GET", `/seqr/orders/${orderId}`);
    return payments;
  }

  async attention(): Promise<AdminSeqrAttentionItem[]> {
    return (await this.admin<AdminSeqrAttentionList>("GET", "/seqr/attention")).attention_items;
  }
}
