import { StatusBadge, Tooltip } from "@medusajs/ui";

interface ExplainedBadgeProps {
  color: "green" | "orange" | "red" | "grey" | "blue";
  /** What it means, in a sentence. */
  explanation: string;
  children: string;
}

/** A state in words. What it means stands beside it for whoever points at it, or comes to it with the keyboard. */
export const ExplainedBadge = ({ color, explanation, children }: ExplainedBadgeProps) => (
  <Tooltip content={explanation} maxWidth={320}>
    <span tabIndex={0} className="focus-visible:shadow-borders-focus inline-block rounded-md outline-none">
      <StatusBadge color={color}>{children}</StatusBadge>
    </span>
  </Tooltip>
);
