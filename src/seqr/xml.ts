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

/**
 * Strict entities: only the five that XML predefines. Namespaces are not left to sax, which takes minutes over an
 * element with very many attributes.
 */
const OPTIONS = { strictEntities: true, position: false };

/** What XML 1.0 cannot carry: control characters, halves of a surrogate pair, two non-characters. */
// eslint-disable-next-line no-control-regex -- these are exactly the characters that are meant
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;
const EVERY_NOT_XML = new RegExp(NOT_XML, "gu");

/** Where a comment, a CDATA section or a declaration may begin; sax allows the blank, XML does not. */
const BEFORE_MARKUP = /(?=<\s*!)/;
const DECLARATION = /^<(\s+!|!(?!--|\[CDATA\[))/;

/** Namespaces by prefix, "" for the default one. Inherits from the scope of the element around it. */
type Scope = Record<string, string>;
const OUTERMOST: Scope = Object.assign(Object.create(null) as Scope, {
  "": "",
  xml: "http://www.w3.org/XML/1998/namespace",
});

/**
 * Parses a document into a tree. DTDs and all entities but the five predefined ones are refused (SOAP 1.1
 * section 3), and so is nesting deeper than 64 levels. The work grows with the length of the text and nothing else.
 *
 * @throws {XmlError} when the text is not well-formed or not allowed
 */
export function parseXml(text: string): XmlElement {
  if (NOT_XML.test(text)) throw new XmlError("a character that XML does not allow");
  const document: XmlElement = { name: "", namespace: "", children: [], text: "" };
  try {
    parseInto(document, text);
  } catch (error) {
    throw error instanceof XmlError ? error : new XmlError("not well-formed");
  }
  const root = document.children[0];
  if (!root || document.children.length > 1) throw new XmlError("not exactly one root element");
  return root;
}

/** An element whose end has not been read yet. */
interface Open {
  element: XmlElement;
  scope: Scope;
  depth: number;
  outer?: Open;
}

function parseInto(document: XmlElement, text: string): void {
  const parser = sax.parser(true, OPTIONS);
  let inner: Open = { element: document, scope: OUTERMOST, depth: 0 };
  let inCdata = false;

  parser.onerror = (error) => {
    throw new XmlError(error.message.split(/[\n:]/)[0]);
  };
  parser.onopentag = ({ name, attributes }) => {
    if (inner.depth === MAX_DEPTH) throw new XmlError(`nested deeper than ${MAX_DEPTH} levels`);
    const scope = scopeOf(attributes as Record<string, string>, inner.scope);
    const colon = name.indexOf(":");
    const namespace = scope[colon < 0 ? "" : name.slice(0, colon)];
    if (namespace === undefined) throw new XmlError("a namespace prefix is not declared");
    const element: XmlElement = { name: name.slice(colon + 1), namespace, children: [], text: "" };
    inner.element.children.push(element);
    inner = { element, scope, depth: inner.depth + 1, outer: inner };
  };
  parser.onclosetag = () => {
    inner = inner.outer ?? inner;
  };
  parser.ontext = (data) => {
    inner.element.text += data;
  };
  parser.oncdata = parser.ontext;
  parser.onopencdata = () => {
    inCdata = true;
  };
  parser.onclosecdata = () => {
    inCdata = false;
  };

  // Declarations are refused before sax reads them: it takes hours over a long one.
  for (const part of text.split(BEFORE_MARKUP)) {
    if (!inCdata && DECLARATION.test(part)) throw new XmlError("a document type declaration is not allowed");
    parser.write(part);
  }
  parser.close();
}

function scopeOf(attributes: Record<string, string>, outer: Scope): Scope {
  let scope = outer;
  for (const name in attributes) {
    if (name !== "xmlns" && !name.startsWith("xmlns:")) continue;
    if (scope === outer) scope = Object.create(outer) as Scope;
    scope[name.slice("xmlns:".length)] = attributes[name] ?? "";
  }
  return scope;
}

/** The first child with this local name, whatever its namespace. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Escapes text for element content or a double-quoted attribute; characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text: string): string {
  return text.replace(EVERY_NOT_XML, "").replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? "");
}
