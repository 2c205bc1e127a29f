import { FINDING_CODES } from "../../../src/health/finding-codes";
import type {
  AdminSeqrHealthLevel,
  AdminSeqrNotificationResult,
  AdminSeqrSetting,
} from "../../../src/http-types";
import { REFUND_STATES, type EndReason } from "../../../src/modules/seqr/invoice/states";
import type { AccountsOptions, BooksOptions } from "../../../src/options/books-options";
import type { PeriodsOptions } from "../../../src/options/periods-options";
import type { ResellerOptions, SeqrOptions } from "../../../src/options/seqr-options";
import type { SeveralTerminalsOptions, TerminalOptions } from "../../../src/options/store-options";
import { allTexts } from "./all-texts";

const texts = allTexts;
const SURFACES = ["books", "common", "health", "menu", "notifications", "refunds", "settings"] as const;

/** Every name of a type. The compiler refuses a list that lacks one. */
const namesOf = <Options>(names: Record<keyof Options, true>): string[] => Object.keys(names);

const OPTIONS = [
  ...namesOf<SeqrOptions & TerminalOptions & SeveralTerminalsOptions>({
    ...{
      endpoint: true,
      terminalId: true,
      password: true,
      backendUrl: true,
      currencies: true,
      shopName: true,
    },
    ...{
      returnUrl: true,
      brandName: true,
      logoUrl: true,
      appStoreUrl: true,
      playStoreUrl: true,
      footer: true,
    },
    ...{ receipts: true, receiptLanguage: true, refundTerms: true, cashierId: true, lifetime: true },
    ...{ capture: true, reservationTime: true, captureBeforeLapse: true, connectTimeout: true },
    ...{ responseTimeout: true, linkScheme: true, clientId: true, keepObservations: true, providerId: true },
    ...{
      sandboxHosts: true,
      optional: true,
      notificationsKept: true,
      reseller: true,
      periods: true,
      books: true,
    },
    ...{ retired: true, terminals: true },
  }),
  ...namesOf<ResellerOptions>({ id: true, userId: true, password: true }).map((name) => `reseller_${name}`),
  ...namesOf<PeriodsOptions>({ closeAt: true, timeZone: true, scope: true }).map((name) => `periods_${name}`),
  ...namesOf<BooksOptions>({ accounts: true }).map((name) => `books_${name}`),
  ...namesOf<AccountsOptions>({
    ...{ receivable: true, advances: true, differences: true, sales: true, tax: true },
  }).map((name) => `books_accounts_${name}`),
];

const REASONS = namesOf<Record<EndReason | "medusa", true>>({
  ...{ medusa: true, shopper: true, merchant: true, superseded: true, lifetime: true, reversed: true },
  ...{ seqr: true, not_sent: true, order_impossible: true, session_gone: true, paid_twice: true },
  ...{ nothing_owed: true, amount_differs: true, compensated: true, order_canceled: true },
  ...{ order_changed: true, lapses_soon: true, staff: true },
});

/** Each text with its path. */
function flat(of: object, path = ""): [path: string, text: string][] {
  return Object.entries(of).flatMap(([name, text]: [string, string | object]) =>
    typeof text === "string" ? [[`${path}${name}`, text] as const] : flat(text, `${path}${name}.`),
  ) as [string, string][];
}

const valuesIn = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name).sort();

describe.each(Object.entries(texts))("the texts of the admin's pages in %s", (_, language) => {
  it.each(SURFACES)("have the same names and values as the English ones: %s", (surface) => {
    const shape = (of: object): string[] =>
      flat(of).map(([path, text]) => `${path} ${valuesIn(text).join(" ")}`);
    expect(shape(language[surface])).toEqual(shape(texts.en[surface]));
  });

  it.each(SURFACES)("are not empty: %s", (surface) => {
    expect(flat(language[surface]).filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("explain every option, in a sentence", () => {
    const explained: Record<string, string> = language.settings.options;
    expect(OPTIONS.filter((name) => !/^\p{Lu}.+\.$/u.test(explained[name] ?? ""))).toEqual([]);
  });

  it("name where an option comes from, every level, every result of a notification", () => {
    const { settings, health, notifications } = language;
    expect(Object.keys(settings.sources)).toEqual(
      namesOf<Record<AdminSeqrSetting["source"], true>>({ terminal: true, options: true, default: true }),
    );
    expect(Object.keys(health.levels)).toEqual(
      namesOf<Record<AdminSeqrHealthLevel, true>>({ ok: true, warning: true, error: true, unknown: true }),
    );
    const results = namesOf<Record<AdminSeqrNotificationResult, true>>({
      ...{ recorded: true, repeated: true, unknown: true },
    });
    expect([Object.keys(notifications.results), Object.keys(notifications.explained)]).toEqual([
      results,
      results,
    ]);
  });

  it("name every state and every reason of a refund, and say what each state means", () => {
    const { states, explained, reasons } = language.refunds;
    expect(Object.keys(states).sort()).toEqual([...REFUND_STATES].sort());
    expect(Object.keys(explained).sort()).toEqual([...REFUND_STATES].sort());
    expect(Object.keys(reasons).sort()).toEqual([...REASONS].sort());
  });

  it("give each finding a title, and of what is not as it should be the cause and the cure", () => {
    const findings: Record<string, { title: string; cause?: string; cure?: string }> =
      language.health.findings;
    expect(Object.keys(findings).sort()).toEqual(Object.keys(FINDING_CODES).sort());
    for (const [code, { level }] of Object.entries(FINDING_CODES)) {
      const { title, cause, cure } = findings[code] ?? {};
      expect([code, title]).toEqual([code, expect.stringMatching(/^\S.*[^.]$/)]);
      if (level === "ok") continue;
      expect([code, cause, cure]).toEqual([code, expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
    }
  });
});

it("say in English the causes and cures that docs/health.md says", () => {
  const said: Record<string, { title: string; cause?: string; cure?: string }> = texts.en.health.findings;
  for (const [code, { cause, cure }] of Object.entries(FINDING_CODES)) {
    const finding = said[code];
    expect([code, finding?.cause ?? cause, finding?.cure ?? cure]).toEqual([code, cause, cure]);
  }
});
