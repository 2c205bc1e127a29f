// Reads documents with libxml2. A program of its own, since that is an ES module, which jest cannot load.
// Reads an array of documents from stdin; writes an array of { tree } or { wrong: "why" } to stdout.
import { readFileSync } from "node:fs";
import type { XmlDocument, XmlElement } from "libxml2-wasm" with { "resolution-mode": "import" };

interface Tree {
  name: string;
  namespace: string;
  children: Tree[];
  text: string;
}

async function main(): Promise<void> {
  const libxml2 = await import("libxml2-wasm");
  const treeOf = (element: XmlElement): Tree => {
    const tree: Tree = { name: element.name, namespace: element.namespaceUri, children: [], text: "" };
    for (const node of element.find("*|text()")) {
      if (node instanceof libxml2.XmlElement) tree.children.push(treeOf(node));
      else tree.text += node.content;
    }
    return tree;
  };
  const read = (xml: string): { tree: Tree } | { wrong: string } => {
    let document: XmlDocument | undefined;
    try {
      document = libxml2.XmlDocument.fromString(xml);
      return { tree: treeOf(document.root) };
    } catch (error) {
      return { wrong: (error as Error).message };
    } finally {
      document?.dispose();
    }
  };
  const documents = JSON.parse(readFileSync(0, "utf8")) as string[];
  process.stdout.write(JSON.stringify(documents.map(read)));
}

void main();
