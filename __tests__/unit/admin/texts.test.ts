import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ATTENTION } from "../../../src/modules/seqr/attention/attention-entries";
import { CAUSES, ITEM_CLASSES, PERIOD_STATES } from "../../../src/modules/seqr/books/book-words";
import type { AdminSeqrTimelineEntry } from "../../../src/http-types";
import {
  ATTENTION_ACTIONS,
  NEEDS,
  type AttentionKind,
} from "../../../src/modules/seqr/attention/attention-kinds";
import {
  INVOICE_STATES,
  RECEIPT_STATES,
  REFUND_STATES,
  type EndReason,
} from "../../../src/modules/seqr/invoice/states";
import type { PollSource } from "../../../src/modules/seqr/public";
import { ERROR_CODES } from "../../../src/errors/error-codes";
import { CLIENT_ERRORS } from "../../../src/seqr/errors";
import { RESULT_CODES } from "../../../src/seqr/result-codes";
import { allTexts } from "./all-texts";

interface KindTexts {
  title: string;
  description: string;
  automaticAction?: string;
  actions: Record<string, string>;
}

const texts = allTexts;
const { en } = texts;
const kinds = Object.keys(ATTENTION) as AttentionKind[];
const doc = readFileSync(join(__dirname, "../../../docs/attention.md"), "utf8");

/** Every reason for which a payment ends; a new one does not compile without being named here. */
const END_REASONS: Record<EndReason, true> = {
  shopper: true,
  merchant: true,
  superseded: true,
  lifetime: true,
  reversed: true,
  seqr: true,
  not_sent: true,
  order_impossible: true,
  session_gone: true,
  paid_twice: true,
  nothing_owed: true,
  amount_differs: true,
  compensated: true,
  order_canceled: true,
  order_changed: true,
  lapses_soon: true,
  staff: true,
};

const TIMELINE_KINDS: Record<AdminSeqrTimelineEntry["kind"], true> = {
  sent: true,
  notified: true,
  asked: true,
  paid: true,
  reserved: true,
  order_placed: true,
  captured: true,
  ended: true,
  refund_requested: true,
  refund_done: true,
  refund_refused: true,
  refund_unknown: true,
  receipt_sent: true,
  receipt_refused: true,
  decision: true,
};

const POLL_SOURCES: Record<PollSource, true> = {
  notification: true,
  watch: true,
  browser: true,
  completion: true,
  cancellation: true,
  staff: true,
};

describe.each(Object.entries(texts))(
  "the admin's texts in %s",
  (_, { payments, attention, books, problems }) => {
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
        expect([kind, automaticAction !== undefined]).toEqual([
          kind,
          ATTENTION[kind].automaticAction !== null,
        ]);
        expect([kind, Object.keys(actions)]).toEqual([kind, [...ATTENTION[kind].actions]]);
        expect(title).toMatch(/^[A-ZÅÄÖ].*[^.]$/);
        for (const text of [description, automaticAction ?? description, ...Object.values(actions)]) {
          expect(text).toMatch(/^[A-ZÅÄÖ].+\.$/);
        }
      }
    });

    it("say why a payment ended, what happened to it, why SEQR was asked, and what a decision does", () => {
      expect(Object.keys(payments.reasons).sort()).toEqual(Object.keys(END_REASONS).sort());
      expect(Object.keys(payments.timeline.kinds).sort()).toEqual(Object.keys(TIMELINE_KINDS).sort());
      expect(Object.keys(payments.timeline.asked.sources).sort()).toEqual(Object.keys(POLL_SOURCES).sort());
      expect(Object.keys(attention.actionNames)).toEqual([...ATTENTION_ACTIONS]);
    });

    it("take the same values, in the same order", () => {
      const values = (text: string): string[] =>
        [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name).sort();
      const flat = (texts: object, path = ""): string[] =>
        Object.entries(texts).flatMap(([name, text]: [string, string | object]) =>
          typeof text === "string"
            ? [`${path}${name} ${values(text).join(" ")}`]
            : flat(text, `${path}${name}.`),
        );
      expect(flat(books)).toEqual(flat(en.books));
      expect(flat(payments)).toEqual(flat(en.payments));
      expect(flat(problems)).toEqual(flat(en.problems));
      // What an entry has of texts is tested above.
      const withoutKinds = (own: object) => flat({ ...own, kinds: {} });
      expect(withoutKinds(attention)).toEqual(withoutKinds(en.attention));
    });
  },
);

describe("the admin's texts on problems", () => {
  const explained: Record<string, { cause: string; cure: string } | undefined> = {
    ...ERROR_CODES,
    ...CLIENT_ERRORS,
    ...Object.fromEntries([...RESULT_CODES.values()].map((result) => [`SEQR_${result.code}`, result])),
  };

  it.each(Object.entries(en.problems))("say of %s what docs/errors.md says", (code, { cause, cure }) => {
    expect({ cause, cure }).toEqual({ cause: explained[code]?.cause, cure: explained[code]?.cure });
  });

  it("explain every problem that makes an entry of the attention list", () => {
    const rules = readFileSync(
      join(__dirname, "../../../src/modules/seqr/attention/attention-rules.ts"),
      "utf8",
    );
    for (const [code] of rules.matchAll(/SEQR_[A-Z_]+/g)) expect(Object.keys(en.problems)).toContain(code);
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
