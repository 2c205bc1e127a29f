import { randomBytes, randomInt } from "node:crypto";

/** Where the sandbox takes fresh identifiers from. It asks again when it gets one that is in use. */
export interface Ids {
  /** So many decimal digits. */
  digits(count: number): string;
  /** So many lower-case hexadecimal digits. */
  hex(count: number): string;
}

/** Identifiers that nobody can guess. */
export const randomIds: Ids = {
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(""),
  hex: (count) =>
    randomBytes(Math.ceil(count / 2))
      .toString("hex")
      .slice(0, count),
};

/** Identifiers that count up from 1: the same in every run, for simulations. */
export function countingIds(): Ids {
  let last = 0;
  return {
    digits: (count) => String(++last).padStart(count, "0").slice(-count),
    hex: (count) => (++last).toString(16).padStart(count, "0").slice(-count),
  };
}
