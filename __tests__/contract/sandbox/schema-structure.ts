import { parseXml, XmlElement } from "@rgrove/parse-xml";

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
}

/** One element of a message: what it is called, how often it may come, and what is in it. */
export interface ElementStructure {
  name: string;
  occurs: string;
  nillable: boolean;
  /** Name of its type; none when the type is written inside the element. */
  type?: string;
  /** A built-in type, the values of an enumeration, or child elements in order. */
  content: string | string[] | ElementStructure[];
}

/** What a service description says, without the ways to write the same thing. */
export interface ServiceStructure {
  service: string;
  port: string;
  portType: string;
  /** Every named type, and the one that it is derived from. */
  types: Record<string, string | undefined>;
  operations: Record<string, { input: ElementStructure; output: ElementStructure; soapAction: string }>;
}

export function structureOf(wsdl: string): ServiceStructure {
  const definitions = parse(wsdl);
  const schema = only(only(definitions, "types"), "schema");
  const service = only(definitions, "service");
  const portType = only(definitions, "portType");
  const binding = only(definitions, "binding");
  const element = (message: string | undefined): ElementStructure => {
    const found = all(definitions, "message").find(({ attributes }) => attributes.name === local(message));
    const name = local(found && only(found, "part").attributes.element);
    const declared = all(schema, "element").find(({ attributes }) => attributes.name === name);
    if (!declared) throw new Error(`no element ${name}`);
    return elementOf(schema, declared);
  };
  const soapActions = new Map(
    all(binding, "operation").map((operation) => [
      operation.attributes.name,
      operation.children.find(({ name }) => name === "operation")?.attributes.soapAction,
    ]),
  );
  return {
    service: service.attributes.name ?? "",
    port: only(service, "port").attributes.name ?? "",
    portType: portType.attributes.name ?? "",
    types: Object.fromEntries(
      schema.children
        .filter(({ name }) => name !== "element")
        .map((type) => [type.attributes.name ?? "", derivation(type)?.attributes.base]),
    ),
    operations: Object.fromEntries(
      all(portType, "operation")
        .map((operation) => [operation.attributes.name ?? "", operation] as const)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, operation]) => [
          name,
          {
            input: element(only(operation, "input").attributes.message),
            output: element(only(operation, "output").attributes.message),
            soapAction: soapActions.get(name) ?? "missing",
          },
        ]),
    ),
  };
}

function elementOf(schema: Node, { attributes, children }: Node): ElementStructure {
  const { name = "", type, minOccurs = "1", maxOccurs = "1", nillable } = attributes;
  const inline = children.find((child) => child.name === "complexType");
  return {
    name,
    occurs: `${minOccurs}..${maxOccurs}`,
    nillable: nillable === "true",
    ...(type !== undefined && { type }),
    content: inline ? sequenceOf(schema, inline) : contentOf(schema, type ?? ""),
  };
}

function contentOf(schema: Node, type: string): ElementStructure["content"] {
  if (!type.startsWith("tns:")) return type;
  const declared = schema.children.find(
    ({ attributes }) => attributes.name === local(type) && !attributes.type,
  );
  if (!declared) throw new Error(`no type ${type}`);
  if (declared.name === "complexType") return sequenceOf(schema, declared);
  return all(only(declared, "restriction"), "enumeration").map(({ attributes }) => attributes.value ?? "");
}

/** The elements of a type, inherited ones first. */
function sequenceOf(schema: Node, type: Node): ElementStructure[] {
  const extension = derivation(type);
  const inherited = extension
    ? (contentOf(schema, extension.attributes.base ?? "") as ElementStructure[])
    : [];
  const elements = all(only(extension ?? type, "sequence"), "element");
  return [...inherited, ...elements.map((element) => elementOf(schema, element))];
}

/** How a type is made of another: by extension, or by restriction to listed values. */
function derivation({ children }: Node): Node | undefined {
  const [content] = children;
  return content?.name === "complexContent"
    ? content.children[0]
    : content?.name === "restriction"
      ? content
      : undefined;
}

function all({ children }: Node, name: string): Node[] {
  return children.filter((child) => child.name === name);
}

function only(node: Node, name: string): Node {
  const [found] = all(node, name);
  if (!found) throw new Error(`no ${name} in ${node.name}`);
  return found;
}

function local(name = ""): string {
  return name.split(":").pop() ?? "";
}

function parse(text: string): Node {
  const { root } = parseXml(text);
  if (!root) throw new Error("no root element");
  return nodeOf(root);
}

function nodeOf({ name, attributes, children }: XmlElement): Node {
  const elements = children.filter((child) => child instanceof XmlElement);
  return { name: local(name), attributes, children: elements.map(nodeOf) };
}
