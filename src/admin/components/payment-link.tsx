import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { LINK } from "./order-link";

/** A link to the page of a payment. @param id the ledger's id of its invoice */
export const PaymentLink = ({ id, children }: { id: string; children: ReactNode }) => (
  <Link className={LINK} to={{ pathname: "/seqr", hash: `#${id}` }}>
    {children}
  </Link>
);
