import { z } from "@medusajs/framework/zod";

/** Takes a value once, several times, or separated by commas, as Medusa's own lists do. */
export const oneOrMore = <T extends z.ZodType>(each: T) =>
  z.preprocess((given) => (typeof given === "string" ? given.split(",") : given), z.array(each)).optional();

/**
 * The same, of some values.
 *
 * @param name of the parameter, for the message: Medusa's own about a list says that a field is missing
 */
export const oneOrMoreOf = <Value extends string>(name: string, values: readonly Value[]) => {
  const isOne = (given: unknown): boolean => values.some((value) => value === given);
  return oneOrMore(z.custom<Value>(isOne, `${name} must be one of: ${values.join(", ")}`));
};
