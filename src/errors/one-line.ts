/** Characters of a foreign text that a log line takes. */
const MOST = 500;

/**
 * A text of somebody else's, such as the message of an error, as a part of one log line: it can begin no line and no
 * `field=` of its own, hides nothing, and is not endless.
 */
export function oneLine(text: unknown): string {
  const line = String(text)
    // control characters, invisible ones, and all that ends a line
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("=", ":");
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}
