/**
 * The text is not a well-formed document, or uses something that a SOAP message must not (DTD, entities). The message
 * repeats no part of the text, which may be secret.
 */
export class XmlError extends Error {
  override readonly name = "XmlError";
}
