import type { Amount, CustomerToken, Invoice, Parameter } from "../../seqr";
import type { Event, Stage } from "./life-cycle";

/** A shop. */
export interface Reseller {
  id: string;
  /** `9900` everywhere in the documentation. */
  userId: string;
  password: string;
  /** Name on bills of terminals without a name. */
  name: string;
  /** ISO 4217; currency of its cash registers. */
  currency: string;
}

/** A till, or a web shop's connection (PROTOCOL 8). */
export interface Terminal {
  id: string;
  password: string;
  /** A cash register (made by registerTerminal) has one live invoice, a web shop any number. */
  kind: "webshop" | "cashregister";
  /** ISO 4217; invoices in another currency are refused. */
  currency: string;
  resellerId: string;
  /** Shown in the shopper's app. */
  name: string;
  externalTerminalId?: string;
  /** Of the till's static code. */
  seqrId?: string;
  /** A blocked terminal gets code 33. */
  blocked?: boolean;
  /** Cash register: the invoice that the static code leads to. */
  currentInvoice?: string;
}

/** A pending automatic action of SEQR. */
export interface Deadline {
  /** Milliseconds since 1970. */
  at: number;
  event: "reverse" | "lapse" | "expire";
}

export interface StoredInvoice {
  reference: string;
  qrCode: string;
  terminalId: string;
  resellerId: string;
  stage: Stage;
  version: number;
  /** As last sent or updated. */
  invoice: Invoice;
  tokens: CustomerToken[];
  issuedAt: number;
  deadline?: Deadline;
  /** The reserved amount. */
  reserved?: Amount;
  /** ersReference of the payment, also after it was reversed. */
  payment?: string;
  history: { at: number; event: Event; stage: Stage; version: number }[];
}

/** A document that a merchant attached. */
export interface SubmittedReceipt {
  at: number;
  mimeType?: string;
  receiptType?: string;
  /** Base64. */
  data: string;
}

/** A payment or a refund. */
export interface Transaction {
  ersReference: string;
  kind: "payment" | "refund";
  /** Sequence number; a period is a range of it. */
  number: number;
  at: number;
  amount: Amount;
  invoiceReference: string;
  terminalId: string;
  resellerId: string;
  cashierId?: string;
  /** Refund: the payment's ersReference. */
  refundOf?: string;
  /** Payment: sum of its refunds. */
  refunded: string;
  /** Payment: SEQR reversed it, because the status was not requested in time. */
  reversed: boolean;
  /** The paid invoice, or the details of the refund. */
  invoice: Invoice;
  receipts: SubmittedReceipt[];
}

/** A closed transaction period (PROTOCOL 9). */
export interface Period {
  id: string;
  resellerId: string;
  /** Set when it is one terminal's period. */
  terminalId?: string;
  markedAt: number;
  /** Transactions with a number above `after` and up to `upTo`. */
  after: number;
  upTo: number;
}

/** A visit to a shop inside the app (PROTOCOL 6). */
export interface Session {
  key: string;
  state: "open" | "opening" | "cancelled";
  openedAt: number;
  parameters: Parameter[];
}

/** A text message to the shopper. */
export interface Sms {
  at: number;
  to: string;
  text: string;
  invoiceReference: string;
}

/** An attempt to notify the merchant. */
export interface NotificationRecord {
  at: number;
  url: string;
  invoiceReference: string;
  status: string;
  body: string;
  /** `sending`, `HTTP 200`, `lost` (by a fault), or why there was no answer. */
  outcome: string;
}

/** Whole state of the sandbox. */
export interface State {
  resellers: Map<string, Reseller>;
  terminals: Map<string, Terminal>;
  invoices: Map<string, StoredInvoice>;
  transactions: Map<string, Transaction>;
  periods: Map<string, Period>;
  sessions: Map<string, Session>;
  sms: Sms[];
  notifications: NotificationRecord[];
  /** The loyalty cards in the shopper's app. */
  shopperTokens: CustomerToken[];
  /** Last number given to a transaction. */
  lastTransaction: number;
  /** Last number used in an ersReference. */
  lastErsReference: number;
}

/** The state as plain data, ready for JSON. */
export interface Snapshot extends Omit<State, TableName> {
  format: 1;
  /** Time of the snapshot on the sandbox's clock. */
  at: number;
  resellers: Reseller[];
  terminals: Terminal[];
  invoices: StoredInvoice[];
  transactions: Transaction[];
  periods: Period[];
  sessions: Session[];
}
type TableName = "resellers" | "terminals" | "invoices" | "transactions" | "periods" | "sessions";

export function emptyState(): State {
  return {
    resellers: new Map(),
    terminals: new Map(),
    invoices: new Map(),
    transactions: new Map(),
    periods: new Map(),
    sessions: new Map(),
    sms: [],
    notifications: [],
    shopperTokens: [],
    lastTransaction: 0,
    lastErsReference: 0,
  };
}

/** Makes a deep copy. */
export function toSnapshot(state: State, at: number): Snapshot {
  return structuredClone({
    ...state,
    format: 1,
    at,
    resellers: [...state.resellers.values()],
    terminals: [...state.terminals.values()],
    invoices: [...state.invoices.values()],
    transactions: [...state.transactions.values()],
    periods: [...state.periods.values()],
    sessions: [...state.sessions.values()],
  });
}

export function fromSnapshot(snapshot: Snapshot): State {
  const copy = structuredClone(snapshot);
  return {
    resellers: byKey(copy.resellers, ({ id }) => id),
    terminals: byKey(copy.terminals, ({ id }) => id),
    invoices: byKey(copy.invoices, ({ reference }) => reference),
    transactions: byKey(copy.transactions, ({ ersReference }) => ersReference),
    periods: byKey(copy.periods, ({ id }) => id),
    sessions: byKey(copy.sessions, ({ key }) => key),
    sms: copy.sms,
    notifications: copy.notifications,
    shopperTokens: copy.shopperTokens,
    lastTransaction: copy.lastTransaction,
    lastErsReference: copy.lastErsReference,
  };
}

function byKey<T>(rows: T[], key: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [key(row), row]));
}
