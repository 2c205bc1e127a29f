// What the admin API of the plugin sends and takes, for clients: `import type { AdminSeqrAttentionItem } from
// "medusa-payment-seqr"`. Times are ISO 8601 in UTC, amounts are decimal strings.
export type * from "./attention";
export type * from "./books";
export type * from "./health";
export type * from "./order-payments";
export type * from "./payments";
