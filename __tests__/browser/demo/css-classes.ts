import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as ts from "typescript";
import { root } from "../../../testkit/root";

const admin = join(root, "src", "admin");

/** The classes that a dashboard's own CSS has. @param folder of a built dashboard */
export function classesOfDashboard(folder: string): Set<string> {
  const assets = join(folder, "assets");
  const css = readdirSync(assets)
    .filter((name) => name.endsWith(".css"))
    .map((name) => readFileSync(join(assets, name), "utf8"))
    .join("\n");
  return new Set(
    [...css.matchAll(/\.((?:\\.|[\w-])+)/g)].map(([, name = ""]) => name.replace(/\\(.)/g, "$1")),
  );
}

/** The classes that the components of `src/admin` name, each with the files that do. */
export function classesOfAdmin(): Map<string, Set<string>> {
  const sources = readdirSync(admin, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => {
      const path = join(admin, name);
      return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    });
  const constants = new Map(sources.flatMap(constantsIn));
  const found = new Map<string, Set<string>>();
  for (const source of sources)
    for (const attribute of nodesIn(source).filter(ts.isJsxAttribute))
      if (attribute.name.getText() === "className")
        for (const name of namesIn(attribute, constants))
          found.set(name, (found.get(name) ?? new Set()).add(basename(source.fileName)));
  return found;
}

/** What is given a name in a file, by that name. */
function constantsIn(source: ts.SourceFile): [string, ts.Node][] {
  return nodesIn(source)
    .filter(ts.isVariableDeclaration)
    .flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && initializer ? [[name.text, initializer] as [string, ts.Node]] : [],
    );
}

/** The words of all texts in a value, and in the constants that it names. */
function namesIn(value: ts.Node, constants: ReadonlyMap<string, ts.Node>): string[] {
  return nodesIn(value).flatMap((node) => {
    if (isCompared(node)) return [];
    if (ts.isIdentifier(node) && /^[A-Z_]+$/.test(node.text)) {
      const constant = constants.get(node.text);
      return constant ? namesIn(constant, constants) : [];
    }
    return isText(node) ? node.text.split(/\s+/).filter(Boolean) : [];
  });
}

/** Whether it is a text that something is compared with. */
function isCompared({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)
  );
}

function nodesIn(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesIn)];
}
