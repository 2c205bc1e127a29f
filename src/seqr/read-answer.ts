import { SeqrNotDeliveredError, SeqrResultError, SeqrUnknownOutcomeError } from "./errors";
import type { Answer } from "./types";
import { answerIn, faultIn, readBody } from "./wire/envelope";
import type { Complex } from "./wire/schema";
import type { HttpAnswer } from "./wire/transport";
import { escapeXml, XmlError, type XmlElement } from "./wire/xml";

/**
 * Reads the answer to an operation. Every answer but a success is thrown as the error that says what it means for the
 * operation's outcome (PROTOCOL 1.2).
 *
 * @param shape the content of `return`
 * @param secrets texts that an error must not repeat
 */
export function readAnswer<Return>(
  operation: string,
  shape: Complex<Return>,
  { status, body }: HttpAnswer,
  secrets: string[],
): Partial<Return> {
  const invalid = (detail: string): never => {
    throw new SeqrUnknownOutcomeError("SEQR_ANSWER_INVALID", operation, `${detail} (HTTP ${status})`);
  };
  const element = readSoap(body);
  if (typeof element === "string") {
    if (status < 300 || status > 499) return invalid(element);
    // A firewall may have let the request pass and stopped the answer, so the outcome is unknown.
    throw new SeqrUnknownOutcomeError(
      "SEQR_HTTP_REFUSED",
      operation,
      `HTTP ${status} came in place of an answer`,
    );
  }
  throwFault(operation, element, secrets);
  if (status > 299) return invalid("an answer came with the status of an error");
  const answer = answerIn(element, operation, shape) ?? invalid(`the answer is not one to ${operation}`);
  const { resultCode, resultDescription } = answer as Answer;
  if (resultCode === undefined) return invalid("the answer has no resultCode");
  if (resultCode !== 0) {
    throw new SeqrResultError(
      operation,
      resultCode,
      resultDescription && shorten(resultDescription, secrets),
    );
  }
  return answer;
}

/** Throws the fault in a SOAP body, if there is one. */
function throwFault(operation: string, element: XmlElement, secrets: string[]): void {
  const fault = faultIn(element);
  if (!fault) return;
  const message = shorten(fault.message, secrets);
  // These three say that the message was not acted upon (SOAP 1.1 section 4.4.1).
  if (/^(Client|MustUnderstand|VersionMismatch)\b/.test(fault.code)) {
    throw new SeqrNotDeliveredError(
      "SEQR_MESSAGE_REFUSED",
      operation,
      `SEQR refused the message: ${message}`,
    );
  }
  throw new SeqrUnknownOutcomeError("SEQR_FAULT", operation, `SEQR failed: ${message}`);
}

/** The first element of the SOAP body, or why there is none. */
function readSoap(body: string): XmlElement | string {
  try {
    return readBody(body) ?? "the answer is not a SOAP message";
  } catch (error) {
    if (error instanceof XmlError) return `the answer is not XML: ${error.message}`;
    throw error;
  }
}

/** SEQR's free text on one line, without the secrets that it may repeat, and no longer than a log can bear. */
function shorten(text: string, secrets: string[]): string {
  const forms = secrets.flatMap((secret) => [escapeXml(secret), secret]);
  const shown = forms.reduce((rest, form) => rest.replaceAll(form, "***"), text);
  return shown.replace(/\s+/g, " ").trim().slice(0, 200);
}
