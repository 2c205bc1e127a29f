import { fieldsOf, type Complex } from "../../seqr/wire/schema";
import type { XmlElement } from "../../seqr/wire/xml";
import type { InterfaceVersion } from "../core/settings";
import { isKnown } from "./interface-versions";
import type { Field } from "./services";
import { MessageRefused } from "./soap-message";

/**
 * Validates a request against the schema, as strictly as the live service's stack or more: it refuses unknown, qualified, misplaced and
 * repeated elements, values of the wrong type, and missing mandatory elements (PROTOCOL 1.1, 14).
 *
 * @throws {MessageRefused} with the first problem
 */
export function checkSchema<T>(shape: Complex<T>, element: XmlElement, version: InterfaceVersion): void {
  const refuse = (detail: string): never => {
    throw new MessageRefused(`Unmarshalling Error: ${element.name}: ${detail}`);
  };
  const fields = fieldsOf(shape).filter(([name]) => isKnown(version, shape.name, name));
  let position = 0;
  for (const child of element.children) {
    if (child.namespace) refuse(`${child.name} must not be in a namespace`);
    const index = fields.findIndex(([name]) => name === child.name);
    const field = fields[index]?.[1] ?? refuse(`unexpected element ${child.name}`);
    if (index < position) refuse(`${child.name} is out of order or doubled`);
    position = field.kind === "repeated" ? index : index + 1;
    checkField(field, child, version);
  }
  for (const [name, field] of fields) {
    const isMissing = !element.children.some((child) => child.name === name);
    if (field.kind === "scalar" && field.required && isMissing) refuse(`${name} is missing`);
  }
}

function checkField(field: Field, element: XmlElement, version: InterfaceVersion): void {
  switch (field.kind) {
    case "scalar":
      return checkScalar(field, element, version);
    case "complex":
      return checkSchema(field, element, version);
    case "repeated":
      return checkField(field.item as Field, element, version);
    case "wrapped":
      for (const child of element.children) {
        if (child.name !== field.child || child.namespace) {
          throw new MessageRefused(`Unmarshalling Error: ${element.name}: unexpected element ${child.name}`);
        }
        checkField(field.item as Field, child, version);
      }
  }
}

function checkScalar(
  field: Field & { kind: "scalar" },
  { name, text, children }: XmlElement,
  version: InterfaceVersion,
): void {
  const value = text.trim();
  const isDateTime = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;
  const isBad =
    children.length > 0 ||
    field.parse(text) === undefined ||
    (field.xsd === "xs:dateTime" && !isDateTime.test(value)) ||
    (field.enumeration !== undefined && !isKnown(version, field.enumeration.name, value));
  if (isBad) throw new MessageRefused(`Unmarshalling Error: "${value.slice(0, 60)}" is not a valid ${name}`);
}
