import { parseWithLongTexts } from "./long-texts";
import { childOf, escapeXml, parseXml, type XmlAttributes, type XmlElement } from "./xml";
import { readFields, writeFields, type Complex } from "./schema";

/** Namespace of SOAP 1.1. */
export const ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";

/** Namespace of the operation elements; everything inside them is unqualified (PROTOCOL 1.1). */
export const SERVICE_NAMESPACE = "http://external.interfaces.ers.seamless.com/";

/** A SOAP 1.1 fault: the service did not process the message (PROTOCOL 1.2). */
export interface SoapFault {
  /** Local part of the fault code: `Client`, `Server`, … */
  code: string;
  message: string;
}

/** A SOAP 1.1 message that has been read. */
export interface SoapMessage {
  /** Names of the header entries that the receiver must understand (SOAP 1.1 section 4.2.3). */
  mandatory: string[];
  /** The elements in the body. */
  body: readonly XmlElement[];
}

/** The actor of header entries for the next receiver. */
const NEXT_ACTOR = "http://schemas.xmlsoap.org/soap/actor/next";

/** Writes a request as the documentation shows it. */
export function writeRequest<T>(operation: string, shape: Complex<T>, value: T): string {
  return writeEnvelope("soapenv", "ext", operation, writeFields(shape, value));
}

/** Writes an answer as the live service did: `soap` and `ns2` prefixes, one `return`. */
export function writeAnswer<T>(operation: string, shape: Complex<T>, value: T): string {
  return writeEnvelope(
    "soap",
    "ns2",
    `${operation}Response`,
    `<return>${writeFields(shape, value)}</return>`,
  );
}

/** Writes a fault. */
export function writeFault(fault: SoapFault): string {
  return (
    `<soap:Envelope xmlns:soap="${ENVELOPE_NAMESPACE}"><soap:Body><soap:Fault>` +
    `<faultcode>soap:${escapeXml(fault.code)}</faultcode><faultstring>${escapeXml(fault.message)}</faultstring>` +
    `</soap:Fault></soap:Body></soap:Envelope>`
  );
}

function writeEnvelope(soap: string, service: string, element: string, content: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>` +
    `<${soap}:Envelope xmlns:${soap}="${ENVELOPE_NAMESPACE}" xmlns:${service}="${SERVICE_NAMESPACE}">` +
    `<${soap}:Body><${service}:${element}>${content}</${service}:${element}></${soap}:Body></${soap}:Envelope>`
  );
}

/**
 * Reads the first element of the SOAP body: the operation, its answer, or a fault.
 *
 * @throws {XmlError} when the text is not well-formed XML
 * @returns undefined when it is XML but not a SOAP 1.1 message
 */
export function readBody(text: string): XmlElement | undefined {
  return bodyOf(parseWithLongTexts(text))?.children[0];
}

/**
 * Reads the whole message, for a service that has to refuse header entries which it does not understand.
 *
 * @throws {XmlError} when the text is not well-formed XML
 * @returns undefined when it is XML but not a SOAP 1.1 message
 */
export function readMessage(text: string): SoapMessage | undefined {
  const attributes: XmlAttributes = new Map();
  const root = parseXml(text, attributes);
  const body = bodyOf(root)?.children;
  const headers = childOf(root, "Header")?.children ?? [];
  const isMandatory = (header: XmlElement): boolean => {
    const valueOf = (name: string): string | undefined =>
      attributes
        .get(header)
        ?.find((one) => one.name === name && one.namespace === ENVELOPE_NAMESPACE)
        ?.value.trim();
    return (
      /^(1|true)$/.test(valueOf("mustUnderstand") ?? "") && ["", NEXT_ACTOR].includes(valueOf("actor") ?? "")
    );
  };
  return body && { mandatory: headers.filter(isMandatory).map(({ name }) => name), body };
}

function bodyOf(root: XmlElement): XmlElement | undefined {
  if (root.name !== "Envelope" || root.namespace !== ENVELOPE_NAMESPACE) return undefined;
  const body = childOf(root, "Body");
  return body?.namespace === ENVELOPE_NAMESPACE ? body : undefined;
}

/** The fault that a body element is, if it is one. */
export function faultIn(element: XmlElement): SoapFault | undefined {
  if (element.name !== "Fault" || element.namespace !== ENVELOPE_NAMESPACE) return undefined;
  const code = childOf(element, "faultcode")?.text.trim() ?? "";
  return { code: code.split(":").pop() ?? "", message: childOf(element, "faultstring")?.text.trim() ?? "" };
}

/** The content of `return`, or undefined when this is not the answer to that operation. */
export function answerIn<T>(
  element: XmlElement,
  operation: string,
  shape: Complex<T>,
): Partial<T> | undefined {
  const found = element.name === `${operation}Response` ? childOf(element, "return") : undefined;
  return found && readFields(shape, found);
}
