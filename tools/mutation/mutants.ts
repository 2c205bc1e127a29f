// What may be changed in a source file, one small change at a time. Types, imports, decorators, what is logged, and texts
// for people (literals with a space in them that are not SQL) are left alone: no money depends on them.
import * as ts from "typescript";

const { SyntaxKind: Kind } = ts;

/** Each operator, and what is put in its place. */
const OPERATORS = new Map<ts.SyntaxKind, string[]>([
  [Kind.LessThanToken, ["<=", ">="]],
  [Kind.LessThanEqualsToken, ["<", ">"]],
  [Kind.GreaterThanToken, [">=", "<="]],
  [Kind.GreaterThanEqualsToken, [">", "<"]],
  [Kind.EqualsEqualsEqualsToken, ["!=="]],
  [Kind.ExclamationEqualsEqualsToken, ["==="]],
  [Kind.PlusToken, ["-"]],
  [Kind.MinusToken, ["+"]],
  [Kind.AsteriskToken, ["/"]],
  [Kind.SlashToken, ["*"]],
  [Kind.PercentToken, ["*"]],
  [Kind.AmpersandAmpersandToken, ["||"]],
  [Kind.BarBarToken, ["&&"]],
]);
const METHODS = new Map([
  ["some", "every"],
  ["every", "some"],
  ["min", "max"],
  ["max", "min"],
]);
/** Calls that can be left out of a chain: of lists, and of queries. */
const LEFT_OUT = new Set([
  ...["filter", "sort", "slice", "reverse", "toReversed", "toSorted"],
  ...["where", "whereIn", "whereNot", "whereNull", "whereNotNull", "whereRaw", "modify"],
  ...["orderBy", "orderByRaw", "groupBy", "limit", "offset", "forUpdate", "skipLocked"],
]);
/** Calls that take SQL. */
const TAKES_SQL = new Set(["raw", "whereRaw", "orderByRaw", "addSql"]);
/** Calls that take names of tables and columns; without them there is no statement, and every test would notice. */
const TAKES_NAMES = new Set([
  // eslint-disable-next-line words/forbidden -- the word of SQL
  ...["db", "transaction", "select", "from", "as", "withMaterialized", "returning", "onConflict"],
  ...["where", "whereIn", "whereNull", "whereNotNull", "orderBy", "groupBy"],
]);
/** Words of a query, and what is put in their place. Of a statement that changes tables, only its conditions are words. */
const SQL = new Map([
  ["<=", ["<", ">"]],
  ["<", ["<=", ">"]],
  [">=", [">", "<"]],
  [">", [">=", "<"]],
  ["=", ["<>"]],
  ["<>", ["="]],
  ["and", ["or"]],
  ["or", ["and"]],
  ["is null", ["is not null"]],
  ["is not null", ["is null"]],
  ["is distinct from", ["is not distinct from"]],
  ["in", ["not in"]],
  ["least", ["greatest"]],
  ["desc", ["asc"]],
  ["unique", [""]],
  ["+", ["-"]],
]);
const SQL_WORD = new RegExp(
  `(?<![\\w<>"=])(?:${[...SQL.keys()]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replace(/[+]/g, "\\$&"))
    .join("|")})(?![\\w<>"=]|\\s+replace)`,
  "gi",
);
const LOGGED = /(^|[.#])(logger|console)\.\w+$/;

/** A small change of a source file. */
export interface Mutant {
  /** The same in every run, as long as the line and its number among equal ones are the same. */
  id: string;
  /** Offset of what is replaced. */
  start: number;
  end: number;
  /** What is put there. */
  to: string;
  /** In words. */
  what: string;
  line: number;
  /** Number of the block that it is in, which a test has to run to notice it; -1 outside all blocks. */
  block: number;
}

/** What is put into a text, at an offset, so that a block tells that it ran. */
interface Insertion {
  at: number;
  text: (call: string) => string;
}

/** A block's insertions. */
export type Block = Insertion[];

/** The changes of a source file, and its blocks. */
export function mutantsOf(path: string, text: string): { mutants: Mutant[]; blocks: Block[] } {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const finder = new Finder(source, text);
  ts.forEachChild(source, (node) => finder.visit(node));
  return { mutants: named(text, finder.mutants), blocks: finder.blocks };
}

/** Walks over a source file, and collects what can be changed in it. */
class Finder {
  readonly mutants: Omit<Mutant, "id">[] = [];
  readonly blocks: Block[] = [];
  readonly #source: ts.SourceFile;
  readonly #text: string;
  /** Number of the block that it is in. */
  #block = -1;

  constructor(source: ts.SourceFile, text: string) {
    this.#source = source;
    this.#text = text;
  }

  #add(
    node: ts.Node,
    to: string,
    what: string,
    { start = node.getStart(this.#source), end = node.end } = {},
  ): void {
    if (this.#text.slice(start, end) === to) return;
    const line = this.#source.getLineAndCharacterOfPosition(start).line;
    this.mutants.push({ start, end, to, what, line: line + 1, block: this.#block });
  }

  #textOf(node: ts.Node): string {
    return node.getText(this.#source);
  }

  #opensBlock(node: ts.Node): Block | undefined {
    const { parent } = node;
    if (ts.isBlock(node)) return [{ at: node.getStart(this.#source) + 1, text: (call) => `${call};` }];
    if (ts.isCaseOrDefaultClause(node) && node.statements[0])
      return [{ at: node.statements[0].getStart(this.#source), text: (call) => `${call};` }];
    if (ts.isArrowFunction(parent) && parent.body === node)
      return [
        { at: node.getStart(this.#source), text: (call) => `(${call},` },
        { at: node.end, text: () => ")" },
      ];
    const branch = ts.isIfStatement(parent) && parent.expression !== node;
    if (branch && ts.isStatement(node))
      return [
        { at: node.getStart(this.#source), text: (call) => `{${call};` },
        { at: node.end, text: () => "}" },
      ];
    return undefined;
  }

  /** Finds the changes in a part of the file. */
  visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isDecorator(node)) return;
    if (ts.isCallExpression(node) && LOGGED.test(this.#textOf(node.expression))) return;
    const outer = this.#block;
    const opened = this.#opensBlock(node);
    if (opened) this.#block = this.blocks.push(opened) - 1;
    this.#change(node);
    ts.forEachChild(node, (child) => this.visit(child));
    this.#block = outer;
  }

  #change(node: ts.Node): void {
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) this.#force(node.expression);
    else if (ts.isConditionalExpression(node)) this.#force(node.condition);
    else if (ts.isForStatement(node) && node.condition)
      this.#add(node.condition, "false", "the loop never runs");
    else if (ts.isForOfStatement(node)) this.#add(node.expression, "[]", "the loop never runs");
    else if (ts.isExpressionStatement(node)) this.#leaveOut(node);
    else if (ts.isThrowStatement(node)) this.#add(node, ";", "does not throw");
    else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) this.#add(node, ";", "left out");
    else if (ts.isReturnStatement(node)) {
      if (!node.expression) this.#add(node, ";", "does not return");
      else if (ts.isCallExpression(node.expression) || ts.isAwaitExpression(node.expression))
        this.#add(node.expression, "undefined", "returns nothing");
    } else if (ts.isBinaryExpression(node)) this.#operator(node);
    else if (ts.isPrefixUnaryExpression(node))
      this.#add(node, this.#textOf(node.operand), `without ${this.#textOf(node)[0]}`);
    else if (ts.isAwaitExpression(node)) {
      // Where the value is used, a promise in its place would be noticed by everybody.
      if (ts.isExpressionStatement(node.parent))
        this.#add(node, `void ${this.#textOf(node.expression)}`, "does not wait");
      if (ts.isReturnStatement(node.parent)) this.#add(node, this.#textOf(node.expression), "does not wait");
    } else if (ts.isArrayLiteralExpression(node)) this.#elements(node.elements);
    else if (ts.isObjectLiteralExpression(node)) this.#elements(node.properties);
    else if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) this.#access(node);
    else this.#literal(node);
  }

  #force(condition: ts.Expression): void {
    if (condition.kind === Kind.TrueKeyword || condition.kind === Kind.FalseKeyword) return;
    this.#add(condition, "true", "always");
    this.#add(condition, "false", "never");
  }

  #leaveOut(node: ts.ExpressionStatement): void {
    const { expression } = node;
    if (ts.isCallExpression(expression) && expression.expression.kind === Kind.SuperKeyword) return;
    this.#add(node, ";", "left out");
  }

  #operator(node: ts.BinaryExpression): void {
    const { left, right, operatorToken } = node;
    if (operatorToken.kind === Kind.QuestionQuestionToken) {
      this.#add(node, this.#textOf(left), "without what stands in for nothing");
      this.#add(node, `(${this.#textOf(right)})`, "only what stands in for nothing");
    }
    for (const to of OPERATORS.get(operatorToken.kind) ?? []) {
      this.#add(operatorToken, to, `${this.#textOf(operatorToken)} becomes ${to}`);
    }
  }

  #elements(list: ts.NodeArray<ts.Node>): void {
    list.forEach((element, index) => {
      // With the comma that follows it, or the one before it.
      const next = list[index + 1];
      const range = next
        ? { start: element.getStart(this.#source), end: next.getStart(this.#source) }
        : { start: list[index - 1]?.end ?? element.getStart(this.#source), end: element.end };
      this.#add(element, "", `without ${this.#textOf(element).split("\n")[0]}`, range);
    });
  }

  #access(node: ts.PropertyAccessExpression | ts.CallExpression): void {
    if (node.questionDotToken && ts.isPropertyAccessExpression(node)) {
      this.#add(node.questionDotToken, ".", "?. becomes .");
    }
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { expression: object, name } = node.expression;
    const method = METHODS.get(name.text);
    if (method) this.#add(name, method, `${name.text} becomes ${method}`);
    if (LEFT_OUT.has(name.text)) this.#add(node, this.#textOf(object), `without .${name.text}(…)`);
  }

  /** A word in a text that PostgreSQL is given. */
  #sql(node: ts.Node): void {
    const from = node.getStart(this.#source);
    for (const { 0: word, index } of this.#textOf(node).matchAll(SQL_WORD)) {
      const place = { start: from + index, end: from + index + word.length };
      for (const to of SQL.get(word.toLowerCase()) ?? []) {
        this.#add(node, to, `${word} becomes ${to || "nothing"}`, place);
      }
    }
  }

  /** The name of the call that a text is given to, or that it is a part of a template for. */
  #calledWith({ parent }: ts.Node): string {
    if (ts.isTemplateSpan(parent) || ts.isTemplateExpression(parent)) return this.#calledWith(parent);
    if (!ts.isCallExpression(parent)) return "";
    const { expression: called } = parent;
    return this.#textOf(ts.isPropertyAccessExpression(called) ? called.name : called);
  }

  #literal(node: ts.Node): void {
    const { parent } = node;
    const isText =
      ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && TAKES_SQL.has(this.#calledWith(node))) return this.#sql(node);
    if (isText && TAKES_NAMES.has(this.#calledWith(node))) {
      for (const to of SQL.get(node.text) ?? [])
        this.#add(node, `"${to}"`, `${this.#textOf(node)} becomes "${to}"`);
      return;
    }
    if (node.kind === Kind.TrueKeyword) this.#add(node, "false", "true becomes false");
    if (node.kind === Kind.FalseKeyword) this.#add(node, "true", "false becomes true");
    if (ts.isNumericLiteral(node)) {
      const value = Number(node.text.replaceAll("_", ""));
      this.#add(node, String(value + 1), `${this.#textOf(node)} becomes ${value + 1}`);
      if (value > 9) this.#add(node, String(value * 10), `${this.#textOf(node)} becomes ${value * 10}`);
    }
    const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
    // What stands in an array is left out, which is enough.
    if (ts.isStringLiteral(node) && !isKey && !ts.isArrayLiteralExpression(parent) && !/\s/.test(node.text)) {
      const to = node.text === "" ? '"changed"' : '""';
      this.#add(node, to, `${this.#textOf(node)} becomes ${to}`);
    }
    if (ts.isTemplateExpression(node) && !/\s/.test(this.#textOf(node).replaceAll(/\$\{[^}]*\}/g, "")))
      this.#add(node, '""', "the text is empty");
  }
}

/** Names that outlive other changes of the file: by the line's text, and a number where that is not enough. */
function named(text: string, mutants: Omit<Mutant, "id">[]): Mutant[] {
  const lines = text.split("\n");
  const times = new Map<string, number>();
  return mutants.map((mutant) => {
    const key = `${lines[mutant.line - 1]?.trim()} // ${mutant.what}`;
    const number = (times.get(key) ?? 0) + 1;
    times.set(key, number);
    return { ...mutant, id: number === 1 ? key : `${key} (${number})` };
  });
}

/** The text with a call in every block. @param call what tells that a block ran */
export function counted(text: string, blocks: Block[], call: (number: number) => string): string {
  const insertions = blocks.flatMap((parts, number) =>
    parts.map(({ at, text: make }, part) => ({ at, part, number, text: make(call(number)) })),
  );
  // From the end, so that the offsets stay right. What closes at a place comes before what opens there.
  insertions.sort((one, other) => other.at - one.at || one.part - other.part || other.number - one.number);
  return insertions.reduce((now, { at, text: what }) => now.slice(0, at) + what + now.slice(at), text);
}
