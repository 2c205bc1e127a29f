import { randomBytes, randomInt } from "node:crypto";

/** Source of new identifiers. The sandbox requests another one if the first is in use. */
export interface Ids {
  /** A number of decimal digits. */
  digits(count: number): string;
  /** A number of lower-case hexadecimal digits. */
  hex(count: number): string;
}

/** Identifiers that cannot be guessed. */
export const randomIds: Ids = {
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(""),
  hex: (count) =>
    randomBytes(Math.ceil(count / 2))
      .toString("hex")
      .slice(0, count),
};

/** Identifiers that count from 1, the same in every run, for simulations. */
export function countingIds(): Ids {
  let last = 0;
  return {
    digits: (count) => String(++last).padStart(count, "0").slice(-count),
    hex: (count) => (++last).toString(16).padStart(count, "0").slice(-count),
  };
}
