import type { Content } from "./view-node";

/** Elements without content. */
const VOID: readonly string[] = ["img"];

/** Writes drawings as HTML. */
export function htmlOf(...drawings: Content[]): string {
  return drawings.map(oneOf).join("");
}

function oneOf(drawing: Content): string {
  if (typeof drawing !== "object") return escapeHtml(drawing ?? "");
  const [name, attributes, ...content] = drawing;
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  const end = VOID.includes(name) ? "" : `${htmlOf(...content)}</${name}>`;
  return `<${name}${written.join("")}>${end}`;
}

/** Escapes a text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
