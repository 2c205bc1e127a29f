const DIGEST = "SEQR_PAYMENT_IN_PROGRESS";
const WORDS =
  "This cart is being paid at this moment, so it was not changed. Your order follows within a few seconds.";

/**
 * The error for a change of the cart that Medusa refused because its payment is under way. Next.js hides the message of
 * an error that a server action throws, and passes its digest on.
 */
export function refusedChange(error: unknown): Error | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return status === 409 ? Object.assign(new Error(WORDS), { digest: DIGEST }) : undefined;
}

/** What to tell the shopper of an error that a server action has thrown. */
export function messageOf(error: unknown): string {
  if ((error as { digest?: unknown } | null)?.digest === DIGEST) return WORDS;
  return error instanceof Error ? error.message : String(error);
}
