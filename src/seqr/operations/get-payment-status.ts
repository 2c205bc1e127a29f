import { SeqrInputError } from "../errors";
import { isWhole } from "../limits";
import {
  INVOICE_STATUSES,
  type Answer,
  type CustomerToken,
  type InvoiceStatus,
  type Receipt,
} from "../types";
import { complex, extended, named, requiredInteger, text, wrapped } from "../wire/schema";
import { checkNotEmpty, requiredField } from "./checks";
import { clientContext, commonAnswer, customerToken, receipt } from "./message-parts";
import { operation, type WithContext } from "./operation";

/** Request of getPaymentStatus (PROTOCOL 2.3). */
export interface GetPaymentStatusRequest extends WithContext {
  invoiceReference?: string;
  /** The newest version seen, 0 at first. */
  invoiceVersion?: number;
}

/** Answer to getPaymentStatus (PROTOCOL 2.3). */
export interface GetPaymentStatusReturn extends Answer {
  /** As SEQR wrote it; it may be a status that no document lists. */
  status?: string;
  receipt?: Receipt;
  customerTokens?: CustomerToken[];
  version?: number;
}

/** Result of getPaymentStatus. Reading PAID commits: SEQR does not reverse the payment any more (PROTOCOL 4.4). */
export interface PaymentStatus {
  /** UNKNOWN for a status that no document lists: keep polling, do not deliver. */
  status: InvoiceStatus | "UNKNOWN";
  /** Send it back with the next call. */
  version: number;
  /** Set when PAID: names the payment for refunds and receipts. */
  ersReference?: string;
  /** SEQR's receipt, when PAID. */
  receipt?: Receipt;
  /** Loyalty cards and the like; a merchant without loyalty ignores them (PROTOCOL 7). */
  customerTokens: CustomerToken[];
}

/**
 * Polls an invoice's status and thereby acknowledges a payment (PROTOCOL 2.3, 4.4). It is always safe to repeat.
 */
export const getPaymentStatus = operation({
  principal: "TERMINALID",
  request: complex<GetPaymentStatusRequest>("getPaymentStatus", {
    context: clientContext,
    invoiceReference: text,
    invoiceVersion: requiredInteger,
  }),
  return: extended<Answer, GetPaymentStatusReturn>(commonAnswer, "erswsPaymentStatusResponse", {
    status: named("invoiceStatus", INVOICE_STATUSES),
    receipt,
    customerTokens: wrapped("token", customerToken),
    version: requiredInteger,
  }),
  /** @param invoiceVersion 0 first, then the newest version seen */
  async method(seqr, invoiceReference: string, invoiceVersion: number): Promise<PaymentStatus> {
    const name = "getPaymentStatus";
    checkNotEmpty(invoiceReference, "invoiceReference", name);
    if (!isWhole(invoiceVersion)) throw new SeqrInputError("invoiceVersion must be a whole number", name);
    return seqr.send({ invoiceReference, invoiceVersion }, (answer) => {
      const { receipt, version = 0, customerTokens = [] } = answer;
      const status = statusOf(answer.status);
      const reference = answer.ersReference?.trim() || receipt?.paymentReference;
      const paid = status === "PAID" && { ersReference: requiredField(reference, "ersReference", name) };
      return { status, version, ...paid, ...(receipt && { receipt }), customerTokens };
    });
  },
});

/** The status in the schema's spelling; UPS texts write CANCELED with two L (PROTOCOL 4.1). */
function statusOf(written: string | undefined): PaymentStatus["status"] {
  const spelled = written === "CANCELLED" ? "CANCELED" : written;
  return INVOICE_STATUSES.find((known) => known === spelled) ?? "UNKNOWN";
}
