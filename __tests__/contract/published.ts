// The service description and the messages that SEQR published. They are not part of this project: a checkout that has
// them beside it (../shared/seqr) tests against them, any other skips those tests and says so.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { text } from "node:stream/consumers";
import { runsTypeScript } from "../../testkit/typescript";

const root = join(__dirname, "..", "..", "..", "shared", "seqr");

const isPublished = existsSync(join(root, "golden")) && existsSync(join(root, "wsdl"));

/** `describe` for tests that need the published material; its name says so when they are skipped. */
export function describePublished(name: string, tests: () => void): void {
  if (isPublished) describe(name, tests);
  else describe.skip(`${name} (skipped: ../shared/seqr is not here)`, tests);
}

/** A published message. */
export interface Golden {
  name: string;
  operation: string;
  xml: string;
}

/** The published requests or answers; one that stands for all when there are none. */
export function golden(kind: "request" | "response"): Golden[] {
  if (!isPublished) return [{ name: "every message", operation: "", xml: "" }];
  return readdirSync(join(root, "golden"))
    .filter((file) => file.endsWith(`.${kind}.xml`))
    .map((file) => ({
      name: file,
      operation: file.split(".")[0] ?? "",
      xml: readFileSync(join(root, "golden", file), "utf8"),
    }));
}

/** The published example of customer tokens: part of an answer to getPaymentStatus. */
export function goldenTokens(): string {
  return readFileSync(join(root, "golden", "getPaymentStatus.customerTokens.fragment.xml"), "utf8");
}

/** The two copies of the published schema: SEQR's own, and what the test service served. */
export const SCHEMAS = {
  published: "ERSWSExternalClientService.wsdl",
  captured: "extclientproxy-v2.captured.types.wsdl",
};

export function publishedWsdl(which: keyof typeof SCHEMAS = "published"): string {
  return readFileSync(join(root, "wsdl", SCHEMAS[which]), "utf8");
}

/** The schema inside a service description, as a document of its own. */
export function schemaOf(wsdl: string): string {
  const schema = /<xs:schema\b.*<\/xs:schema>/s.exec(wsdl)?.[0];
  if (schema === undefined) throw new Error("no schema in the service description");
  return schema;
}

/** The schema with what later interfaces added, which the copies are too old for (PROTOCOL 1.5). */
export function withAdditions(schema: string): string {
  const optional = (name: string, type: string) =>
    `<xs:element minOccurs="0" name="${name}" type="${type}"/>`;
  const additions: [after: RegExp, added: string][] = [
    [
      /<xs:complexType name="commitReservation">\s*<xs:sequence>\s*<xs:element minOccurs="0" name="context" type="tns:clientContext"\/>/,
      optional("amount", "tns:amount"),
    ],
    [
      /<xs:element minOccurs="0" name="notificationUrl" type="xs:string"\/>/,
      optional("commitReservationTimeout", "xs:long"),
    ],
    [
      /<xs:enumeration value="RESERVATION_REQUIRED"\/>/,
      `<xs:enumeration value="RESERVATION_REQUIRED_PRELIMINARY_AMOUNT"/>`,
    ],
    [/<xs:enumeration value="RESERVED"\/>/, `<xs:enumeration value="EXPIRED"/>`],
  ];
  return additions.reduce((text, [after, added]) => {
    if (text.split(after).length !== 2) throw new Error(`the schema has no single place after ${after}`);
    return text.replace(after, (place) => place + added);
  }, schema);
}

/**
 * Validates the operation elements of SOAP messages.
 *
 * @returns what is wrong, by the name of the message; nothing for those that are valid
 */
export async function validate(
  schema: string,
  messages: Record<string, string>,
): Promise<Record<string, string>> {
  const documents = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [name, bodyOf(message)]),
  );
  const validator = spawn(execPath, [...runsTypeScript, join(__dirname, "validate.ts")]);
  validator.stdin.end(JSON.stringify({ schema, documents }));
  const [verdicts, trouble] = await Promise.all([
    text(validator.stdout),
    text(validator.stderr),
    once(validator, "close"),
  ]);
  if (validator.exitCode !== 0) throw new Error(`the validator failed: ${trouble}`);
  const entries = Object.entries(JSON.parse(verdicts) as Record<string, string | null>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The operation element of a message, with the namespaces that were declared around it. */
function bodyOf(message: string): string {
  const declared = [...message.matchAll(/\sxmlns:\w+="[^"]*"/g)].map(([declaration]) => declaration);
  const body = /<(\w+):Body>(.*)<\/\1:Body>/s.exec(message)?.[2]?.trim() ?? "";
  const [tag = ""] = /^<[\w:]+/.exec(body) ?? [];
  const missing = new Set(declared.filter((declaration) => !body.includes(declaration.trim())));
  return tag + [...missing].join("") + body.slice(tag.length);
}
