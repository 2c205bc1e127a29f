/** `129.00 SEK`: written as the app writes it, so that the two screens can be compared. */
export function money(amount, currency) {
  return `${Number(amount).toFixed(2)} ${currency.toUpperCase()}`;
}
