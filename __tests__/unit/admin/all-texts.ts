import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type enAttention from "../../../src/admin/i18n/en/attention.json";
import type enBooks from "../../../src/admin/i18n/en/books.json";
import type enCommon from "../../../src/admin/i18n/en/common.json";
import type enHealth from "../../../src/admin/i18n/en/health.json";
import type enMenu from "../../../src/admin/i18n/en/menu.json";
import type enNotifications from "../../../src/admin/i18n/en/notifications.json";
import type enPayments from "../../../src/admin/i18n/en/payments.json";
import type enPaymentsHistory from "../../../src/admin/i18n/en/payments-history.json";
import type enPaymentsList from "../../../src/admin/i18n/en/payments-list.json";
import type enProblems from "../../../src/admin/i18n/en/problems.json";
import type enRefunds from "../../../src/admin/i18n/en/refunds.json";
import type enSettings from "../../../src/admin/i18n/en/settings.json";

/** The texts of all surfaces in one language, without those of the menu. */
export interface Texts {
  attention: typeof enAttention;
  books: typeof enBooks;
  common: typeof enCommon;
  health: typeof enHealth;
  menu: typeof enMenu;
  notifications: typeof enNotifications;
  payments: typeof enPayments & typeof enPaymentsHistory & typeof enPaymentsList;
  problems: typeof enProblems;
  refunds: typeof enRefunds;
  settings: typeof enSettings;
}

const folder = join(__dirname, "../../../src/admin/i18n");

function textsIn(language: string): Texts {
  const texts: Record<string, object> = {};
  for (const file of readdirSync(join(folder, language)).sort()) {
    const own = JSON.parse(readFileSync(join(folder, language, file), "utf8")) as object;
    const [name = ""] = file.replace(".json", "").split("-");
    texts[name] = merged(texts[name] ?? {}, own);
  }
  return texts as unknown as Texts;
}

/** Puts the parts of one surface together, as the dashboard does. */
function merged(one: object, other: object): object {
  const known = one as Record<string, unknown>;
  const parts = Object.entries(other).map(([name, text]: [string, unknown]) => {
    const before = known[name];
    const isInBoth =
      typeof before === "object" && before !== null && typeof text === "object" && text !== null;
    return [name, isInBoth ? merged(before, text) : text];
  });
  return { ...known, ...(Object.fromEntries(parts) as object) };
}

/** The admin's texts, by language and surface. */
export const allTexts = { en: textsIn("en"), sv: textsIn("sv") };
