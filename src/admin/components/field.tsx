import { Text } from "@medusajs/ui";
import type { ReactNode } from "react";

/** A name and its value, on one line of a container. */
export const Field = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex items-start justify-between gap-x-4">
    <Text size="small" leading="compact" weight="plus">
      {name}
    </Text>
    <Text as="div" size="small" leading="compact" className="text-ui-fg-subtle break-all text-right">
      {children}
    </Text>
  </div>
);
