import { SERVICE_NAMESPACE } from "../../seqr/wire/envelope";
import { fieldsOf, type Complex } from "../../seqr/wire/schema";
import { escapeXml } from "../../seqr/wire/xml";
import type { InterfaceVersion } from "../core/settings";
import { isKnown } from "./interface-versions";
import { NILLABLE_FIELD } from "./other-operations";
import type { Field, SoapService } from "./services";

/**
 * Builds the service description from the message descriptions: one document, wrapped document/literal, with the published
 * names (PROTOCOL 1.1, 1.4).
 *
 * @param address address of the service
 */
export function writeWsdl(service: SoapService, address: string, version: InterfaceVersion): string {
  const names = [...service.operations.keys()].sort();
  const serviceName = `${service.name}Service`;
  const binding = `${serviceName}SoapBinding`;
  const message = (name: string): string =>
    `<wsdl:message name="${name}"><wsdl:part name="parameters" element="tns:${name}"/></wsdl:message>`;
  const inPortType = (name: string): string =>
    `<wsdl:operation name="${name}"><wsdl:input name="${name}" message="tns:${name}"/>` +
    `<wsdl:output name="${name}Response" message="tns:${name}Response"/></wsdl:operation>`;
  const inBinding = (name: string): string =>
    `<wsdl:operation name="${name}"><soap:operation soapAction="" style="document"/>` +
    `<wsdl:input name="${name}"><soap:body use="literal"/></wsdl:input>` +
    `<wsdl:output name="${name}Response"><soap:body use="literal"/></wsdl:output></wsdl:operation>`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<wsdl:definitions name="${serviceName}" targetNamespace="${SERVICE_NAMESPACE}" xmlns:tns="${SERVICE_NAMESPACE}"`,
    ` xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"`,
    ` xmlns:xs="http://www.w3.org/2001/XMLSchema">`,
    `<wsdl:types>`,
    writeSchema(service, version),
    `</wsdl:types>`,
    ...names.flatMap((name) => [message(name), message(`${name}Response`)]),
    `<wsdl:portType name="${service.name}">`,
    ...names.map(inPortType),
    `</wsdl:portType>`,
    `<wsdl:binding name="${binding}" type="tns:${service.name}">`,
    `<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>`,
    ...names.map(inBinding),
    `</wsdl:binding>`,
    `<wsdl:service name="${serviceName}">`,
    `<wsdl:port name="${service.name}Port" binding="tns:${binding}">`,
    `<soap:address location="${escapeXml(address)}"/>`,
    `</wsdl:port>`,
    `</wsdl:service>`,
    `</wsdl:definitions>`,
    ``,
  ].join("\n");
}

/** The XML Schema of a service's messages: only the operation elements are in the namespace (PROTOCOL 1.1). */
export function writeSchema(service: SoapService, version: InterfaceVersion): string {
  const types = new Map<string, string>();
  const elements: string[] = [];
  for (const [name, shape] of service.operations) {
    elements.push(
      `<xs:element name="${name}" type="tns:${name}"/>`,
      `<xs:element name="${name}Response" type="tns:${name}Response"/>`,
    );
    writeComplexType(types, shape.request, version);
    writeComplexType(types, shape.return, version);
    types.set(
      `${name}Response`,
      `<xs:complexType name="${name}Response"><xs:sequence>` +
        `<xs:element name="return" type="tns:${shape.return.name}" minOccurs="0"/></xs:sequence></xs:complexType>`,
    );
  }
  return [
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${SERVICE_NAMESPACE}"`,
    ` targetNamespace="${SERVICE_NAMESPACE}" elementFormDefault="unqualified" version="1.0">`,
    ...elements,
    ...types.values(),
    `</xs:schema>`,
  ].join("\n");
}

/** Writes a named type, after the types that it needs. */
function writeComplexType(
  types: Map<string, string>,
  shape: Complex<unknown>,
  version: InterfaceVersion,
): void {
  if (types.has(shape.name)) return;
  types.set(shape.name, "");
  const { name: typeName, base } = shape;
  if (base) writeComplexType(types, base, version);
  const fields = fieldsOf(shape).filter(
    ([name]) => !base?.byName.has(name) && isKnown(version, typeName, name),
  );
  const elements = fields.map(([name, field]) => writeElement(types, name, field, version));
  const sequence = `<xs:sequence>${elements.join("")}</xs:sequence>`;
  types.set(typeName, writeType(base ? extensionOf(base, sequence) : sequence, typeName));
}

function extensionOf({ name }: Complex<unknown>, sequence: string): string {
  return `<xs:complexContent><xs:extension base="tns:${name}">${sequence}</xs:extension></xs:complexContent>`;
}

function writeType(content: string, name?: string): string {
  return `<xs:complexType${name === undefined ? "" : ` name="${name}"`}>${content}</xs:complexType>`;
}

function writeElement(
  types: Map<string, string>,
  name: string,
  field: Field,
  version: InterfaceVersion,
  occurs = `minOccurs="0"`,
): string {
  const many = `minOccurs="0" maxOccurs="unbounded"${name === NILLABLE_FIELD ? ` nillable="true"` : ""}`;
  switch (field.kind) {
    case "scalar":
      if (field.enumeration) writeEnumeration(types, field.enumeration, version);
      return `<xs:element name="${name}" type="${field.xsd}"${field.required ? "" : ` ${occurs}`}/>`;
    case "complex":
      writeComplexType(types, field, version);
      return `<xs:element name="${name}" type="tns:${field.name}" ${occurs}/>`;
    case "repeated":
      return writeElement(types, name, field.item as Field, version, many);
    case "wrapped": {
      const items = writeElement(types, field.child, field.item as Field, version, many);
      const type = writeType(`<xs:sequence>${items}</xs:sequence>`, field.name);
      if (field.name === undefined) return `<xs:element name="${name}" ${occurs}>${type}</xs:element>`;
      types.set(field.name, type);
      return `<xs:element name="${name}" type="tns:${field.name}" ${occurs}/>`;
    }
  }
}

function writeEnumeration(
  types: Map<string, string>,
  { name, values }: { name: string; values: readonly string[] },
  version: InterfaceVersion,
): void {
  const known = values.filter((value) => isKnown(version, name, value));
  types.set(
    name,
    `<xs:simpleType name="${name}"><xs:restriction base="xs:string">` +
      known.map((value) => `<xs:enumeration value="${value}"/>`).join("") +
      `</xs:restriction></xs:simpleType>`,
  );
}
