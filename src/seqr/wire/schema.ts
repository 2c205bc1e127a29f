import { escapeXml, writeMarkup, type XmlElement } from "./xml";

/**
 * Describes the content of an element. The client writes requests and reads answers by one description, the sandbox does
 * the reverse, and publishes it as the service description. The order of the fields is the order on the wire.
 */
export type Shape<T> =
  Scalar<T> | Complex<T> | (T extends readonly (infer I)[] ? Repeated<I> | Wrapped<I> : never);

/** A text value and its XML Schema type. */
export interface Scalar<T> {
  kind: "scalar";
  xsd: string;
  /** Set when the schema lists the allowed values under a type name of its own. */
  enumeration?: { name: string; values: readonly string[] };
  /** Set when the text may be a document of its own. */
  isMarkup?: true;
  /** minOccurs="1" in the schema. */
  required: boolean;
  /** Gives undefined when the text is not a value of this type. */
  parse(text: string): T | undefined;
  format(value: T): string;
}

/** A sequence of named children. */
export interface Complex<T> {
  kind: "complex";
  /** Type name in the service description. */
  name: string;
  /** The type that this one extends there; its fields come first. */
  base?: Complex<unknown>;
  fields: Fields<T>;
  /**
   * The fields by name, in wire order. The entry repeats the name, since a name that was cut out of a text makes a slow
   * property key.
   */
  byName: ReadonlyMap<string, [name: string, shape: AnyShape]>;
}

/** The element itself is repeated (`tokens`). */
export interface Repeated<I> {
  kind: "repeated";
  item: Shape<I>;
}

/** A wrapper element around repeated children (`invoiceRows` around `invoiceRow`). */
export interface Wrapped<I> {
  kind: "wrapped";
  child: string;
  item: Shape<I>;
  /** Its type name in the service description, where it has one. */
  name?: string;
}

/** A shape for each field of T; the order is the order on the wire. */
export type Fields<T> = { [K in keyof T]-?: Shape<NonNullable<T[K]>> };

/** A shape of any value type, as the functions below need it. */
type AnyShape = Scalar<unknown> | Complex<unknown> | Repeated<unknown> | Wrapped<unknown>;
type Values = Record<string, unknown>;

/** Describes a sequence of named children. */
export function complex<T>(name: string, fields: Fields<T>): Complex<T> {
  const entries = Object.entries(fields) as [string, AnyShape][];
  return { kind: "complex", name, fields, byName: new Map(entries.map((entry) => [entry[0], entry])) };
}

/** Describes a sequence of the children of another one and then its own. */
export function extended<B, T extends B>(
  base: Complex<B>,
  name: string,
  fields: Fields<Omit<T, keyof B>>,
): Complex<T> {
  return { ...complex<T>(name, { ...base.fields, ...fields } as Fields<T>), base: base as Complex<unknown> };
}

/** Describes an element that is itself repeated. */
export function repeated<I>(item: Shape<I>): Repeated<I> {
  return { kind: "repeated", item };
}

/**
 * Describes a wrapper around repeated children of that name.
 *
 * @param name the wrapper's type name in the service description, where it has one
 */
export function wrapped<I>(child: string, item: Shape<I>, name?: string): Wrapped<I> {
  return { kind: "wrapped", child, item, ...(name !== undefined && { name }) };
}

/** Text with its blanks. */
export const text: Scalar<string> = scalar("xs:string", (value) => value);

/** Text that may be a document, which is written in a CDATA section then, as SEQR does. */
export const markup: Scalar<string> = { ...text, isMarkup: true };

/** A decimal number, kept as the text it came in (PROTOCOL 3.5). */
export const decimal: Scalar<string> = scalar("xs:decimal", (value) =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value.trim()) ? value.trim() : undefined,
);

/** A date and time, kept as the text it came in. */
export const dateTime: Scalar<string> = scalar("xs:dateTime", (value) => value.trim() || undefined);

/** A whole number of 32 bits. */
export const integer: Scalar<number> = scalar("xs:int", wholeNumber(2 ** 31 - 1), String);
export const requiredInteger: Scalar<number> = { ...integer, required: true };
/** A whole number of 64 bits; those that JavaScript cannot hold read as absent. */
export const long: Scalar<number> = scalar("xs:long", wholeNumber(Number.MAX_SAFE_INTEGER), String);
export const requiredLong: Scalar<number> = { ...long, required: true };

/** Base64 on the wire. Published samples are cut short, so that reading is as lenient as Node's decoder. */
export const base64: Scalar<Uint8Array> = scalar(
  "xs:base64Binary",
  (value) => Buffer.from(value, "base64"),
  (value) => Buffer.from(value).toString("base64"),
);

/** One of the listed values. Anything else reads as absent. */
export function oneOf<T extends string>(name: string, values: readonly T[]): Scalar<T> {
  return {
    ...scalar<T>(`tns:${name}`, (value) => values.find((known) => known === value.trim())),
    enumeration: { name, values },
  };
}

/** A text for which the schema lists values. Other values are read too, since later interfaces add some. */
export function named(name: string, values: readonly string[]): Scalar<string> {
  return { ...scalar(`tns:${name}`, (value) => value.trim() || undefined), enumeration: { name, values } };
}

function scalar<T extends string>(xsd: string, parse: (text: string) => T | undefined): Scalar<T>;
function scalar<T>(
  xsd: string,
  parse: (text: string) => T | undefined,
  format: (value: T) => string,
): Scalar<T>;
function scalar<T>(
  xsd: string,
  parse: (text: string) => T | undefined,
  format: (value: T) => string = String,
): Scalar<T> {
  return { kind: "scalar", xsd, required: false, parse, format };
}

function wholeNumber(largest: number): (text: string) => number | undefined {
  return (value) => {
    const number = /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : NaN;
    return Math.abs(number) <= largest ? number : undefined;
  };
}

/** Writes the children of a complex value in the order of the description; undefined fields are left out. */
export function writeFields<T>(shape: Complex<T>, value: T): string {
  let xml = "";
  for (const [name, field] of shape.byName.values()) {
    const part = (value as Values)[name];
    if (part !== undefined && part !== null) xml += writeElement(name, field, part);
  }
  return xml;
}

function writeElement(name: string, shape: AnyShape, value: unknown): string {
  switch (shape.kind) {
    case "scalar":
      return `<${name}>${(shape.isMarkup ? writeMarkup : escapeXml)(shape.format(value))}</${name}>`;
    case "complex":
      return `<${name}>${writeFields(shape, value)}</${name}>`;
    case "repeated":
      return writeAll(name, shape.item as AnyShape, value as unknown[]);
    case "wrapped":
      return `<${name}>${writeAll(shape.child, shape.item as AnyShape, value as unknown[])}</${name}>`;
  }
}

function writeAll(name: string, shape: AnyShape, items: unknown[]): string {
  return items.map((item) => writeElement(name, shape, item)).join("");
}

/**
 * Reads the children of an element in any order. Unknown children are skipped; a value that is not of its type reads as
 * absent; of a doubled element the first counts.
 */
export function readFields<T>(shape: Complex<T>, element: XmlElement): Partial<T> {
  const value: Values = {};
  const unreadable = new Set<string>();
  for (const child of element.children) {
    const known = shape.byName.get(child.name);
    if (!known) continue;
    const [name, field] = known;
    if (field.kind === "repeated") {
      const items = (value[name] ??= []) as unknown[];
      readInto(items, field.item as AnyShape, child);
    } else if (!(name in value || unreadable.has(name))) {
      const part = readElement(field, child);
      if (part === undefined) unreadable.add(name);
      else value[name] = part;
    }
  }
  return value as Partial<T>;
}

function readElement(shape: AnyShape, element: XmlElement): unknown {
  switch (shape.kind) {
    case "scalar":
      // The texts around child elements do not make a value together.
      return element.children.length > 0 ? undefined : shape.parse(element.text);
    case "complex":
      return readFields(shape, element);
    case "repeated":
      return readInto([], shape.item as AnyShape, element);
    case "wrapped": {
      const items: unknown[] = [];
      for (const child of element.children) {
        if (child.name === shape.child) readInto(items, shape.item as AnyShape, child);
      }
      return items;
    }
  }
}

/** Adds the element's value to a list, unless it is not of its type. */
function readInto(items: unknown[], shape: AnyShape, element: XmlElement): unknown[] {
  const item = readElement(shape, element);
  if (item !== undefined) items.push(item);
  return items;
}

/** The fields of a description, in wire order. */
export function fieldsOf<T>(shape: Complex<T>): [string, AnyShape][] {
  return [...shape.byName.values()];
}
