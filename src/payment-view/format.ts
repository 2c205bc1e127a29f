/** The language that texts are kept under. Norwegian of either kind is read as Bokmål. */
export function primaryOf(language: string): string {
  const primary = language.toLowerCase().split(/[-_]/)[0] ?? "";
  return primary === "no" || primary === "nn" ? "nb" : primary;
}

/** @param amount decimal string. @returns as people write it in that language */
export function money(amount: string, currency: string, language: string): string {
  try {
    // Decimal strings are formatted exactly, also where a number could not hold them.
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

/** Puts brand, amount and time in the place of their names. */
export function fill(text: string, values: { brand?: string; amount?: string; time?: string }): string {
  return text.replace(
    /\{(brand|amount|time)\}/g,
    (whole, name: keyof typeof values) => values[name] ?? whole,
  );
}

/** An address that may be followed: the app's own scheme, or the web; nothing that runs a script. */
export function safeLink(address: string | undefined): string | undefined {
  return address && /^(?!javascript|data|vbscript|blob)[a-z][a-z0-9+.-]*:/i.test(address)
    ? address
    : undefined;
}
