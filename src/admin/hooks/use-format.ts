import { useTranslation } from "react-i18next";

/** What writes values as Medusa's dashboard does, in its language. */
export interface Format {
  /** Writes the day and time of day. */
  time: (iso: string) => string;
  /** Writes how long ago it was, or how long it takes until then. */
  ago: (iso: string) => string;
  /** Writes an amount with its currency, as the dashboard's totals are. */
  amount: (amount: string, currency: string) => string;
  /** Writes a time span. @param milliseconds of it */
  span: (milliseconds: number) => string;
  /** Writes the size of a file. @param bytes of it */
  size: (bytes: number) => string;
}

type Unit = "second" | "minute" | "hour" | "day";

/** Each unit, and its seconds. */
const UNITS: [Unit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function inUnits(seconds: number): [number, Unit] {
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ["second", 1];
  return [seconds / size, unit];
}

/** Writes times, amounts and time spans in the dashboard's language. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return {
    time: (iso) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso)),
    ago: (iso) => {
      const [count, unit] = inUnits((Date.parse(iso) - Date.now()) / 1_000);
      return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(count), unit);
    },
    amount: (amount, currency) => {
      const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
      const parts = new Intl.NumberFormat(language, style).formatToParts(Number(amount));
      const symbol = parts.find(({ type }) => type === "currency")?.value ?? "";
      const digits = parts.filter(({ type }) => type !== "currency" && type !== "literal");
      return `${symbol} ${digits.map(({ value }) => value).join("")} ${currency}`;
    },
    span: (milliseconds) => {
      const style = { style: "unit", unitDisplay: "short" } as const;
      if (Math.abs(milliseconds) < 1_000)
        return new Intl.NumberFormat(language, { ...style, unit: "millisecond" }).format(
          Math.round(milliseconds),
        );
      const [count, unit] = inUnits(milliseconds / 1_000);
      return new Intl.NumberFormat(language, { ...style, unit, maximumFractionDigits: 1 }).format(count);
    },
    size: (bytes) => {
      const [count, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
      return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(count);
    },
  };
}
