import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { LINK } from "./order-link";

interface PaymentLinkProps {
  /** The ledger's id of its invoice. */
  id: string;
  children: ReactNode;
}

/** A link to the page of a payment. */
export const PaymentLink = ({ id, children }: PaymentLinkProps) => (
  <Link className={LINK} to={{ pathname: "/seqr", hash: `#${id}` }}>
    {children}
  </Link>
);
