import en from "../locales/en";
import { primaryOf } from "../format";
import type { ALL_TEXTS } from "../locales/all";
import type { Texts } from "../locales/texts";

type Loader = () => Promise<{ default: Texts }>;

/** Languages other than English; each is loaded on demand. One that `locales/all.ts` has and this does not fails to compile. */
const LANGUAGES: Record<Exclude<keyof typeof ALL_TEXTS, "en">, Loader> = {
  sv: () => import("../locales/sv"),
  de: () => import("../locales/de"),
  fi: () => import("../locales/fi"),
  nb: () => import("../locales/nb"),
  da: () => import("../locales/da"),
  nl: () => import("../locales/nl"),
  fr: () => import("../locales/fr"),
  es: () => import("../locales/es"),
  pt: () => import("../locales/pt"),
  pl: () => import("../locales/pl"),
  ro: () => import("../locales/ro"),
  it: () => import("../locales/it"),
};

/** Loads the texts of a language such as `sv` or `de-AT`; the English ones if it is unknown or fails to load. */
export async function textsOf(language: string): Promise<{ language: string; texts: Texts }> {
  const primary = primaryOf(language);
  try {
    const loaded = await (LANGUAGES as Partial<Record<string, Loader>>)[primary]?.();
    if (loaded) return { language, texts: loaded.default };
  } catch {
    // Texts in another language are better than none.
  }
  return { language: primary === "en" ? language : "en", texts: en };
}
