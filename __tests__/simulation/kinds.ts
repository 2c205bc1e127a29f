/** What people and machines do in a world more often than elsewhere. All numbers are probabilities. */
export interface Kind {
  name: string;
  /** That staff refund an order, and that somebody else refunds it too, at the same time as often as not. */
  refunds: number;
  moreRefunds: number;
  /** That staff cancel an order; that they do so when everything about it seems to be over. */
  cancels: number;
  cancelsLater: number;
  /** That SEQR forbids the shop's refunds at first, and allows them some minutes later. */
  forbidden: number;
  /** That core forgets a refund which SEQR has made: its connection breaks after the provider's answer. */
  forgotten: number;
  /** That nobody asks SEQR for a refund which core has written down: the process dies, or its connection breaks. */
  unasked: number;
  /** That SEQR leaves most refunds of a payment unanswered; that a firewall's page comes in place of an answer. */
  unanswered: number;
  firewall: number;
  /** Whether the jobs of all servers run at the same moments. */
  together: boolean;
  /** That staff act by a page that is no longer true. */
  stale: number;
  /** Whether staff decide about what is listed for their attention. */
  decides: boolean;
  /** That a total has more than two decimals. */
  crooked: number;
  /** That an order is changed, and the difference paid. */
  edits: number;
  /** That store credit covers a cart after its code was shown. */
  credit: number;
  /** That a payment is started twice at once, that the other is of another method, and that the page makes a new code. */
  twice: number;
  otherwise: number;
  renews: number;
  /** That somebody starts a payment after the order is placed. */
  startsAgain: number;
  /** That a cancellation gets no answer, and the shopper cancels while the phone pays. */
  lateCancels: number;
  cancelsWhilePaying: number;
  /** That SEQR's answers about an invoice contradict what it was sent. */
  contradicting: number;
  /** That the shop gets another terminal, and that its database is restored from a backup. */
  moves: number;
  restores: number;
  /** That core stands still before it enters a capture in its order's records, up to some minutes. */
  lateEntries: number;
  /** That the shop has a second terminal, and how likely its endpoint hangs each minute. */
  hangs: number;
  /** That the first terminal gets another password, and the servers are restarted with it one after the other. */
  rotates: number;
  /** Seconds for which SEQR keeps a reservation; 0 where the shopper is charged at once. */
  reservation: number;
  /** Whether the plugin captures what would lapse. */
  capturesBeforeLapse: boolean;
  /** That staff capture an order; that they capture a part, and somebody else captures too; that SEQR tells of a reservation. */
  captures: number;
  parts: number;
  moreCaptures: number;
  announcesReservations: boolean;
  /** That core forgets a capture which SEQR has made, and that nobody asks SEQR for one which core has written down. */
  lostCaptures: number;
  uncaptured: number;
  /** Of what the shop closes SEQR's periods, by hand and at midnight; empty where it keeps no books. It has two terminals then. */
  periods: "" | "shop" | "terminal";
  /** That somebody closes a period by hand, every half a minute; that another system sells with the shop's terminals. */
  closes: number;
  elsewhere: number;
  /** That SEQR's report on a period has an error; that SEQR has none. */
  distorted: number;
  withheld: number;
}

const PLAIN: Kind = {
  name: "plain",
  ...{ refunds: 0.3, moreRefunds: 0.15, cancels: 0.1, forgotten: 0, unasked: 0, unanswered: 0, firewall: 0 },
  ...{ together: false, stale: 0, decides: false, crooked: 0, edits: 0, credit: 0, twice: 0, otherwise: 0 },
  ...{ renews: 0, startsAgain: 0, lateCancels: 0, cancelsWhilePaying: 0, contradicting: 0, moves: 0 },
  ...{ restores: 0, cancelsLater: 0, forbidden: 0, lateEntries: 0, hangs: 0, rotates: 0 },
  ...{ reservation: 0, capturesBeforeLapse: false, captures: 0, parts: 0, moreCaptures: 0 },
  ...{ announcesReservations: false, lostCaptures: 0, uncaptured: 0 },
  ...{ periods: "", closes: 0, elsewhere: 0, distorted: 0, withheld: 0 },
};

/** Each world is of one kind, so that what is rare among shops is common in some of them. */
export const KINDS: readonly Kind[] = [
  PLAIN,
  {
    ...PLAIN,
    name: "refunds",
    ...{ refunds: 0.9, moreRefunds: 0.5, cancels: 0.05, forgotten: 0.2, unasked: 0.15, unanswered: 0.3 },
    ...{ together: true, stale: 0.4, decides: true, crooked: 0.3, cancelsLater: 0.35, forbidden: 0.4 },
  },
  {
    ...PLAIN,
    name: "edits",
    ...{ edits: 0.7, cancels: 0.15, refunds: 0.2, credit: 0.15, crooked: 0.4, decides: true, stale: 0.2 },
    ...{ together: true, lateEntries: 0.1 },
  },
  {
    ...PLAIN,
    name: "starts",
    ...{ twice: 0.4, otherwise: 0.2, renews: 0.3, startsAgain: 0.15, credit: 0.05, lateEntries: 0.15 },
  },
  {
    ...PLAIN,
    name: "answers",
    ...{ lateCancels: 0.5, cancelsWhilePaying: 0.15, contradicting: 0.05, moves: 0.5, restores: 0.5 },
    ...{ firewall: 0.1, refunds: 0.4, startsAgain: 0.05, decides: true, together: true },
  },
  {
    ...PLAIN,
    name: "terminals",
    ...{ hangs: 0.7, rotates: 0.6, refunds: 0.5, twice: 0.15, renews: 0.15 },
  },
  {
    ...PLAIN,
    name: "captures",
    ...{ reservation: 86_400, captures: 0.9, parts: 0.4, moreCaptures: 0.3, announcesReservations: true },
    ...{ lostCaptures: 0.15, uncaptured: 0.1, cancels: 0.2, refunds: 0.3, moreRefunds: 0, decides: true },
    ...{ crooked: 0.3, cancelsWhilePaying: 0.1, twice: 0.1, lateEntries: 0.15 },
  },
  {
    ...PLAIN,
    name: "lapses",
    ...{ reservation: 480, captures: 0.4, parts: 0.2, edits: 0.4, cancels: 0.1, refunds: 0.1, credit: 0.05 },
    ...{ lateCancels: 0.2, renews: 0.1, together: true },
  },
  {
    ...PLAIN,
    name: "late captures",
    ...{ reservation: 480, capturesBeforeLapse: true, captures: 0.2, parts: 0.5, moreCaptures: 0.2 },
    ...{ lostCaptures: 0.15, uncaptured: 0.15, cancels: 0.15, refunds: 0.2, announcesReservations: true },
  },
  {
    ...PLAIN,
    name: "periods",
    ...{ periods: "shop", closes: 0.6, elsewhere: 0.1, refunds: 0.4, cancels: 0.15, unanswered: 0.2 },
    ...{ together: true, withheld: 0.15 },
  },
  {
    ...PLAIN,
    name: "terminal periods",
    ...{ periods: "terminal", closes: 0.7, elsewhere: 0.1, refunds: 0.4, forgotten: 0.1, withheld: 0.15 },
  },
  {
    ...PLAIN,
    name: "wrong reports",
    ...{ periods: "shop", closes: 0.7, elsewhere: 0.05, refunds: 0.3, distorted: 0.6, together: true },
  },
  {
    ...PLAIN,
    name: "wrong terminal reports",
    ...{ periods: "terminal", closes: 0.8, elsewhere: 0.05, refunds: 0.3, distorted: 0.6 },
  },
];
