import en from "../texts/en";
import { primaryOf } from "../format";
import type { Texts } from "../texts/texts";

/** Languages other than English; each is loaded when it is needed. */
const LANGUAGES: Record<string, () => Promise<{ default: Texts }>> = {
  sv: () => import("../texts/sv"),
  de: () => import("../texts/de"),
  fi: () => import("../texts/fi"),
  nb: () => import("../texts/nb"),
  da: () => import("../texts/da"),
  nl: () => import("../texts/nl"),
  fr: () => import("../texts/fr"),
  es: () => import("../texts/es"),
  pt: () => import("../texts/pt"),
  pl: () => import("../texts/pl"),
  ro: () => import("../texts/ro"),
  it: () => import("../texts/it"),
};

/** Gives the texts of a language such as `sv` or `de-AT`; those in English when there are none, or they do not load. */
export async function textsOf(language: string): Promise<{ language: string; texts: Texts }> {
  const primary = primaryOf(language);
  try {
    const loaded = await LANGUAGES[primary]?.();
    if (loaded) return { language, texts: loaded.default };
  } catch {
    // Words in another language are better than none.
  }
  return { language: primary === "en" ? language : "en", texts: en };
}
