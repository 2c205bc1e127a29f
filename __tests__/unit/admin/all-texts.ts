import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type enAttention from "../../../src/admin/i18n/en/attention.json";
import type enBooks from "../../../src/admin/i18n/en/books.json";
import type enCommon from "../../../src/admin/i18n/en/common.json";
import type enHealth from "../../../src/admin/i18n/en/health.json";
import type enMenu from "../../../src/admin/i18n/en/menu.json";
import type enNotifications from "../../../src/admin/i18n/en/notifications.json";
import type enPayments from "../../../src/admin/i18n/en/payments.json";
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
  payments: typeof enPayments;
  problems: typeof enProblems;
  refunds: typeof enRefunds;
  settings: typeof enSettings;
}

const folder = join(__dirname, "../../../src/admin/i18n");

function textsIn(language: string): Texts {
  const files = readdirSync(join(folder, language)).map((name) => [
    name.replace(".json", ""),
    JSON.parse(readFileSync(join(folder, language, name), "utf8")) as unknown,
  ]);
  return Object.fromEntries(files) as Texts;
}

/** The admin's texts, by language and surface. */
export const allTexts = { en: textsIn("en"), sv: textsIn("sv") };
