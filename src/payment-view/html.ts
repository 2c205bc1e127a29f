import type { Content } from "./view-node";

/** Elements without content. */
const VOID: readonly string[] = ["img"];

/** Writes nodes as HTML. */
export function htmlOf(...nodes: Content[]): string {
  return nodes.map(oneOf).join("");
}

function oneOf(node: Content): string {
  if (typeof node !== "object") return escapeHtml(node ?? "");
  const [name, attributes, ...content] = node;
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  const end = VOID.includes(name) ? "" : `${htmlOf(...content)}</${name}>`;
  return `<${name}${written.join("")}>${end}`;
}

/** Escapes a text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
