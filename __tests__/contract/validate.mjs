// Validates documents against an XML Schema. A program of its own, since the validator is an ES module.
// Reads { schema, documents: { name: xml } } from stdin and writes { name: null | "what is wrong" } to stdout.
import { readFileSync } from "node:fs";
import { XmlDocument, XsdValidator } from "libxml2-wasm";

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
const schemaDocument = XmlDocument.fromString(schema);
const validator = XsdValidator.fromDoc(schemaDocument);

const verdict = (xml) => {
  // What is no XML at all is a fault of the test, and ends this program.
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return null;
  } catch (error) {
    return error.message;
  }
};
const verdicts = Object.entries(documents).map(([name, xml]) => [name, verdict(xml)]);
process.stdout.write(JSON.stringify(Object.fromEntries(verdicts)));
