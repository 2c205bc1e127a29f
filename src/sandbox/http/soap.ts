import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Answer, ClientContext } from "../../seqr";
import { decodeXml } from "../../seqr/wire/character-set";
import { commonAnswer as base } from "../../seqr/operations/message-parts";
import type { OperationName, RequestOf } from "../../seqr/operations";
import { readFields, type Complex } from "../../seqr/wire/schema";
import type { Clock } from "../core/clock";
import { CALL_FAULTS, type CallFaultKind, type Fault } from "../core/faults";
import { describe } from "../core/refusal";
import type { Sandbox } from "../core/sandbox";
import type { CallLog, RecordedCall } from "./call-log";
import { readBytes, sendReply, textReply, type Reply } from "./reply";
import { NOP } from "./other-operations";
import type { SoapService } from "./services";
import { answerReply, faultReply, MessageRefused, readOperation } from "./soap-message";
import { checkSchema } from "./strict-reader";

/** Dependencies of the SOAP services. */
export interface SoapContext {
  core: Sandbox;
  clock: Clock;
  calls: CallLog;
  /** Bytes. */
  maxRequestBytes: number;
  /** Resolves when the state survives a restart. */
  persist(): Promise<void>;
}

/** A call that was read, with its possible answers. */
interface Call {
  /** Executes the operation, formats the answer, and records the result. */
  work(): Reply;
  /** Answer of a fault instead of the operation. */
  refuse(fault: Fault): Reply;
}

/** Answers a POST to a SOAP service, or applies a fault. */
export async function serveSoap(
  context: SoapContext,
  service: SoapService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = await readBytes(request, context.maxRequestBytes);
  const text = decodeXml(bytes, request.headers["content-type"]);
  if (text === undefined) return sendReply(response, textReply(415, "unknown character set"));
  const record: RecordedCall = { operation: "?", at: context.clock.now() };
  const { fault, reply } = decide(context, service, text, record);
  context.calls.add(record);
  await context.persist();
  if (fault) await misbehave(fault, reply, response);
  else sendReply(response, reply);
}

/**
 * Answers the text of a message, without a network. It executes the operation, unless a fault prevents it, before
 * any fault of the answer applies.
 */
export function decide(
  context: Pick<SoapContext, "core">,
  service: SoapService,
  text: string,
  record: RecordedCall,
): { fault?: Fault & { kind: CallFaultKind }; reply: Reply } {
  try {
    const call = readCall(context, service, text, record);
    const fault = context.core.faults.takeForCall(record.operation);
    if (!fault) return { reply: call.work() };
    record.fault = fault.kind;
    return { fault, reply: CALL_FAULTS[fault.kind].works ? call.work() : call.refuse(fault) };
  } catch (error) {
    if (!(error instanceof MessageRefused)) throw error;
    record.fault = error.message;
    return { reply: faultReply(error.code, error.message) };
  }
}

function readCall(
  { core }: Pick<SoapContext, "core">,
  service: SoapService,
  text: string,
  record: RecordedCall,
): Call {
  const element = readOperation(text);
  const { name } = element;
  const shape = service.operations.get(name);
  const isKnown = shape !== undefined || service.undescribed.includes(name);
  if (!isKnown) throw new MessageRefused(`${service.name} has no operation ${name}`);
  record.operation = name;
  if (!shape) return callOf(record, name, base, () => result(91));
  if (core.settings.strict) checkSchema(shape.request, element, core.settings.emulate);
  const operation = service.answered.find((known) => known === name);
  if (!operation) return callOf(record, name, shape.return, () => result(name === NOP ? 0 : 91));
  const request = readFields(shape.request, element);
  describeRequest(record, request);
  return callOf(record, name, shape.return, () => {
    const { answer, why } = core.perform(operation, request as RequestOf<OperationName>);
    if (why !== undefined) record.why = why;
    const { invoiceReference } = answer as Named;
    if (invoiceReference !== undefined) record.invoiceReference = invoiceReference;
    return answer;
  });
}

function callOf(
  record: RecordedCall,
  name: string,
  returned: Complex<unknown>,
  perform: () => Answer & { resultCode: number },
): Call {
  const reply = (answer: { resultCode: number }): Reply => {
    record.resultCode = answer.resultCode;
    return answerReply(name, returned, answer);
  };
  return {
    work: () => reply(perform()),
    refuse: (fault) => {
      switch (fault.kind) {
        case "result-code":
          return reply({ ...(name === "getPaymentStatus" && { version: 0 }), ...result(fault.resultCode) });
        case "html":
          return BAD_GATEWAY;
        default:
          return faultReply("Server", "Fault by order");
      }
    },
  };
}

function result(resultCode: number): { resultCode: number; resultDescription: string } {
  return { resultCode, resultDescription: describe(resultCode) };
}

/** Answer of a proxy whose server is unavailable. */
const BAD_GATEWAY: Reply = {
  status: 502,
  type: "text/html; charset=utf-8",
  body: "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>",
};

/** Answer of a firewall that blocks the service's answer. */
const FORBIDDEN: Reply = {
  status: 403,
  type: "text/html; charset=utf-8",
  body: "<!doctype html><title>403 Forbidden</title><h1>Forbidden</h1>",
};

/** References in requests and answers. */
interface Named {
  context?: ClientContext;
  invoiceReference?: string;
  ersReference?: string;
}

/** Records the references of a call, without secrets. */
function describeRequest(record: RecordedCall, { context, invoiceReference, ersReference }: Named): void {
  if (context?.clientReference !== undefined) record.clientReference = context.clientReference;
  if (context?.initiatorPrincipalId?.id !== undefined) record.principal = context.initiatorPrincipalId.id;
  if (invoiceReference !== undefined) record.invoiceReference = invoiceReference;
  if (ersReference !== undefined) record.ersReference = ersReference;
}

/** Applies a fault to the answer. */
async function misbehave(
  fault: Fault & { kind: CallFaultKind },
  reply: Reply,
  response: ServerResponse,
): Promise<void> {
  switch (fault.kind) {
    case "hang":
      return;
    case "lost-request":
    case "lost-answer":
      response.destroy();
      return;
    case "garbage":
      return sendReply(response, { ...reply, body: "{]<< garbage by order" });
    case "blocked":
      return sendReply(response, FORBIDDEN);
    case "cut-body": {
      const bytes = Buffer.from(reply.body);
      response.writeHead(reply.status, { "Content-Type": reply.type, "Content-Length": bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
      return;
    }
    case "delay":
      await pause(fault.ms, undefined, { ref: false });
      return sendReply(response, reply);
    default:
      return sendReply(response, reply);
  }
}
