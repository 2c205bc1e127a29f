/** What the option `returnUrl` may name, in braces. */
const PLACEHOLDERS = ["order_id", "country", "status", "cart_id"] as const;

/** What is known of a payment when its shopper goes back to the shop. */
export type ReturnValues = Record<(typeof PLACEHOLDERS)[number], string | undefined>;

const PLACEHOLDER = new RegExp(`\\{(${PLACEHOLDERS.join("|")})\\}`, "g");

/** The address with a letter for each placeholder that there is: what has braces left has something else in them. */
export function withoutPlaceholders(returnUrl: string): string {
  return returnUrl.replace(PLACEHOLDER, "x");
}

/** Whether the address names anything of the payment. */
export function hasPlaceholders(returnUrl: string): boolean {
  return withoutPlaceholders(returnUrl) !== returnUrl;
}

/** How placeholders are written, for a person. */
export const KNOWN_PLACEHOLDERS = PLACEHOLDERS.map((name) => `{${name}}`).join(", ");

/**
 * Fills an address in. What is not known stays empty in the query.
 *
 * @returns undefined when a part of the path is not known: there is no such page
 */
export function filledAddress(returnUrl: string, values: ReturnValues): string | undefined {
  const [path = "", rest = ""] = returnUrl.split(/(?=[?#])([^]*)/);
  const names = [...path.matchAll(PLACEHOLDER)].map(([, name]) => name as keyof ReturnValues);
  if (names.some((name) => !values[name])) return undefined;
  return (path + rest).replace(PLACEHOLDER, (_, name: keyof ReturnValues) =>
    encodeURIComponent(values[name] ?? ""),
  );
}
