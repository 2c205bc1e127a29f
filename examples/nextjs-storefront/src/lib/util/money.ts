/** An amount as people read it. */
export function convertToLocale({
  amount,
  currency_code,
}: {
  amount: number;
  currency_code: string;
}): string {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency: currency_code }).format(amount);
}
