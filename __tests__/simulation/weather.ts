/** How much goes wrong in a world. */
export interface Weather {
  name: string;
  /** Probability that the process dies at a step, before or after its effect. */
  crash: number;
  /** Probability that the database fails a step, before or after its effect. */
  database: number;
  /** Probability that a call to SEQR goes wrong. */
  line: number;
  /** Probability per minute that SEQR goes away. */
  outage: number;
  /** Probability that a notification is lost; half as often it comes twice, or late. */
  notification: number;
  /** Probability that a step takes noticeable time. */
  slow: number;
  /** Probability that a step takes a second or more: a process that is short of memory, a table that is locked. */
  stalled?: number;
  /** Nothing happens to anybody any more. */
  isOver?: boolean;
}

const NONE = { crash: 0, database: 0, line: 0, outage: 0 };

/** Each is worth a world now and then: what is rare in a storm is common in another kind of it. */
export const WEATHERS: readonly Weather[] = [
  // Nothing fails but notifications: here every payment has to be seen in time.
  { ...NONE, name: "calm", notification: 0.3, slow: 0.05 },
  { ...NONE, name: "announced", notification: 0, slow: 0.1 },
  { ...NONE, name: "busy", notification: 0.1, slow: 0.5, stalled: 0.002 },
  { name: "fair", crash: 0.00005, database: 0, line: 0.01, outage: 0, notification: 0.1, slow: 0.05 },
  { name: "crashes", crash: 0.0006, database: 0, line: 0.01, outage: 0, notification: 0.1, slow: 0.05 },
  { name: "bad line", crash: 0.00005, database: 0, line: 0.15, outage: 0.05, notification: 0.3, slow: 0.05 },
  { name: "outages", crash: 0.0001, database: 0, line: 0.03, outage: 0.4, notification: 0.2, slow: 0.05 },
  { name: "database", crash: 0.0001, database: 0.001, line: 0.02, outage: 0, notification: 0.2, slow: 0.1 },
  { name: "storm", crash: 0.0006, database: 0.0005, line: 0.1, outage: 0.2, notification: 0.4, slow: 0.1 },
];

/** The same world once everything is over: what is slow stays slow, and nothing fails. */
export function clear({ slow, stalled }: Weather): Weather {
  return { ...NONE, name: "clear", notification: 0, slow, stalled: stalled ?? 0, isOver: true };
}
