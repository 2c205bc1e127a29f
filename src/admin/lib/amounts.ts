/** Whether an amount, a decimal string, is zero. */
export function isNothing(amount: string): boolean {
  return /^-?0*\.?0*$/.test(amount);
}
