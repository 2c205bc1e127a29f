import type { Content } from "../view-node";

/**
 * Replaces an element's content by nodes. Nothing is parsed, so that it works on pages that require Trusted Types. The
 * view's parts, for `::part()`, have the names of the classes.
 */
export function draw(place: ParentNode, ...nodes: Content[]): void {
  place.replaceChildren(...nodes.map(nodeOf));
}

function nodeOf(viewNode: Content = ""): Node | string {
  if (typeof viewNode === "string") return viewNode;
  const [name, attributes, ...content] = viewNode;
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
