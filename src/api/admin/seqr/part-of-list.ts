import { z } from "@medusajs/framework/zod";

/** Rows that one answer holds at most, and unless it is asked for another number. */
export const MOST = 200;
const USUAL = 20;

/** How far a list can be paged through. What lies behind is found by a filter, or exported. */
const FURTHEST = 10_000;

/** How many rows. */
export const limit = z.coerce.number().int().min(1).max(MOST);

/** Which part of a list that may be very long. */
export const partOfList = {
  limit: limit.default(USUAL),
  offset: z.coerce.number().int().min(0).max(FURTHEST).default(0),
};

/** A text without control characters: PostgreSQL does not take all of them. */
const plainText = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^\P{Cc}*$/u, "must not have control characters");

/** Names, such as those of terminals. */
export const Name = plainText(200);

/** What is searched for: a whole reference, or an e-mail address, which has 320 characters at most. Spaces around it are left out, and nothing is as if it were left out. */
export const SearchText = plainText(320)
  .transform((text) => text.trim() || undefined)
  .optional();
