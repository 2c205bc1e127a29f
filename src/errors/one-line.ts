import { shorten } from "../shorten";

/** Largest number of characters of a foreign text in a log line. */
const MOST = 500;

/**
 * Makes a foreign text, such as the message of an error, safe as part of a log line: it cannot begin a new line or a new
 * `field=`, contains no invisible characters, and has a bounded length.
 */
export function oneLine(text: unknown): string {
  const line = String(text)
    // control characters, invisible characters and line ends
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("=", ":");
  return shorten(line, MOST);
}
