import sax from "sax";

/** One element of a parsed document. Text of mixed content is concatenated; attributes are not kept. */
export interface XmlElement {
  /** Local name, without prefix. */
  name: string;
  /** Namespace URI, empty when the element is unqualified. */
  namespace: string;
  children: XmlElement[];
  /** Character data and CDATA directly inside this element, as written. */
  text: string;
}

/** The text is not a well-formed document, or uses something that a SOAP message must not (DTD, entities). */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

const MAX_DEPTH = 64;

/** Strict entities: only the five that XML predefines. */
const OPTIONS = { xmlns: true, strictEntities: true };

/**
 * Parses a document into a tree. DTDs and all entities but the five predefined ones are refused (SOAP 1.1
 * section 3), and so is nesting deeper than 64 levels.
 *
 * @throws {XmlError} when the text is not well-formed or not allowed
 */
export function parseXml(text: string): XmlElement {
  const parser = sax.parser(true, OPTIONS);
  const document: XmlElement = { name: "", namespace: "", children: [], text: "" };
  const open: XmlElement[] = [document];
  const current = (): XmlElement => open[open.length - 1] ?? document;
  const refuse = (what: string): never => {
    throw new XmlError(what);
  };

  parser.onerror = (error) => refuse(error.message.split("\n")[0] ?? "not well-formed");
  parser.ondoctype = () => refuse("a document type declaration is not allowed");
  parser.onsgmldeclaration = () => refuse("a markup declaration is not allowed");
  parser.onopentag = (tag) => {
    if (open.length > MAX_DEPTH) refuse(`nested deeper than ${MAX_DEPTH} levels`);
    const { local, uri } = tag as sax.QualifiedTag;
    const element: XmlElement = { name: local, namespace: uri, children: [], text: "" };
    current().children.push(element);
    open.push(element);
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.ontext = (data) => {
    current().text += data;
  };
  parser.oncdata = (data) => {
    current().text += data;
  };

  parser.write(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).close();
  const root = document.children[0];
  if (!root || document.children.length > 1) throw new XmlError("not exactly one root element");
  return root;
}

/** The first child with this local name, whatever its namespace. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

// eslint-disable-next-line no-control-regex -- these are exactly the characters that XML 1.0 cannot carry
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

/** Escapes text for element content or a double-quoted attribute; characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text: string): string {
  return text.replace(NOT_XML, "").replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? "");
}
