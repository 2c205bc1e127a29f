// Validates XML against an XML Schema with libxml2, in a process of its own because libxml2-wasm is an ES module.
// stdin: {"schema": text, "documents": {name: text}}; stdout: {name: problem or null}
import { text } from "node:stream/consumers";
import { XmlDocument, XsdValidator } from "libxml2-wasm";

const { schema, documents } = JSON.parse(await text(process.stdin));
const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema));
const results = Object.entries(documents).map(([name, document]) => {
  const parsed = XmlDocument.fromString(document);
  try {
    validator.validate(parsed);
    return [name, null];
  } catch (error) {
    return [name, error.message];
  } finally {
    parsed.dispose();
  }
});
process.stdout.write(JSON.stringify(Object.fromEntries(results)));
