/** The language whose texts are used. Both kinds of Norwegian use Bokmål. */
export function primaryOf(language: string): string {
  const primary = language.toLowerCase().split(/[-_]/)[0] ?? "";
  return primary === "no" || primary === "nn" ? "nb" : primary;
}

/** @param amount decimal string. @returns the amount as it is written in that language */
export function money(amount: string, currency: string, language: string): string {
  try {
    // Decimal strings are formatted exactly, also beyond the precision of a number.
    return new Intl.NumberFormat(language, { style: "currency", currency }).format(
      amount as unknown as number,
    );
  } catch {
    return `${amount} ${currency}`;
  }
}

/** @param seconds whole. @returns minutes and seconds, such as 4:05 */
export function clockTime(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Replaces the placeholders of brand, amount and time. */
export function fill(text: string, values: { brand?: string; amount?: string; time?: string }): string {
  return text.replace(
    /\{(brand|amount|time)\}/g,
    (whole, name: keyof typeof values) => values[name] ?? whole,
  );
}

/** Allows an address of the app's scheme or of the web, and none that runs a script. */
export function safeLink(address: string | undefined): string | undefined {
  return address && /^(?!javascript|data|vbscript|blob)[a-z][a-z0-9+.-]*:/i.test(address)
    ? address
    : undefined;
}
