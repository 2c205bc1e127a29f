import { XmlError } from "./xml-error";

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

/** A name of an element or an attribute, taken apart. */
export interface QualifiedName {
  /** Empty when there is none. */
  prefix: string;
  /** Without the prefix. */
  local: string;
}

/** What the parser takes in a name, but not at its beginning; nor may the part after a prefix begin with it. */
const NO_NAME_START = /^(?:[-.0-9:\u00b7\u203f\u2040]|[\u0300-\u036f])/;

/**
 * Splits a name that the parser has taken at its colon (Namespaces in XML 1.0 section 4).
 *
 * @throws {XmlError} when it has more than one colon, or nothing before or after it
 */
export function splitName(name: string): QualifiedName {
  const colon = name.indexOf(":");
  if (colon < 0) return { prefix: "", local: name };
  const [prefix, local] = [name.slice(0, colon), name.slice(colon + 1)];
  if (prefix === "" || local === "" || local.includes(":") || NO_NAME_START.test(local)) {
    throw new XmlError("not well-formed");
  }
  return { prefix, local };
}

/** The namespace declarations of an element, and through it those of the elements around it. */
export class NamespaceScope {
  readonly #declared = new Map<string, string>();

  constructor(readonly outer?: NamespaceScope) {
    if (outer) return;
    this.#declared.set("", "");
    this.#declared.set("xml", XML_NAMESPACE);
  }

  /**
   * Gives a prefix a meaning in this element; "" is the default namespace.
   *
   * @throws {XmlError} when Namespaces in XML 1.0 section 3 forbids it
   */
  declare(prefix: string, namespace: string): void {
    const reserved = prefix === "xmlns" || namespace === XMLNS_NAMESPACE;
    const renamed = (prefix === "xml") !== (namespace === XML_NAMESPACE);
    if (reserved || renamed || (prefix !== "" && namespace === "")) throw new XmlError("not well-formed");
    this.#declared.set(prefix, namespace);
  }

  /** @throws {XmlError} when the prefix is not declared */
  namespaceOf(prefix: string): string {
    const namespace = this.#declared.get(prefix) ?? this.outer?.namespaceOf(prefix);
    if (namespace === undefined) throw new XmlError("a namespace prefix is not declared");
    return namespace;
  }
}
