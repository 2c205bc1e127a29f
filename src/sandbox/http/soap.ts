import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { ClientContext } from "../../seqr";
import { base, operations, type OperationName, type RequestOf } from "../../seqr/messages";
import type { Clock } from "../core/clock";
import { CALL_FAULTS, type CallFaultKind, type Fault } from "../core/faults";
import { describe } from "../core/refusal";
import type { Sandbox } from "../core/sandbox";
import type { CallLog, RecordedCall } from "./call-log";
import { readBytes, sendReply, textReply, type Reply } from "./reply";
import { NOP, type SoapService } from "./services";
import { answerReply, faultReply, MessageRefused, readOperation, readRequest } from "./soap-message";
import { checkSchema } from "./strict-reader";

/** What the SOAP side works with. */
export interface SoapContext {
  core: Sandbox;
  clock: Clock;
  calls: CallLog;
  /** Bytes. */
  maxRequestBytes: number;
  /** Resolves when the state is where it survives a restart. */
  persist(): Promise<void>;
}

/** A call that has been read: what is asked, and how to do it. */
interface Call {
  record: RecordedCall;
  /** Does the work and words the answer; fills in the record. */
  work(): Reply;
  /** An answer with this code, without any work. */
  refuse(resultCode: number): Reply;
}

/** Answers one POST to a SOAP service, or lets happen what was ordered instead. */
export async function serveSoap(
  context: SoapContext,
  service: SoapService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = decode(await readBytes(request, context.maxRequestBytes), request.headers["content-type"]);
  if (text === undefined) return sendReply(response, textReply(415, "unknown character set"));
  const record: RecordedCall = { operation: "?", at: context.clock.now() };
  try {
    const call = readCall(context, service, text, record);
    const fault = context.core.faults.takeForCall(record.operation);
    if (fault) return await misbehave(context, call, fault, response);
    const reply = call.work();
    await context.persist();
    sendReply(response, reply);
  } catch (error) {
    if (!(error instanceof MessageRefused)) throw error;
    record.fault = error.message;
    sendReply(response, faultReply("Client", error.message));
  } finally {
    context.calls.add(record);
  }
}

function readCall({ core }: SoapContext, service: SoapService, text: string, record: RecordedCall): Call {
  const element = readOperation(text);
  const name = element.name;
  if (service.unsupported.includes(name) || (service.nop && name === NOP)) {
    record.operation = name;
    const refuse = (resultCode: number): Reply => {
      record.resultCode = resultCode;
      return answerReply(name, base, { resultCode, resultDescription: describe(resultCode) });
    };
    return { record, refuse, work: () => refuse(name === NOP ? 0 : 91) };
  }
  const operation = service.answered.find((known) => known === name);
  if (!operation) throw new MessageRefused(`${service.name} has no operation ${name}`);
  record.operation = operation;
  if (core.settings.strict) checkSchema(operations[operation].request, element, core.settings.emulate);
  const request = readRequest(operation, element);
  describeRequest(record, request);
  const reply = (answer: { resultCode: number; resultDescription: string }): Reply => {
    record.resultCode = answer.resultCode;
    return answerReply(operation, operations[operation].return, answer);
  };
  return {
    record,
    refuse: (resultCode) => {
      const version = operation === "getPaymentStatus" ? { version: 0 } : {};
      return reply({ ...version, resultCode, resultDescription: describe(resultCode) });
    },
    work: () => {
      const { answer, why } = core.perform(operation, request as RequestOf<OperationName>);
      if (why !== undefined) record.why = why;
      const { invoiceReference } = answer as Named;
      if (invoiceReference !== undefined) record.invoiceReference = invoiceReference;
      return reply(answer);
    },
  };
}

/** What requests and answers name things by. */
interface Named {
  context?: ClientContext;
  invoiceReference?: string;
  ersReference?: string;
}

/** Notes what identifies the call; nothing of it is secret. */
function describeRequest(record: RecordedCall, { context, invoiceReference, ersReference }: Named): void {
  if (context?.clientReference !== undefined) record.clientReference = context.clientReference;
  if (context?.initiatorPrincipalId?.id !== undefined) record.principal = context.initiatorPrincipalId.id;
  if (invoiceReference !== undefined) record.invoiceReference = invoiceReference;
  if (ersReference !== undefined) record.ersReference = ersReference;
}

/** Lets an ordered fault happen. The work, where it is done at all, is done before anything goes wrong. */
async function misbehave(
  { persist }: SoapContext,
  call: Call,
  fault: Fault & { kind: CallFaultKind },
  response: ServerResponse,
): Promise<void> {
  call.record.fault = fault.kind;
  const reply = CALL_FAULTS[fault.kind].works ? call.work() : undefined;
  await persist();
  switch (fault.kind) {
    case "delay":
      await pause(fault.ms, undefined, { ref: false });
      if (reply) sendReply(response, reply);
      return;
    case "lost-request":
    case "lost-answer":
      response.destroy();
      return;
    case "result-code":
      return sendReply(response, call.refuse(fault.resultCode));
    case "soap-fault":
      return sendReply(response, faultReply("Server", "Fault by order"));
    case "garbage":
      return sendReply(response, { status: 200, type: "text/xml;charset=UTF-8", body: "\u0000{]<<garbage by order" });
    case "cut-body": {
      const bytes = Buffer.from(reply?.body ?? "");
      response.writeHead(200, { "Content-Type": reply?.type, "Content-Length": bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
      return;
    }
    case "html":
      return sendReply(response, {
        status: 502,
        type: "text/html; charset=utf-8",
        body: "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>",
      });
    case "hang":
      return;
  }
}

/** The text of a body, by the character set of its Content-Type; undefined when nobody knows that set. */
function decode(bytes: Buffer, contentType: string | undefined): string | undefined {
  const [, charset = "utf-8"] = /charset="?([^\s;"]+)/i.exec(contentType ?? "") ?? [];
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
