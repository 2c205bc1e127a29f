// Validates documents against an XML Schema. A program of its own, since the validator is an ES module, which jest cannot
// load. Reads { schema, documents: { name: xml } } from stdin and writes { name: null | "what is wrong" } to stdout.
import { readFileSync } from "node:fs";

async function main(): Promise<void> {
  const { XmlDocument, XsdValidator } = await import("libxml2-wasm");
  const { schema, documents } = JSON.parse(readFileSync(0, "utf8")) as {
    schema: string;
    documents: Record<string, string>;
  };
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema));
  const verdict = (xml: string): string | null => {
    // What is no XML at all is a fault of the test, and ends this program.
    const document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const verdicts = Object.entries(documents).map(([name, xml]) => [name, verdict(xml)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(verdicts)));
}

void main();
