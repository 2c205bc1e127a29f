import { useTranslation } from "react-i18next";

/** What writes measured values in the dashboard's language. */
export interface Units {
  /** Writes a time span. @param milliseconds of it */
  span: (milliseconds: number) => string;
  /** Writes the size of a file. @param bytes of it */
  size: (bytes: number) => string;
}

/** The units of a time span, with their milliseconds, the longest first. */
const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
  ["millisecond", 1],
] as const;

/** Writes time spans and sizes in the dashboard's language. */
export function useUnits(): Units {
  const { language } = useTranslation().i18n;
  const write = (count: number, unit: string, digits: number): string =>
    new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: digits }).format(count);
  return {
    span: (milliseconds) => {
      const [unit, size] = UNITS.find(([, least]) => Math.abs(milliseconds) >= least) ?? ["millisecond", 1];
      return write(milliseconds / size, unit, size === 1 ? 0 : 1);
    },
    size: (bytes) =>
      bytes < 1_000_000 ? write(bytes / 1_000, "kilobyte", 1) : write(bytes / 1_000_000, "megabyte", 1),
  };
}
