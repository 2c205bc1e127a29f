import type { Content } from "../view-node";

/**
 * Replaces an element's content by drawings. Nothing is parsed, so that it works on pages that require Trusted Types. The
 * view's parts, for `::part()`, have the names of the classes.
 */
export function draw(place: ParentNode, ...drawings: Content[]): void {
  place.replaceChildren(...drawings.map(nodeOf));
}

function nodeOf(drawing: Content = ""): Node | string {
  if (typeof drawing === "string") return drawing;
  const [name, attributes, ...content] = drawing;
  const node = document.createElementNS(
    `http://www.w3.org/${/svg|path/.test(name) ? "2000/svg" : "1999/xhtml"}`,
    name,
  );
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
    if (key === "class") node.setAttribute("part", value);
  }
  draw(node, ...content);
  return node;
}
