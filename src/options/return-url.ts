/** Placeholders of the option `returnUrl`, which it contains in braces. */
const PLACEHOLDERS = ["order_id", "country", "status", "cart_id"] as const;

/** Values of the placeholders for a payment, as far as they are known. */
export type ReturnValues = Record<(typeof PLACEHOLDERS)[number], string | undefined>;

const PLACEHOLDER = new RegExp(`\\{(${PLACEHOLDERS.join("|")})\\}`, "g");

/** Replaces each known placeholder by a letter. An address that still has braces contains an unknown placeholder. */
export function withoutPlaceholders(returnUrl: string): string {
  return returnUrl.replace(PLACEHOLDER, "x");
}

/** Whether the address contains a placeholder. */
export function hasPlaceholders(returnUrl: string): boolean {
  return withoutPlaceholders(returnUrl) !== returnUrl;
}

/** The placeholders as a list for people. */
export const KNOWN_PLACEHOLDERS = PLACEHOLDERS.map((name) => `{${name}}`).join(", ");

/**
 * Fills in the placeholders of an address. In the query, an unknown value is left empty.
 *
 * @returns undefined when the path needs an unknown value, because that page does not exist
 */
export function filledAddress(returnUrl: string, values: ReturnValues): string | undefined {
  const [path = "", rest = ""] = returnUrl.split(/(?=[?#])([^]*)/);
  const names = [...path.matchAll(PLACEHOLDER)].map(([, name]) => name as keyof ReturnValues);
  if (names.some((name) => !values[name])) return undefined;
  return (path + rest).replace(PLACEHOLDER, (_, name: keyof ReturnValues) =>
    encodeURIComponent(values[name] ?? ""),
  );
}
