import type { AdminSeqrRefundDetails } from "../../http-types";

/** Whether staff decided that a refund was not made that SEQR had not answered. Its state is that of a refused one. */
export function isDropped({ result }: Pick<AdminSeqrRefundDetails, "result">): boolean {
  return result === "SEQR_REFUND_NOT_MADE";
}
