// Reads documents with libxml2. A program of its own, since that is an ES module.
// Reads an array of documents from stdin; writes an array of { tree } or { wrong: "why" } to stdout.
import { readFileSync } from "node:fs";
import { XmlDocument, XmlElement } from "libxml2-wasm";

const treeOf = (element) => {
  const tree = { name: element.name, namespace: element.namespaceUri, children: [], text: "" };
  for (const node of element.find("*|text()")) {
    if (node instanceof XmlElement) tree.children.push(treeOf(node));
    else tree.text += node.content;
  }
  return tree;
};

const read = (xml) => {
  let document;
  try {
    document = XmlDocument.fromString(xml);
    return { tree: treeOf(document.root) };
  } catch (error) {
    return { wrong: error.message };
  } finally {
    document?.dispose();
  }
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
