import type { ClientContext, Invoice } from "../../../src/seqr";
import type { OperationName, RequestOf, ReturnOf } from "../../../src/seqr/operations";
import {
  countingIds,
  PUBLIC_TEST_RESELLER,
  PUBLIC_TEST_TERMINAL,
  Sandbox,
  TurnableClock,
  type Posting,
  type Settings,
} from "../../../src/sandbox";

/** 15 January 2026, 12:00 UTC: 13:00 on SEQR's clocks. */
export const START = Date.UTC(2026, 0, 15, 12);

export const TERMINAL = contextOf("TERMINALID", PUBLIC_TEST_TERMINAL.id, PUBLIC_TEST_TERMINAL.password);
export const RESELLER: ClientContext = contextOf(
  "RESELLERUSER",
  PUBLIC_TEST_RESELLER.id,
  PUBLIC_TEST_RESELLER.password,
  PUBLIC_TEST_RESELLER.userId,
);
/** A terminal of another shop. */
export const FOREIGN = contextOf("TERMINALID", "foreign", "secret");

/** An invoice that every mode accepts. */
export const INVOICE: Invoice = {
  paymentMode: "IMMEDIATE_DEBIT",
  acknowledgmentMode: "NO_ACKNOWLEDGMENT",
  issueDate: "2026-01-15T12:00:00Z",
  title: "Order 1",
  clientInvoiceId: "1",
  totalAmount: sek("12.50"),
  cashierId: "bob",
  footer: "Thank you",
};

export function sek(value: string): { currency: string; value: string } {
  return { currency: "SEK", value };
}

export function contextOf(type: string, id: string, password: string, userId?: string): ClientContext {
  return {
    channel: "WS",
    clientId: "tests",
    clientReference: "1",
    clientRequestTimeout: 0,
    initiatorPrincipalId: { id, type, ...(userId !== undefined && { userId }) },
    password,
  };
}

/** A core without any I/O, and the few things that every test does with it. */
export function makeCore(settings: Partial<Settings> = {}) {
  const clock = new TurnableClock(START);
  const postings: Posting[] = [];
  const core = new Sandbox({
    clock,
    ids: countingIds(),
    notify: (posting, done) => {
      postings.push(posting);
      done("HTTP 200");
    },
    settings,
    resellers: [
      PUBLIC_TEST_RESELLER,
      { id: "other_shop", userId: "9900", password: "pass", name: "Other", currency: "EUR" },
    ],
    terminals: [
      PUBLIC_TEST_TERMINAL,
      {
        id: "foreign",
        password: "secret",
        kind: "webshop",
        currency: "SEK",
        resellerId: "other_shop",
        name: "Other",
      },
    ],
  });
  const call = <N extends OperationName>(
    name: N,
    request: Omit<RequestOf<N>, "context">,
    context: ClientContext = TERMINAL,
  ): Partial<ReturnOf<N>> & { resultCode: number } =>
    core.perform(name, { ...request, context } as RequestOf<N>).answer;
  const send = (more: Partial<Invoice> = {}, context = TERMINAL): string => {
    const answer = call("sendInvoice", { invoice: { ...INVOICE, ...more } }, context);
    if (answer.invoiceReference === undefined) throw new Error(`sendInvoice: ${answer.resultCode}`);
    return answer.invoiceReference;
  };
  const status = (invoiceReference: string, invoiceVersion = 0) =>
    call("getPaymentStatus", { invoiceReference, invoiceVersion });
  /** A payment that stands: its ersReference. */
  const sell = (more: Partial<Invoice> = {}): string => {
    const reference = send(more);
    core.phone.pay(reference);
    return status(reference).ersReference ?? "";
  };
  const register = (name = "Till 1", password = "secret") => {
    const answer = call("registerTerminal", { externalTerminalId: name, name, password }, RESELLER);
    return {
      id: answer.terminalId ?? "",
      context: contextOf("TERMINALID", answer.terminalId ?? "", password),
    };
  };
  const stage = (reference: string) => core.invoice(reference)?.stage;
  return { core, clock, postings, call, send, status, sell, register, stage };
}
