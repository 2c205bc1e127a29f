import { getI18n } from "react-i18next";

type Load = () => Promise<{ default: object }>;

const EN = {
  attention: () => import("../i18n/en/attention.json"),
  books: () => import("../i18n/en/books.json"),
  common: () => import("../i18n/en/common.json"),
  health: () => import("../i18n/en/health.json"),
  notifications: () => import("../i18n/en/notifications.json"),
  payments: () => import("../i18n/en/payments.json"),
  "payments-history": () => import("../i18n/en/payments-history.json"),
  "payments-list": () => import("../i18n/en/payments-list.json"),
  problems: () => import("../i18n/en/problems.json"),
  refunds: () => import("../i18n/en/refunds.json"),
  settings: () => import("../i18n/en/settings.json"),
} as const satisfies Record<string, Load>;

/** The texts of one surface: a file in each language. Those of `payments-list` are the part of `payments` that its list needs. */
export type Surface = keyof typeof EN;

const SV: Record<Surface, Load> = {
  attention: () => import("../i18n/sv/attention.json"),
  books: () => import("../i18n/sv/books.json"),
  common: () => import("../i18n/sv/common.json"),
  health: () => import("../i18n/sv/health.json"),
  notifications: () => import("../i18n/sv/notifications.json"),
  payments: () => import("../i18n/sv/payments.json"),
  "payments-history": () => import("../i18n/sv/payments-history.json"),
  "payments-list": () => import("../i18n/sv/payments-list.json"),
  problems: () => import("../i18n/sv/problems.json"),
  refunds: () => import("../i18n/sv/refunds.json"),
  settings: () => import("../i18n/sv/settings.json"),
};

/** By the code of the dashboard's language. Those of any other language are the English ones. */
const LANGUAGES: Record<string, Record<Surface, Load>> = { en: EN, sv: SV };

const NAMESPACE = "seqr";
const loaded = new Set<string>();

function languageOf(language: string): string {
  return Object.hasOwn(LANGUAGES, language) ? language : "en";
}

/** Whether the texts of some surfaces have come in a language. */
export function hasTexts(language: string, surfaces: readonly Surface[]): boolean {
  return surfaces.every((surface) => loaded.has(`${languageOf(language)} ${surface}`));
}

/** Loads the texts of some surfaces in a language, and gives them to the dashboard. */
export async function loadTexts(language: string, surfaces: readonly Surface[]): Promise<void> {
  const known = languageOf(language);
  await Promise.all(
    surfaces.map(async (surface) => {
      const texts = await LANGUAGES[known]?.[surface]();
      const [name = surface] = surface.split("-");
      getI18n().addResourceBundle(known, NAMESPACE, { [name]: texts?.default }, true, true);
      loaded.add(`${known} ${surface}`);
    }),
  );
}
