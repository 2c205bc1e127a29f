import { CASH_REGISTER } from "../../src/sandbox/http/services";
import { decide } from "../../src/sandbox/http/soap";
import type { Sandbox } from "../../src/sandbox/core/sandbox";
import { SeqrNotDeliveredError, SeqrUnknownOutcomeError } from "../../src/seqr";
import type { HttpAnswer, OperationName, SoapTransport } from "../../src/seqr";
import { NOT_READY, type DistortedReports } from "./distorted-reports";
import type { SimulatedProcess } from "./simulated-process";
import type { RunContext } from "./run-context";

/** SEQR's answer that a report is not ready. */

/** Milliseconds after which the client gives up. */
const PATIENCE = 10_000;

/** What can happen to a call, and how often beside the others. */
const FAULTS = {
  /** A firewall's page comes in place of the answer; or before the request has got through. */
  firewall: 0,
  firewall_before: 0,
  /** The answer comes, seconds later, and is waited for. */
  slow_answer: 1,
  lost_request: 3,
  lost_answer: 4,
  late_answer: 2,
  late_request: 1,
  garbage: 1,
  unreachable: 3,
  code_90: 1,
  code_93: 1,
  code_94: 1,
} as const;
type TransportFault = keyof typeof FAULTS;

/** What a firewall answers, with a page of its own. */
const PAGES = [403, 408, 429, 499];
const UNANSWERED = { lost_request: 3, lost_answer: 4, late_answer: 2, late_request: 1 } as const;
const OF_THOSE = 0.6;
const REFERENCE = /<invoiceReference>([^<]+)</;
const PAYMENT = /<ersReference>([^<]+)</;
const TOTAL = /(<totalAmount>.*?<value>)[^<]+/s;
/** SEQR's answer to another terminal than the invoice's, and than the payment's. */
const UNKNOWN_INVOICE = 54;
const UNKNOWN_PAYMENT = 23;
/** Moves no money: what goes wrong with it excuses late receipts only. */
const RECEIPT: OperationName = "submitPaymentReceipt";
/** These are of the books: what goes wrong with them excuses nothing. */
const OF_BOOKS: readonly OperationName[] = ["markTransactionPeriod", "executeReport"];

/** The line from one process to SEQR, and everything that can go wrong on it. */
export class FaultyTransport implements SoapTransport {
  constructor(
    private readonly runContext: RunContext,
    private readonly core: Sandbox,
    private readonly process: SimulatedProcess,
    private readonly isDown: () => boolean,
    /** The endpoint of one terminal that hangs at times, and the terminal. */
    private readonly hanging: { isHanging: (url: string) => boolean; terminal: string },
    private readonly reports: DistortedReports,
  ) {}

  close(): void {}

  async post(url: string, message: string, operation: OperationName): Promise<HttpAnswer> {
    const { random, weather, timeline } = this.runContext;
    this.runContext.count(`calls_${operation}`);
    const lost = (): SeqrUnknownOutcomeError =>
      new SeqrUnknownOutcomeError("SEQR_ANSWER_LOST", operation, "the answer was lost");
    if (this.isDown()) {
      this.#trouble(operation);
      await this.#travel(operation, random.between(1, 50));
      if (random.chance(0.8)) throw unreachable(operation);
      await this.process.sleep(PATIENCE);
      throw late(operation);
    }
    if (this.hanging.isHanging(url)) {
      this.#tell(operation, "hang", this.hanging.terminal);
      await this.process.sleep(PATIENCE);
      throw late(operation);
    }
    const ofKind = this.#faultOfKind(operation, message);
    const ofWeather = weather.line > 0 && random.chance(weather.line) ? random.weighted(FAULTS) : undefined;
    const fault = ofKind ?? ofWeather;
    if (fault) this.#tell(operation, fault);
    switch (fault) {
      case undefined:
        return this.#exchange(operation, message);
      case "unreachable":
        await this.#travel(operation, random.between(1, 3_000));
        throw unreachable(operation);
      case "lost_request":
        await this.#travel(operation, random.between(10, 9_000));
        throw lost();
      case "lost_answer":
        await this.#exchange(operation, message);
        throw lost();
      case "slow_answer": {
        const answer = await this.#exchange(operation, message);
        await this.process.sleep(random.between(1_000, 8_000));
        return answer;
      }
      case "firewall":
      case "firewall_before": {
        if (fault === "firewall") await this.#exchange(operation, message);
        const status = PAGES[random.between(0, PAGES.length - 1)] ?? 403;
        return { status, body: "<!doctype html><title>Access denied</title>" };
      }
      case "late_answer":
        await this.#exchange(operation, message);
        await this.process.sleep(PATIENCE);
        throw late(operation);
      case "late_request":
        // The message arrives when nobody waits for its answer any more.
        timeline.after(PATIENCE + random.between(1, 20_000), () => void this.#answer(message));
        await this.process.sleep(PATIENCE);
        throw late(operation);
      case "garbage":
        return { ...(await this.#exchange(operation, message)), body: "{]<< garbage" };
      default: {
        const resultCode = Number(fault.slice("code_".length));
        return this.#exchange(operation, message, resultCode);
      }
    }
  }

  /** What goes wrong in worlds of this kind. */
  #faultOfKind(operation: OperationName, message: string): TransportFault | undefined {
    const { runContext } = this;
    if (operation === "refundPayment") {
      const isBad = runContext.refunding(PAYMENT.exec(message)?.[1] ?? "");
      if (runContext.happens("firewall"))
        return runContext.random.chance(0.5) ? "firewall" : "firewall_before";
      if (isBad && runContext.random.chance(OF_THOSE)) return runContext.random.weighted(UNANSWERED);
    }
    if (operation === "cancelInvoice" && runContext.happens("lateCancels"))
      return runContext.random.chance(0.5) ? "lost_request" : "late_request";
    return undefined;
  }

  #isMoved(ersReference: string | undefined): boolean {
    const { moved } = this.runContext;
    if (moved.size === 0) return false;
    const found = this.core.transactions().find((one) => one.ersReference === ersReference);
    return moved.has(found?.invoiceReference ?? "");
  }

  #tell(operation: OperationName, fault: TransportFault | "hang", terminal?: string): void {
    this.runContext.count(`fault_${fault}`);
    this.#trouble(operation, terminal);
    this.runContext.note(this.process.name, `${operation}: ${fault}`);
  }

  #trouble(operation: OperationName, terminal?: string): void {
    if (OF_BOOKS.includes(operation)) return;
    this.runContext.trouble(terminal, operation === RECEIPT ? "receipts" : "payments");
  }

  /** There and back: the process may die on either way. */
  async #exchange(operation: string, message: string, resultCode?: number): Promise<HttpAnswer> {
    const { random } = this.runContext;
    await this.#travel(operation, random.between(5, 60));
    const answer = await this.process.step(operation, () => this.#answer(message, resultCode), 0);
    await this.process.sleep(random.chance(0.05) ? random.between(100, 3_000) : random.between(5, 60));
    return answer;
  }

  #travel(operation: string, milliseconds: number): Promise<void> {
    return this.process.step(`sending ${operation}`, () => this.process.sleep(milliseconds), 0);
  }

  #answer(message: string, resultCode?: number): HttpAnswer {
    const { runContext } = this;
    const [, reference = ""] = REFERENCE.exec(message) ?? [];
    if (runContext.moved.has(reference)) resultCode = UNKNOWN_INVOICE;
    if (message.includes(`:${RECEIPT}`) && this.#isMoved(PAYMENT.exec(message)?.[1]))
      resultCode = UNKNOWN_PAYMENT;
    if (message.includes(":executeReport") && this.reports.withholds(message)) resultCode = NOT_READY;
    if (resultCode !== undefined) this.core.faults.add({ kind: "result-code", resultCode });
    const record = { operation: "?", at: runContext.timeline.now() };
    const { reply } = decide({ core: this.core }, CASH_REGISTER, message, record);
    const body = String(reply.body);
    if (reference !== "") runContext.answered(reference);
    if (record.operation === "sendInvoice" && runContext.happens("contradicting"))
      runContext.contradicting.add(REFERENCE.exec(body)?.[1] ?? "");
    const contradicts = record.operation === "getPaymentStatus" && runContext.contradicting.has(reference);
    if (record.operation === "executeReport")
      return { status: reply.status, body: this.reports.distort(message, body) };
    return {
      status: reply.status,
      body: contradicts ? body.replace(TOTAL, (_, before) => `${before}7.77`) : body,
    };
  }
}

function unreachable(operation: OperationName): SeqrNotDeliveredError {
  return new SeqrNotDeliveredError("SEQR_UNREACHABLE", operation, "SEQR cannot be reached");
}

function late(operation: OperationName): SeqrUnknownOutcomeError {
  return new SeqrUnknownOutcomeError("SEQR_TIMEOUT", operation, "SEQR did not answer in time");
}
