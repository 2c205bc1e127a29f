import { readFileSync } from "node:fs";
import { join } from "node:path";
import translations from "../../../src/admin/i18n";
import { ATTENTION } from "../../../src/modules/seqr/attention/attention-entries";
import { CAUSES, ITEM_CLASSES, PERIOD_STATES } from "../../../src/modules/seqr/books/book-words";
import { NEEDS, type AttentionKind } from "../../../src/modules/seqr/attention/attention-kinds";
import { INVOICE_STATES, RECEIPT_STATES, REFUND_STATES } from "../../../src/modules/seqr/invoice/states";

interface KindTexts {
  title: string;
  description: string;
  automaticAction?: string;
  actions: Record<string, string>;
}

const texts = { en: translations.en.seqr, sv: translations.sv.seqr };
const { en } = texts;
const kinds = Object.keys(ATTENTION) as AttentionKind[];
const doc = readFileSync(join(__dirname, "../../../docs/attention.md"), "utf8");

describe.each(Object.entries(texts))("the admin's texts in %s", (_, { payments, attention, books }) => {
  const textsOf = (kind: AttentionKind): KindTexts => attention.kinds[kind];

  it("name every state of a payment, of a refund and of a receipt, and everything that an entry needs", () => {
    expect(Object.keys(payments.states).sort()).toEqual([...INVOICE_STATES].sort());
    expect(Object.keys(payments.refundStates).sort()).toEqual([...REFUND_STATES].sort());
    expect(Object.keys(payments.receiptStates).sort()).toEqual([...RECEIPT_STATES].sort());
    expect(Object.keys(attention.needs)).toEqual([...NEEDS]);
  });

  it("name every state of a period, and every class and cause of an item", () => {
    expect(Object.keys(books.states).sort()).toEqual([...PERIOD_STATES].sort());
    expect(Object.keys(books.classes).sort()).toEqual([...ITEM_CLASSES].sort());
    expect(Object.keys(books.causes).sort()).toEqual([...CAUSES].sort());
  });

  it("explain every kind of entry, what the plugin does about it, and each action, in sentences", () => {
    expect(Object.keys(attention.kinds).sort()).toEqual([...kinds].sort());
    for (const kind of kinds) {
      const { title, description, automaticAction, actions } = textsOf(kind);
      expect([kind, automaticAction !== undefined]).toEqual([kind, ATTENTION[kind].automaticAction !== null]);
      expect([kind, Object.keys(actions)]).toEqual([kind, [...ATTENTION[kind].actions]]);
      expect(title).toMatch(/^[A-ZÅÄÖ].*[^.]$/);
      for (const text of [description, automaticAction ?? description, ...Object.values(actions)]) {
        expect(text).toMatch(/^[A-ZÅÄÖ].+\.$/);
      }
    }
  });

  it("take the same values", () => {
    const values = (text: string): string[] =>
      [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name);
    for (const name of ["loadError", "refund"] as const) {
      expect(values(payments[name]).sort()).toEqual(values(en.payments[name]).sort());
    }
    expect(Object.keys(payments)).toEqual(Object.keys(en.payments));
    const flat = (texts: object, path = ""): string[] =>
      Object.entries(texts).flatMap(([name, text]: [string, string | object]) =>
        typeof text === "string"
          ? [`${path}${name} ${values(text).join(" ")}`]
          : flat(text, `${path}${name}.`),
      );
    expect(flat(books)).toEqual(flat(en.books));
  });
});

describe("docs/attention.md", () => {
  it.each(kinds)("says what %s means, as the admin does", (kind) => {
    const { title, description, automaticAction, actions }: KindTexts = en.attention.kinds[kind];
    for (const text of [
      `### ${title}`,
      `\`${kind}\``,
      description,
      automaticAction ?? "",
      ...Object.values(actions),
    ]) {
      expect(doc).toContain(text);
    }
  });
});
