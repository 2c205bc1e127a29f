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

/** The text is not a well-formed document, or uses something that a SOAP message must not (DTD, entities). */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

const MAX_DEPTH = 64;

/** What XML 1.0 cannot carry: control characters, halves of a surrogate pair, two non-characters. */
// eslint-disable-next-line no-control-regex -- these are exactly the characters that are meant
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;
const EVERY_NOT_XML = new RegExp(NOT_XML, "gu");

const BLANKS = "[ \\t\\n]";
/** The declaration that a document may begin with. What it says of the encoding is past when there is a text. */
const XML_DECLARATION = new RegExp(
  `\\ufeff?(?:<\\?xml${declared("version", "1\\.[0-9]+")}(?:${declared("encoding", "[A-Za-z][A-Za-z0-9._\\-]*")})?` +
    `(?:${declared("standalone", "yes|no")})?${BLANKS}*\\?>)?`,
  "y",
);

function declared(name: string, value: string): string {
  return `${BLANKS}+${name}${BLANKS}*=${BLANKS}*(?:"(?:${value})"|'(?:${value})')`;
}

const NAME_START =
  "A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c-\\u200d\\u2070-\\u218f" +
  "\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const NAME_REST = "\\u0300-\\u036f\\-.0-9\\u00b7\\u203f-\\u2040";
/** A name without a colon (Namespaces in XML 1.0 section 3). */
const NAME = new RegExp(`[${NAME_START}][${NAME_REST}${NAME_START}]*`, "uy");
/** By character code: 2 may begin a name, 1 may follow in it. Names of SOAP messages need no more than this. */
const ASCII_NAME = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /[A-Za-z_]/.test(character) ? 2 : /[-.0-9]/.test(character) ? 1 : 0;
});

const REFERENCE = /&(?:#x([0-9a-fA-F]+);|#([0-9]+);|(lt|gt|amp|quot|apos);)?/g;
const PREDEFINED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

// Character codes.
const TAB = 9;
const LINE_FEED = 10;
const BLANK = 32;
const AMPERSAND = 38;
const SLASH = 47;
const COLON = 58;
const LESS_THAN = 60;
const GREATER_THAN = 62;
const BRACKET = 93;

/**
 * Parses a document into a tree. DTDs and all entities but the five predefined ones are refused (SOAP 1.1
 * section 3), and so is nesting deeper than 64 levels. The work grows with the length of the text and nothing else.
 *
 * @param attributes gets the attributes with a prefix, for those who need them
 * @throws {XmlError} when the text is not well-formed or not allowed
 */
export function parseXml(text: string, attributes?: XmlAttributes): XmlElement {
  if (NOT_XML.test(text)) throw new XmlError("a character that XML does not allow");
  return new Reader(text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text, attributes).document();
}

/** What prefixes meant outside of the element that declares them anew. */
type Shadowed = [prefix: string, namespace: string | undefined][];

/** Reads one document from its beginning to its end. Every character is looked at once, or twice where it is rare. */
class Reader {
  readonly #source: string;
  #at = 0;
  /** Namespaces by prefix, "" for the default one, as they are at this place. */
  readonly #namespaces = new Map<string, string | undefined>([
    ["", ""],
    ["xml", XML_NAMESPACE],
  ]);

  readonly #attributesOf: XmlAttributes | undefined;

  constructor(source: string, attributes?: XmlAttributes) {
    this.#source = source;
    this.#attributesOf = attributes;
  }

  document(): XmlElement {
    XML_DECLARATION.lastIndex = 0;
    XML_DECLARATION.test(this.#source);
    this.#at = XML_DECLARATION.lastIndex;
    this.#betweenElements();
    if (!this.#take("<")) throw new XmlError("not exactly one root element");
    const root = this.#element(1);
    this.#betweenElements();
    if (this.#at < this.#source.length) throw new XmlError("not exactly one root element");
    return root;
  }

  /** Comments, processing instructions and blanks before and after the root. */
  #betweenElements(): void {
    do this.#blanks();
    while (this.#instruction() || this.#comment());
    if (this.#source.startsWith("<!", this.#at)) refuseDeclaration();
  }

  /** An element, of which "<" has been read. */
  #element(depth: number): XmlElement {
    if (depth > MAX_DEPTH) throw new XmlError(`nested deeper than ${MAX_DEPTH} levels`);
    const source = this.#source;
    const start = this.#at;
    let prefix = "";
    let name = this.#name();
    if (source.charCodeAt(this.#at) === COLON) {
      this.#at += 1;
      prefix = name;
      name = this.#name();
    }
    const end = this.#at;
    const attributes = source.charCodeAt(end) === GREATER_THAN ? undefined : this.#attributes();
    const element: XmlElement = { name, namespace: this.#namespaceOf(prefix), children: [], text: "" };
    if (attributes) this.#attributesOf?.set(element, attributes.qualified);
    if (this.#take(">")) this.#content(element, prefix ? source.slice(start, end) : name, depth);
    else if (!this.#take("/>")) fail();
    if (attributes)
      for (const [declared, outside] of attributes.shadowed) this.#namespaces.set(declared, outside);
    return element;
  }

  /** What is in an element, and its end tag. */
  #content(element: XmlElement, qualifiedName: string, depth: number): void {
    const source = this.#source;
    for (;;) {
      if (source.charCodeAt(this.#at) !== LESS_THAN) element.text += this.#characters();
      const code = source.charCodeAt(this.#at + 1);
      if (code === SLASH) break;
      if (ASCII_NAME[code] === 2) {
        this.#at += 1;
        element.children.push(this.#element(depth + 1));
      } else {
        this.#rare(element, depth);
      }
    }
    this.#at += 2;
    if (!this.#take(qualifiedName)) fail();
    this.#blanks();
    if (!this.#take(">")) fail();
  }

  /** What may begin with "<" and is no common tag. */
  #rare(element: XmlElement, depth: number): void {
    if (this.#instruction() || this.#comment()) return;
    if (this.#take("<![CDATA[")) element.text += this.#until("]]>");
    else if (this.#take("<!")) refuseDeclaration();
    else if (this.#take("<")) element.children.push(this.#element(depth + 1));
    else fail();
  }

  /** Reads attributes, of which only declarations of namespaces have an effect here. */
  #attributes(): { shadowed: Shadowed; qualified: XmlAttribute[] } {
    const source = this.#source;
    const shadowed: Shadowed = [];
    const names = new Set<string>();
    const prefixed: [prefix: string, name: string, value: string][] = [];
    const once = (name: string): void => {
      if (names.has(name)) fail();
      names.add(name);
    };
    while (this.#blanks()) {
      const next = source.charCodeAt(this.#at);
      if (next === GREATER_THAN || next === SLASH) break;
      const first = this.#name();
      const second = this.#take(":") ? this.#name() : undefined;
      this.#blanks();
      if (!this.#take("=")) fail();
      this.#blanks();
      const value = this.#attributeValue();
      if (first === "xmlns") {
        once(`xmlns:${second ?? ""}`);
        shadowed.push(this.#declare(second ?? "", value));
      } else if (second === undefined) {
        once(first);
      } else {
        prefixed.push([first, second, value]);
      }
    }
    const qualified = prefixed.map(([prefix, name, value]) => {
      const namespace = this.#namespaceOf(prefix);
      once(`${namespace} ${name}`);
      return { name, namespace, value };
    });
    return { shadowed, qualified };
  }

  #attributeValue(): string {
    const quote = this.#take('"') ? '"' : this.#take("'") ? "'" : fail();
    const value = this.#until(quote);
    if (value.includes("<")) fail();
    return value.includes("&") ? resolveReferences(value) : value;
  }

  /** Gives a prefix a new meaning (Namespaces in XML 1.0 section 3); gives the one that it had. */
  #declare(prefix: string, namespace: string): Shadowed[number] {
    const reserved = prefix === "xmlns" || namespace === XMLNS_NAMESPACE;
    const renamed = (prefix === "xml") !== (namespace === XML_NAMESPACE);
    if (reserved || renamed || (prefix !== "" && namespace === "")) fail();
    const outside = this.#namespaces.get(prefix);
    this.#namespaces.set(prefix, namespace);
    return [prefix, outside];
  }

  #namespaceOf(prefix: string): string {
    const namespace = this.#namespaces.get(prefix);
    if (namespace === undefined) throw new XmlError("a namespace prefix is not declared");
    return namespace;
  }

  /** A name without a colon. */
  #name(): string {
    const source = this.#source;
    const start = this.#at;
    let end = start;
    let code = source.charCodeAt(end);
    if (ASCII_NAME[code] === 2) {
      do code = source.charCodeAt(++end);
      while (code < 128 && ASCII_NAME[code] !== 0);
    }
    if (code > 127) {
      NAME.lastIndex = start;
      end = NAME.test(source) ? NAME.lastIndex : start;
    }
    if (end === start) fail();
    this.#at = end;
    return source.slice(start, end);
  }

  /** Text up to the next "<". */
  #characters(): string {
    const source = this.#source;
    const start = this.#at;
    const { length } = source;
    let end = start;
    let plain = true;
    for (; end < length; end++) {
      const code = source.charCodeAt(end);
      if (code === LESS_THAN) break;
      if (code === AMPERSAND || code === BRACKET) plain = false;
    }
    if (end === length) throw new XmlError("cut off");
    this.#at = end;
    const text = source.slice(start, end);
    if (plain) return text;
    if (text.includes("]]>")) fail();
    return resolveReferences(text);
  }

  #comment(): boolean {
    if (!this.#take("<!--")) return false;
    this.#until("--");
    return this.#take(">") || fail();
  }

  #instruction(): boolean {
    if (!this.#take("<?")) return false;
    const target = this.#name();
    if (target.toLowerCase() === "xml") fail();
    if (!this.#source.startsWith("?>", this.#at) && !this.#blanks()) fail();
    this.#until("?>");
    return true;
  }

  /** What comes before a mark, which is read as well. */
  #until(mark: string): string {
    const end = this.#source.indexOf(mark, this.#at);
    if (end < 0) throw new XmlError("cut off");
    const text = this.#source.slice(this.#at, end);
    this.#at = end + mark.length;
    return text;
  }

  /** Whether there are blanks, which are read. */
  #blanks(): boolean {
    const start = this.#at;
    for (;;) {
      const code = this.#source.charCodeAt(this.#at);
      if (code !== BLANK && code !== LINE_FEED && code !== TAB) return this.#at > start;
      this.#at += 1;
    }
  }

  /** Whether this comes next; then it is read. */
  #take(mark: string): boolean {
    if (!this.#source.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }
}

/** The error names no part of the text, which may be secret. */
function fail(): never {
  throw new XmlError("not well-formed");
}

function refuseDeclaration(): never {
  throw new XmlError("a document type declaration is not allowed");
}

function resolveReferences(text: string): string {
  return text.replace(REFERENCE, (_, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return PREDEFINED[name] ?? "";
    const code = hex !== undefined ? parseInt(hex, 16) : parseInt(decimal ?? "", 10);
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : "";
    if (character === "" || NOT_XML.test(character)) throw new XmlError("a reference that XML does not know");
    return character;
  });
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

/** Most texts hold nothing of this and are written as they are. The halves of a pair are seen one by one here. */
// eslint-disable-next-line no-control-regex -- these are exactly the characters that are meant
const PERHAPS_SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\ud800-\udfff\ufffe\uffff]/;

/** Escapes text for element content or a double-quoted attribute; characters that XML 1.0 cannot carry are left out. */
export function escapeXml(text: string): string {
  if (!PERHAPS_SPECIAL.test(text)) return text;
  return text.replace(EVERY_NOT_XML, "").replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? "");
}
