import { z } from "@medusajs/framework/zod";

/** Takes a value once, several times, or separated by commas, as Medusa's own lists do. */
export const oneOrMore = <T extends z.ZodType>(each: T) =>
  z.preprocess((given) => (typeof given === "string" ? given.split(",") : given), z.array(each)).optional();
