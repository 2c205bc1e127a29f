import type { ReactNode } from "react";

interface TextLinkProps {
  href: string;
  /** For screen readers, where the text alone does not say where it leads. */
  label?: string;
  children: ReactNode;
}

/** A link in a table or in a text. */
export const TextLink = ({ href, label, children }: TextLinkProps) => (
  <a
    href={href}
    aria-label={label}
    className="text-ui-fg-interactive hover:text-ui-fg-interactive-hover focus-visible:shadow-borders-focus rounded outline-none"
  >
    {children}
  </a>
);
