import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The published service descriptions and messages, kept beside the repository; not everybody has them. */
const FOLDER = resolve(__dirname, "../../../../shared/seqr");

/** `describe` where the published material is there; a visibly skipped one elsewhere. */
export const describePublished: jest.Describe = existsSync(join(FOLDER, "golden")) ? describe : describe.skip;

export function publishedWsdl(): string {
  return readFileSync(join(FOLDER, "wsdl", "ERSWSExternalClientService.wsdl"), "utf8");
}

/** Published messages by file name; empty where there are none. */
export function goldenMessages(end: ".request.xml" | ".response.xml"): [name: string, text: string][] {
  const folder = join(FOLDER, "golden");
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(end));
  return names.map((name) => [name.slice(0, -end.length), readFileSync(join(folder, name), "utf8")]);
}

/** The schema inside a service description, as a document of its own. */
export function schemaOf(wsdl: string): string {
  const [schema] = /<xs:schema[\s\S]*<\/xs:schema>/.exec(wsdl) ?? [];
  if (schema === undefined) throw new Error("no schema in the service description");
  return schema;
}

/** What is wrong with each document, or null; the content of the SOAP body is what is validated. */
export function validate(schema: string, messages: Record<string, string>): Record<string, string | null> {
  const documents = Object.fromEntries(Object.entries(messages).map(([name, text]) => [name, bodyOf(text)]));
  const script = join(__dirname, "validate.mjs");
  const input = JSON.stringify({ schema, documents });
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string | null>;
}

/** The operation element, with the namespaces that the envelope declares. */
function bodyOf(message: string): string {
  const [, envelope = ""] = /<[\w-]+:Envelope([^>]*)>/.exec(message) ?? [];
  const [, body = ""] = /<[\w-]+:Body>\s*([\s\S]*?)\s*<\/[\w-]+:Body>/.exec(message) ?? [];
  const declared = envelope.match(/xmlns:\w+="[^"]*"/g)?.filter((part) => !body.includes(part)) ?? [];
  return body.replace(/^<[\w-]+:\w+/, (start) => [start, ...declared].join(" "));
}
