/** The types of SEQR's messages (PROTOCOL 3), named as on the wire. Amounts and references are strings throughout. */

/** A sum of money (PROTOCOL 3.5). */
export interface Amount {
  /** ISO 4217 code in capitals, `SEK`. */
  currency: string;
  /** Decimal string with a dot, two decimals by convention, `12.50`. */
  value: string;
}

/** When the money moves: at once, or reserved now and committed later (PROTOCOL 3.3). */
export const PAYMENT_MODES = [
  "IMMEDIATE_DEBIT",
  "RESERVATION_DESIRED",
  "RESERVATION_REQUIRED",
  "RESERVATION_REQUIRED_PRELIMINARY_AMOUNT",
] as const;
/** One of {@link PAYMENT_MODES}. */
export type PaymentMode = (typeof PAYMENT_MODES)[number];

/** Whether the app waits for the merchant once the shopper is known. Absent means REQUIRE (PROTOCOL 3.3). */
export const ACKNOWLEDGMENT_MODES = [
  "NO_ACKNOWLEDGMENT",
  "OPTIONAL_ACKNOWLEDGMENT",
  "REQUIRE_ACKNOWLEDGMENT",
] as const;
/** One of {@link ACKNOWLEDGMENT_MODES}. */
export type AcknowledgmentMode = (typeof ACKNOWLEDGMENT_MODES)[number];

/** Status of an invoice (PROTOCOL 4.1). EXPIRED exists from interface 2.10 on. */
export const INVOICE_STATUSES = [
  "ISSUED",
  "PAID",
  "PENDING_ISSUER_ACKNOWLEDGE",
  "CANCELED",
  "FAILED",
  "RESERVED",
  "EXPIRED",
] as const;
/** One of {@link INVOICE_STATUSES}. */
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** Identifies the caller: a terminal or a shop's user (PROTOCOL 3.2). */
export interface PrincipalId {
  id?: string;
  /** TERMINALID or RESELLERUSER. */
  type?: string;
  /** RESELLERUSER only. */
  userId?: string;
}

/** First element of every request (PROTOCOL 3.1). */
export interface ClientContext {
  /** At most 40 characters. */
  channel?: string;
  /** At most 80 characters. */
  clientComment?: string;
  /** Name and version of the merchant's software. */
  clientId?: string;
  /** At most 32 characters, unique for the clientId. */
  clientReference?: string;
  /** Milliseconds after which SEQR abandons the request; must be 0, which means never. */
  clientRequestTimeout?: number;
  initiatorPrincipalId?: PrincipalId;
  password?: string;
}

/** One line of an invoice (PROTOCOL 3.4). */
export interface InvoiceRow {
  itemDescription?: string;
  itemDiscount?: Amount;
  itemEAN?: string;
  /** Decimal, 1 or more. */
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

/** An open demand for money, or the details of a refund (PROTOCOL 3.3). */
export interface Invoice {
  paymentMode?: PaymentMode;
  acknowledgmentMode?: AcknowledgmentMode;
  /** ISO 8601 date and time, the zone optional. */
  issueDate?: string;
  /** Shown on the bill and the receipt. */
  title?: string;
  /** The merchant's own number; repeated in the receipt and the notification. */
  clientInvoiceId?: string;
  invoiceRows?: InvoiceRow[];
  totalAmount?: Amount;
  /** Appears in reconciliation reports. */
  cashierId?: string;
  /** Last line of the receipt. */
  footer?: string;
  /** The app opens it when the shopper is done, whatever the outcome (PROTOCOL 5.2). */
  backURL?: string;
  /** SEQR posts to it once when the invoice is paid; http or https (PROTOCOL 5.1). */
  notificationUrl?: string;
  /** Seconds; reservation modes, interface 2.9 on. */
  commitReservationTimeout?: number;
}

/** A loyalty card or a similar token (PROTOCOL 3.6). All fields are needed when it is sent. */
export interface CustomerToken {
  description?: string;
  /** The kind of token. */
  id?: string;
  /** 0 pending, 1 used, 90 blocked, 99 invalid. */
  status?: number;
  /** The card's number. */
  value?: string;
}

/** SEQR's receipt of a paid invoice (PROTOCOL 3.7). */
export interface Receipt {
  terminalId?: string;
  /** ISO 8601 date and time. */
  paymentDate?: string;
  clientInvoiceId?: string;
  invoiceReference?: string;
  /** Equal to the payment's ersReference. */
  paymentReference?: string;
  /** Stands for the shopper's device. */
  payerTerminalId?: string;
  /** The merchant's name. */
  receiverName?: string;
  /** The invoice as it was paid. */
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

/** A report as SEQR sends it (PROTOCOL 3.9); either body may be missing. */
export interface Report {
  title?: string;
  /** `text/html` even for XML. */
  mimeType?: string;
  content?: Uint8Array;
  /** The same as text; use it rather than `content`. */
  contentString?: string;
}

/** One key and value of a parameter map (PROTOCOL 3.10). */
export interface Parameter {
  key?: string;
  value?: string;
}

/** Fields that every answer has (PROTOCOL 1.2). */
export interface Answer {
  /** Of the payment or the refund, in the answers that name one. */
  ersReference?: string;
  /** 0 for success. */
  resultCode?: number;
  /** Free text for people; never branch on it. */
  resultDescription?: string;
}
