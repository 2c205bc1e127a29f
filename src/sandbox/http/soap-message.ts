import {
  SERVICE_NAMESPACE,
  readMessage,
  writeAnswer,
  writeFault,
  type SoapMessage,
} from "../../seqr/wire/envelope";
import type { Complex } from "../../seqr/wire/schema";
import { XmlError, type XmlElement } from "../../seqr/wire/xml";
import { XML, type Reply } from "./reply";

/** The message is refused with a SOAP fault, HTTP 500 (PROTOCOL 1.2). */
export class MessageRefused extends Error {
  /** @param code SOAP's fault code */
  constructor(
    message: string,
    readonly code: "Client" | "MustUnderstand" = "Client",
  ) {
    super(message);
  }
}

/**
 * Reads the operation element of a request.
 *
 * @throws {MessageRefused} when the text is not a SOAP 1.1 message of this service, or has a header that must be understood
 */
export function readOperation(text: string): XmlElement {
  const message = parse(text);
  const [header] = message?.mandatory ?? [];
  if (header !== undefined) {
    throw new MessageRefused(`MustUnderstand headers: [${header}] are not understood.`, "MustUnderstand");
  }
  const [element, ...more] = message?.body ?? [];
  if (!element || more.length > 0)
    throw new MessageRefused("The message is not a SOAP 1.1 message with one element in its body");
  if (element.namespace !== SERVICE_NAMESPACE) {
    throw new MessageRefused(`The operation is not in the namespace ${SERVICE_NAMESPACE}`);
  }
  return element;
}

function parse(text: string): SoapMessage | undefined {
  try {
    return readMessage(text);
  } catch (error) {
    if (error instanceof XmlError)
      throw new MessageRefused(`Error reading XMLStreamReader: ${error.message}`);
    throw error;
  }
}

export function answerReply(name: string, shape: Complex<unknown>, answer: object): Reply {
  return { status: 200, type: XML, body: writeAnswer(name, shape, answer) };
}

export function faultReply(code: MessageRefused["code"] | "Server", message: string): Reply {
  return { status: 500, type: XML, body: writeFault({ code, message }) };
}
