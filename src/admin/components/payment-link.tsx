import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { LINK } from "./order-link";

interface PaymentLinkProps {
  /** The ledger's id of its invoice. */
  id: string;
  /** For those who do not see which row the link is in. */
  label?: string;
  children: ReactNode;
}

/** A link to the page of a payment. */
export const PaymentLink = ({ id, label, children }: PaymentLinkProps) => (
  <Link className={LINK} to={{ pathname: "/seqr", hash: `#${id}` }} aria-label={label}>
    {children}
  </Link>
);
