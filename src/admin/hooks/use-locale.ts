import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** What writes times and amounts as Medusa's dashboard does. */
export interface Locale {
  /** Writes a day and a time of day. */
  at: (time: string | null) => string;
  /** Writes them to the second. */
  exactly: (time: string) => string;
  /** Writes how far a time is from now: "in 12 seconds", "3 days ago". @param now milliseconds */
  from: (time: string, now: number) => string;
  /** Writes how long it takes until a time, so that one sees it pass. @param now milliseconds */
  until: (time: string, now: number) => string;
  /** Writes an amount with its currency. */
  money: (amount: string, currency: string) => string;
}

/** The units of a distance in time, with their seconds, the longest first. */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** The dashboard's language, as its dates are written. */
function dateLocale(language: string): string {
  return language === "en" ? "en-US" : language;
}

/** How the dashboard writes times and amounts in the language that is chosen. */
export function useLocale(): Locale {
  const { t, i18n } = useTranslation("seqr");
  const { language } = i18n;
  return useMemo(() => {
    const locale = dateLocale(language);
    const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
    const minute = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
    const second = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
    const distance = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
    const written = (time: string, clock: Intl.DateTimeFormat): string => {
      const date = new Date(time);
      return `${day.format(date)} ${clock.format(date)}`;
    };
    const from = (time: string, now: number): string => {
      const seconds = Math.round((Date.parse(time) - now) / 1_000);
      const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ["second", 1];
      return distance.format(Math.trunc(seconds / size), unit);
    };
    return {
      at: (time) => (time === null ? "–" : written(time, minute)),
      exactly: (time) => written(time, second),
      from,
      until: (time, now) => {
        const seconds = Math.max(0, Math.round((Date.parse(time) - now) / 1_000));
        if (seconds < 60 || seconds >= 3_600) return from(time, now);
        const rest = String(seconds % 60).padStart(2, "0");
        return t("attention.inMinutes", { time: `${Math.trunc(seconds / 60)}:${rest}` });
      },
      money,
    };
  }, [language, t]);
}

/** Writes an amount as the totals of Medusa's dashboard: symbol, number in the browser's language, code. */
function money(amount: string, currency: string): string {
  // SEQR's reports may name what is no currency.
  if (!/^[a-z]{3}$/i.test(currency)) return `${amount} ${currency}`;
  const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  // A decimal string is written exactly; a number would be rounded.
  const parts = new Intl.NumberFormat(undefined, style).formatToParts(amount as `${number}`);
  const text = (isSymbol: boolean): string =>
    parts
      .filter(({ type }) => type !== "literal" && (type === "currency") === isSymbol)
      .map(({ value }) => value)
      .join("");
  return `${text(true)} ${text(false)} ${currency.toUpperCase()}`;
}
