import { readBody, writeAnswer, writeFault } from "../../seqr/envelope";
import { SERVICE_NAMESPACE } from "../../seqr/messages";
import type { Complex } from "../../seqr/schema";
import { XmlError, type XmlElement } from "../../seqr/xml";
import { XML, type Reply } from "./reply";

/** The message cannot be taken: SOAP fault, HTTP 500 (PROTOCOL 1.2). */
export class MessageRefused extends Error {}

/**
 * The operation element of a request.
 *
 * @throws {MessageRefused} when the text is no SOAP 1.1 message of this service
 */
export function readOperation(text: string): XmlElement {
  let element: XmlElement | undefined;
  try {
    element = readBody(text);
  } catch (error) {
    if (error instanceof XmlError)
      throw new MessageRefused(`Error reading XMLStreamReader: ${error.message}`);
    throw error;
  }
  if (!element)
    throw new MessageRefused("The message is not a SOAP 1.1 message with one element in its body");
  if (element.namespace !== SERVICE_NAMESPACE) {
    throw new MessageRefused(`The operation is not in the namespace ${SERVICE_NAMESPACE}`);
  }
  return element;
}

export function answerReply(name: string, shape: Complex<unknown>, answer: object): Reply {
  return { status: 200, type: XML, body: writeAnswer(name, shape, answer) };
}

export function faultReply(code: "Client" | "Server", message: string): Reply {
  return { status: 500, type: XML, body: writeFault({ code, message }) };
}
