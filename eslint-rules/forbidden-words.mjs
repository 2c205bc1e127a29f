// The ESLint rule `words/forbidden`: refuses words that mean something else in payments or in Medusa, and phrases that a
// reader has to puzzle out. docs/decisions/0034-words.md says why.
import { TextSourceCodeBase } from "@eslint/plugin-kit";

/** Words with another meaning in the field. They are refused everywhere, in names too. */
export const FALSE_FRIENDS = [
  {
    name: "declined",
    pattern: /declin(?:e[ds]?|ing)/i,
    instead: "the bank declines; SEQR refuses, an invoice is `unacknowledged`",
  },
  {
    name: "settled",
    // Promise.allSettled and its types are JavaScript's own.
    pattern: /(?<!all|promise)settl(?:e[ds]?|ing|ements?)/i,
    instead: "an acquirer settles; a payment is processed or `completed`",
  },
  {
    name: "returned",
    pattern:
      /["'`](?:returning|returned)["'`]|(?:payment|seqr)[.-]return(?:ed|ing)|giv(?:e|es|en|ing)Back|returnMoney|\breturn(?:s|ed|ing)?\s+(?:\w+\s+){0,3}money|money\s+(?:\w+\s+){0,2}returned/i,
    instead: "goods are returned; money is refunded, or reversed by SEQR",
  },
  {
    name: "void",
    pattern: /["'`]void["'`]|\b(?:is|are|was|were|becomes?|state)\s+void\b/i,
    instead: "an authorization is voided; an invoice that never was payable is `not_issued`",
  },
  {
    name: "owed",
    pattern: /(?<![a-z_])ow(?:ed|es)(?![a-z])|(?<=[a-z])Owed/,
    instead: "say who pays or refunds what: `refund_due`, needs no payment",
  },
  {
    name: "waived",
    pattern: /(?<![a-z])waive[ds]?(?![a-z])|(?<=[a-z])Waived/i,
    instead: "`closed_by_staff`",
  },
  // Medusa's `fulfillment` and a promise that is fulfilled have two more letters.
  { name: "fulfil", pattern: /fulfils?(?![a-z])/i, instead: "a shipment is fulfilled; an order is placed" },
];

/** Phrases without the field's noun. They are refused in what people read: docs and src. */
export const RIDDLES = [
  {
    name: "somebody",
    pattern: /\b(?:some|any|no|every)body\b/i,
    instead: "name the shopper, member of staff, process or caller",
  },
  {
    name: "by itself",
    pattern: /\bby\s+(?:itself|themselves)\b/i,
    instead: "automatically, or name who does it",
  },
  {
    name: "look",
    pattern: /\blook(?:s|ed|ing)?\b(?!-ups?|\s+(?:\w+\s+)?up\b)/i,
    instead: "poll, check, read or compare",
  },
  {
    name: "goes back",
    pattern:
      /\b(?:goes|gone|going|went)\s+back\b|\bmoney\s+(?:\w+\s+){0,2}go\s+back\b|\bg[ai]v(?:e|es|en|ing)\s+(?:\w+\s+){0,3}back\b/i,
    instead: "is refunded, or is reversed by SEQR",
  },
  { name: "told", pattern: /\btold\b/i, instead: "is shown, is notified, receives" },
  {
    name: "at it",
    pattern: /\bis\s+at\s+it\b|\bof\s+late\b|\bno\s+news\b|\bin\s+hand\b/i,
    instead: "say what happens",
  },
  { name: "all the same", pattern: /\ball\s+the\s+same\b/i, instead: "still, anyway, or nevertheless" },
  { name: "for ever", pattern: /\bfor\s+(?:ever|good)\b/i, instead: "permanently, or without a limit" },
  { name: "breaks off", pattern: /\b(?:breaks?|broke|broken)\s+off\b/i, instead: "fails, or stops" },
  { name: "hurry", pattern: /\bhurr(?:y|ies|ied)\b/i, instead: "schedule an earlier poll" },
];

const forbidden = {
  meta: {
    type: "suggestion",
    schema: [
      {
        type: "object",
        properties: {
          riddles: { type: "boolean" },
          /** Names of entries that the file may use in their proper meaning. */
          allow: { type: "array", items: { type: "string" } },
        },
        additionalProperties: false,
      },
    ],
    messages: { forbidden: "“{{found}}”: {{instead}}." },
  },
  create({ sourceCode, options: [{ riddles = false, allow = [] } = {}], report }) {
    const entries = [...FALSE_FRIENDS, ...(riddles ? RIDDLES : [])].filter(
      ({ name }) => !allow.includes(name),
    );
    // In a comment, a line's end is followed by ` * ` or `// `: a phrase goes on behind it.
    const check = () => {
      const text = sourceCode.text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/)/g, (gap) => "\n".padEnd(gap.length));
      for (const { pattern, instead } of entries) {
        for (const { 0: found, index } of text.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
          const loc = {
            start: sourceCode.getLocFromIndex(index),
            end: sourceCode.getLocFromIndex(index + found.length),
          };
          report({ loc, messageId: "forbidden", data: { found: found.replace(/\s+/g, " "), instead } });
        }
      }
    };
    return { Program: check, Text: check };
  },
};

const FIRST = { line: 1, column: 0 };

/** A file that is no program, such as a page of Markdown, as one node. */
const text = {
  fileType: "text",
  lineStart: 1,
  columnStart: 0,
  nodeTypeKey: "type",
  visitorKeys: { Text: [] },
  validateLanguageOptions() {},
  parse: ({ body }) => ({
    ok: true,
    ast: { type: "Text", range: [0, body.length], loc: { start: FIRST, end: FIRST } },
  }),
  createSourceCode: ({ body }, { ast }) => new TextSource({ text: body, ast }),
};

class TextSource extends TextSourceCodeBase {
  traverse() {
    return [1, 2]
      .map((phase) => ({ type: "visit", kind: 1, target: this.ast, phase, args: [this.ast] }))
      .values();
  }
}

export default { languages: { text }, rules: { forbidden } };
