/** The types of SEQR's messages (PROTOCOL 3), named as on the wire. Amounts and references are strings throughout. */

/** A sum of money (PROTOCOL 3.5). */
export interface Amount {
  /** ISO 4217 code in capitals, `SEK`. */
  currency: string;
  /** Decimal string with a dot, two decimals by convention, `12.50`. */
  value: string;
}

/** When money moves: at once, or reserved now and committed later (PROTOCOL 3.3). */
export const PAYMENT_MODES = [
  "IMMEDIATE_DEBIT",
  "RESERVATION_DESIRED",
  "RESERVATION_REQUIRED",
  "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT",
] as const;
export type PaymentMode = (typeof PAYMENT_MODES)[number];

/** Whether the app waits for the merchant once the shopper is known. Absent means REQUIRE (PROTOCOL 3.3). */
export const ACKNOWLEDGMENT_MODES = [
  "NO_ACKNOWLEDGMENT",
  "OPTIONAL_ACKNOWLEDGMENT",
  "REQUIRE_ACKNOWLEDGMENT",
] as const;
export type AcknowledgmentMode = (typeof ACKNOWLEDGMENT_MODES)[number];

/** Where an invoice stands (PROTOCOL 4.1). EXPIRED exists from interface 2.10 on. */
export const INVOICE_STATUSES = [
  "ISSUED",
  "PAID",
  "PENDING_ISSUER_ACKNOWLEDGE",
  "CANCELED",
  "FAILED",
  "RESERVED",
  "EXPIRED",
] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** Who calls: a terminal or a shop's user (PROTOCOL 3.2). */
export interface PrincipalId {
  id?: string;
  type?: string;
  userId?: string;
}

/** First element of every request (PROTOCOL 3.1). */
export interface ClientContext {
  channel?: string;
  clientComment?: string;
  clientId?: string;
  clientReference?: string;
  clientRequestTimeout?: number;
  initiatorPrincipalId?: PrincipalId;
  password?: string;
}

/** One line of an invoice (PROTOCOL 3.4). */
export interface InvoiceRow {
  itemDescription?: string;
  itemDiscount?: Amount;
  itemEAN?: string;
  /** 1 or more. */
  itemQuantity?: string;
  itemSKU?: string;
  /** Percent, `25`. */
  itemTaxRate?: string;
  /** What the shopper pays for the row, tax included; may be negative to balance. */
  itemTotalAmount?: Amount;
  /** ISO 20022 unit code, `EA`. */
  itemUnit?: string;
  itemUnitPrice?: Amount;
}

/** A demand for money, or the details of a refund (PROTOCOL 3.3). */
export interface Invoice {
  paymentMode?: PaymentMode;
  acknowledgmentMode?: AcknowledgmentMode;
  /** ISO 8601 date and time. */
  issueDate?: string;
  /** Shown on the bill and the receipt. */
  title?: string;
  /** The merchant's own number; comes back in the receipt and the notification. */
  clientInvoiceId?: string;
  invoiceRows?: InvoiceRow[];
  totalAmount?: Amount;
  /** Appears in reconciliation reports. */
  cashierId?: string;
  footer?: string;
  backURL?: string;
  notificationUrl?: string;
  /** Seconds; reservation modes, interface 2.9 on. */
  commitReservationTimeout?: number;
}

/** A loyalty card or the like (PROTOCOL 3.6). Status: 0 pending, 1 used, 90 blocked, 99 invalid. */
export interface CustomerToken {
  description?: string;
  id?: string;
  status?: number;
  value?: string;
}

/** SEQR's receipt of a paid invoice (PROTOCOL 3.7). */
export interface Receipt {
  terminalId?: string;
  paymentDate?: string;
  clientInvoiceId?: string;
  invoiceReference?: string;
  paymentReference?: string;
  payerTerminalId?: string;
  receiverName?: string;
  invoice?: Invoice;
}

/** The merchant's receipt, sent to SEQR (PROTOCOL 3.8). */
export interface ReceiptDocument {
  /** `text/html`, `application/xml`, … */
  mimeType?: string;
  receiptData?: Uint8Array;
  /** PAYMENT_RECEIPT, WARRANTY, VOUCHER or OTHER. */
  receiptType?: string;
}

/** A report as it arrives (PROTOCOL 3.9). */
export interface Report {
  title?: string;
  mimeType?: string;
  content?: Uint8Array;
  contentString?: string;
}

/** One key and value of a parameter map (PROTOCOL 3.10). */
export interface Parameter {
  key?: string;
  value?: string;
}

/** What every answer carries (PROTOCOL 1.2). */
export interface Answer {
  ersReference?: string;
  /** 0 is success; nothing else is. */
  resultCode?: number;
  /** Free text for people; never branch on it. */
  resultDescription?: string;
}
