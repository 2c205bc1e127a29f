import {
  parseXml as parseDocument,
  XmlDocumentType,
  XmlElement as ParsedElement,
  XmlProcessingInstruction,
  XmlText,
  type XmlDocument,
} from "@rgrove/parse-xml";
import { XmlError } from "./xml-error";
import { NamespaceScope, splitName } from "./xml-namespaces";

export { XmlError };

/** One element of a parsed document. Text of mixed content is concatenated; attributes are not kept. */
export interface XmlElement {
  /** Local name, without prefix. */
  name: string;
  /** Namespace URI, empty when the element is unqualified. */
  namespace: string;
  children: XmlElement[];
  /** Character data and CDATA directly inside this element. */
  text: string;
}

/** An attribute whose name has a prefix, such as `soap:mustUnderstand`. */
interface XmlAttribute {
  /** Local name, without prefix. */
  name: string;
  /** Namespace URI. */
  namespace: string;
  value: string;
}

/** The attributes with a prefix, by the element that they stand in. */
export type XmlAttributes = Map<XmlElement, readonly XmlAttribute[]>;

const MAX_DEPTH = 64;

/** Characters that XML 1.0 cannot carry: control characters, halves of a surrogate pair, two non-characters. */
// eslint-disable-next-line no-control-regex -- these are exactly the characters that are meant
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

/**
 * The XML declaration, if there is one. The parser takes an empty encoding and parts without a blank between them, so
 * the declaration is checked here as well. What it says of the encoding no longer matters: the text is decoded.
 */
const XML_DECLARATION = new RegExp(
  `^\\ufeff?(?!<\\?xml[ \\t\\n?])|^\\ufeff?<\\?xml${declared("version", "1\\.[0-9]+")}` +
    `(?:${declared("encoding", "[A-Za-z][A-Za-z0-9._\\-]*")})?(?:${declared("standalone", "yes|no")})?[ \\t\\n]*\\?>`,
);

function declared(name: string, value: string): string {
  return `[ \\t\\n]+${name}[ \\t\\n]*=[ \\t\\n]*(?:"(?:${value})"|'(?:${value})')`;
}

/**
 * Parses a document into a tree. The parser is @rgrove/parse-xml; added here are namespaces, a limit of depth, and the
 * refusal of DTDs, which SOAP forbids (SOAP 1.1 section 3). Entities other than the five predefined ones are refused.
 * Line ends are normalised first, since the parser takes quadratic time for many carriage returns.
 *
 * @param attributes gets the attributes with a prefix, for those who need them
 * @throws {XmlError} when the text is not well-formed or not allowed
 */
export function parseXml(text: string, attributes?: XmlAttributes): XmlElement {
  const normalized = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (!XML_DECLARATION.test(normalized)) throw new XmlError("not well-formed");
  const { root, children } = parse(normalized);
  for (const node of children) {
    if (node instanceof XmlDocumentType) throw new XmlError("a document type declaration is not allowed");
    if (node instanceof XmlProcessingInstruction) checkInstruction(node);
  }
  if (!root) throw new XmlError("not exactly one root element");
  return readElement(root, new NamespaceScope(), attributes, 1);
}

/** The parser's own error is dropped: it quotes the text. Nesting that exhausts the stack is a RangeError. */
function parse(text: string): XmlDocument {
  try {
    return parseDocument(text, { preserveDocumentType: true });
  } catch {
    throw new XmlError("not well-formed");
  }
}

function readElement(
  parsed: ParsedElement,
  outer: NamespaceScope,
  attributes: XmlAttributes | undefined,
  depth: number,
): XmlElement {
  if (depth > MAX_DEPTH) throw new XmlError(`nested deeper than ${MAX_DEPTH} levels`);
  const { scope, qualified } = readAttributes(parsed.attributes, outer);
  const { prefix, local } = splitName(parsed.name);
  const element: XmlElement = { name: local, namespace: scope.namespaceOf(prefix), children: [], text: "" };
  if (qualified.length > 0) attributes?.set(element, qualified);
  for (const node of parsed.children) {
    if (node instanceof XmlText) element.text += node.text;
    else if (node instanceof ParsedElement)
      element.children.push(readElement(node, scope, attributes, depth + 1));
    else if (node instanceof XmlProcessingInstruction) checkInstruction(node);
  }
  return element;
}

/** The namespaces that an element's attributes declare, and those of its attributes that have a prefix. */
function readAttributes(
  parsed: Record<string, string>,
  outer: NamespaceScope,
): { scope: NamespaceScope; qualified: XmlAttribute[] } {
  let scope = outer;
  const prefixed: [prefix: string, local: string, value: string][] = [];
  for (const name in parsed) {
    const { prefix, local } = splitName(name);
    const value = parsed[name] ?? "";
    if (name === "xmlns" || prefix === "xmlns") {
      if (scope === outer) scope = new NamespaceScope(outer);
      scope.declare(prefix === "xmlns" ? local : "", value);
    } else if (prefix !== "") {
      prefixed.push([prefix, local, value]);
    }
  }
  const names = new Set<string>();
  const qualified = prefixed.map(([prefix, name, value]) => {
    const namespace = scope.namespaceOf(prefix);
    const expanded = `${namespace} ${name}`;
    if (names.has(expanded)) throw new XmlError("not well-formed");
    names.add(expanded);
    return { name, namespace, value };
  });
  return { scope, qualified };
}

/** Refuses a colon in the name of a processing instruction (Namespaces in XML 1.0 section 7). */
function checkInstruction({ name }: XmlProcessingInstruction): void {
  if (name.includes(":")) throw new XmlError("not well-formed");
}

/** The first child with this local name, whatever its namespace. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** Whether XML 1.0 can carry every character of the text. */
export function isXmlText(text: string): boolean {
  return text.search(NOT_XML) < 0;
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Finds texts that may need escaping; most do not. It sees the halves of a surrogate pair one by one. */
// eslint-disable-next-line no-control-regex -- these are exactly the characters that are meant
const PERHAPS_SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ud800-\udfff\ufffe\uffff]/;

/**
 * Writes text as element content: in a CDATA section when it is markup, which takes less than escaping it. A carriage
 * return would not survive there.
 */
export function writeMarkup(text: string): string {
  if (!text.includes("<") || text.includes("\r")) return escapeXml(text);
  return `<![CDATA[${text.replace(NOT_XML, "").replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

/** Escapes text for element content or a double-quoted attribute; characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text: string): string {
  if (!PERHAPS_SPECIAL.test(text)) return text;
  return text.replace(NOT_XML, "").replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? "");
}
