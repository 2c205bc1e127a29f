import type { CustomerToken, Invoice } from "../../seqr";
import { SandboxError } from "../errors";
import { STATUS, type Event, type Stage } from "./life-cycle";
import { move } from "./move";
import { findInvoice } from "./references";
import type { StoredInvoice } from "./state";
import { takePayment } from "./transactions";
import type { World } from "./world";

/** The PIN that the shopper's bank refuses; any other four digits are valid. */
export const DECLINED_PIN = "0000";

/** The app's data of an invoice. */
export interface Bill {
  invoiceReference: string;
  /** The shop's name. */
  shop: string;
  stage: Stage;
  /** The status that the merchant receives. */
  status: string;
  version: number;
  invoice: Invoice;
  /** ersReference of the payment, if any. */
  ersReference?: string;
  /** Milliseconds since 1970. */
  paidAt?: number;
}

/** Results of a payment in progress. `aborted`: the app shows the bill again. */
export type PaymentEnd = "paid" | "declined" | "aborted";

/**
 * The shopper's phone. Every method takes a reference, the text or link of an invoice's code, or a till's static code,
 * and returns the resulting bill.
 *
 * @throws {SandboxError} when the app cannot do it
 */
export class Phone {
  constructor(readonly world: World) {}

  /** Gives the bill without scanning the code. */
  bill(reference: string): Bill {
    return this.#bill(this.#find(reference));
  }

  /** Scans a code; the app then shows the bill, or waits for the shop to acknowledge (PROTOCOL 4.2, 7). */
  scan(reference: string): Bill {
    const invoice = this.#find(reference);
    this.#scan(invoice);
    return this.#bill(invoice);
  }

  /**
   * Confirms with the PIN and pays: scan (if necessary), confirmation, debit or reservation.
   *
   * @param pin four digits; the bank refuses `0000`
   */
  pay(reference: string, pin = "1234"): Bill {
    this.beginPay(reference, pin);
    return this.finishPay(reference, pin === DECLINED_PIN ? "declined" : "paid");
  }

  /** Starts the payment at the bank. It is executing until finishPay, and cannot be cancelled meanwhile (code 51). */
  beginPay(reference: string, pin = "1234"): Bill {
    if (!/^\d{4}$/.test(pin)) throw new SandboxError("SANDBOX_INPUT", "the PIN has four digits");
    const invoice = this.#find(reference);
    this.#scan(invoice);
    this.#move(invoice, "confirm");
    return this.#bill(invoice);
  }

  /** Finishes the payment that beginPay started. */
  finishPay(reference: string, end: PaymentEnd = "paid"): Bill {
    const invoice = this.#find(reference);
    if (invoice.stage !== "paying") this.#refuse(invoice, "finish the payment of");
    if (end === "aborted") this.#move(invoice, "abort");
    else if (end === "declined") this.#move(invoice, "refuse");
    else this.#execute(invoice);
    return this.#bill(invoice);
  }

  /** Confirms, and the bank refuses: the invoice is FAILED. */
  decline(reference: string): Bill {
    return this.pay(reference, DECLINED_PIN);
  }

  /** Cancels in the app. */
  cancel(reference: string): Bill {
    const invoice = this.#find(reference);
    this.#move(invoice, "cancel in app");
    return this.#bill(invoice);
  }

  /** Sets the loyalty cards in the app, which are offered at the next scan (PROTOCOL 7). */
  setTokens(tokens: CustomerToken[]): void {
    this.world.state.shopperTokens = tokens.map((token) => ({ ...token, status: 0 }));
    this.world.changed();
  }

  /** Reports another token to SEQR while the invoice is open, which increases the version (PROTOCOL 4.2). */
  offerToken(reference: string, token: CustomerToken): Bill {
    const invoice = this.#find(reference);
    if (!["open", "scanned", "pending"].includes(invoice.stage)) this.#refuse(invoice, "offer a token for");
    invoice.tokens = [...invoice.tokens, { ...token, status: token.status ?? 0 }];
    invoice.version += 1;
    this.world.changed();
    return this.#bill(invoice);
  }

  #scan(invoice: StoredInvoice): void {
    if (invoice.stage !== "open") {
      if (["scanned", "pending", "paying"].includes(invoice.stage)) return;
      this.#refuse(invoice, "scan");
    }
    const mode = invoice.invoice.acknowledgmentMode ?? "REQUIRE_ACKNOWLEDGMENT";
    const isHeld = (token: CustomerToken): boolean => invoice.tokens.some((other) => other.id === token.id);
    const offered =
      mode === "NO_ACKNOWLEDGMENT" ? [] : this.world.state.shopperTokens.filter((token) => !isHeld(token));
    invoice.tokens = [...invoice.tokens, ...offered];
    const waits = mode === "REQUIRE_ACKNOWLEDGMENT" || offered.length > 0;
    this.#move(invoice, waits ? "scan and wait" : "scan");
  }

  /** Event that the bank causes, by the invoice's payment mode (PROTOCOL 3.3). */
  #execute(invoice: StoredInvoice): void {
    const mode = invoice.invoice.paymentMode ?? "IMMEDIATE_DEBIT";
    const { reservations } = this.world.settings;
    if (mode === "IMMEDIATE_DEBIT" || (mode === "RESERVATION_DESIRED" && !reservations)) {
      takePayment(this.world, invoice);
      this.#move(invoice, "debit");
    } else if (reservations) {
      invoice.reserved = invoice.invoice.totalAmount;
      this.#move(invoice, "reserve");
    } else {
      this.#move(invoice, "refuse");
    }
  }

  #find(reference: string): StoredInvoice {
    const invoice = findInvoice(this.world, reference);
    if (invoice) return invoice;
    throw new SandboxError("SANDBOX_NO_SUCH_INVOICE", `no invoice for "${reference.slice(0, 100)}"`);
  }

  #move(invoice: StoredInvoice, event: Event): void {
    if (!move(this.world, invoice, event)) this.#refuse(invoice, event);
  }

  #refuse({ reference, stage }: StoredInvoice, what: string): never {
    const closed: readonly Stage[] = ["paid", "acknowledged", "reserved", "cancelled", "failed", "expired"];
    const code = closed.includes(stage)
      ? "SANDBOX_INVOICE_CLOSED"
      : stage === "pending"
        ? "SANDBOX_WAITING_FOR_SHOP"
        : "SANDBOX_NOT_NOW";
    throw new SandboxError(code, `cannot ${what} invoice ${reference}: it is ${stage}`);
  }

  #bill({ reference, terminalId, resellerId, stage, version, invoice, payment }: StoredInvoice): Bill {
    const { terminals, resellers, transactions } = this.world.state;
    const paid = payment === undefined ? undefined : transactions.get(payment);
    return structuredClone({
      invoiceReference: reference,
      shop: terminals.get(terminalId)?.name ?? resellers.get(resellerId)?.name ?? "",
      stage,
      status: STATUS[stage],
      version,
      invoice: paid?.invoice ?? invoice,
      ...(paid && { ersReference: paid.ersReference, paidAt: paid.at }),
    });
  }
}
