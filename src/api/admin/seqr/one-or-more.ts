import { z } from "@medusajs/framework/zod";

/**
 * Takes one of these values, several times, or separated by commas, as Medusa's own lists do.
 *
 * @param name of the parameter, for the message: Medusa's own about a list says that a field is missing
 */
export const oneOrMore = <Value extends string>(name: string, values: readonly Value[]) => {
  const isOne = (given: unknown): boolean => values.some((value) => value === given);
  const each = z.custom<Value>(isOne, `${name} must be one of: ${values.join(", ")}`);
  return z
    .preprocess((given) => (typeof given === "string" ? given.split(",") : given), z.array(each))
    .optional();
};
