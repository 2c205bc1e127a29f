/**
 * How a completion ended. `impossible`: this cart cannot become an order as it is. `unpaid`: everything else is ready,
 * the money is not there. `failed`: something broke; the same may work later.
 */
export type Completion =
  | { outcome: "order"; orderId: string }
  | { outcome: "impossible" | "unpaid" | "failed"; message: string; code?: string };
