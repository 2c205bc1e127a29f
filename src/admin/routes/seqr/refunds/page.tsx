import { defineRouteConfig } from "@medusajs/admin-sdk";
import { RefundList } from "../../../components/refund-list";

/** The refunds of all payments. */
const SeqrRefunds = () => <RefundList />;

export const config = defineRouteConfig({ label: "refunds.menu", translationNs: "seqr", rank: 2 });

export default SeqrRefunds;
