import { Heading, Text } from "@medusajs/ui";

/** The heading of a page, and what is on it. */
export const ListHead = ({ heading, subtitle }: { heading: string; subtitle: string }) => (
  <div>
    <Heading>{heading}</Heading>
    <Text size="small" className="text-ui-fg-subtle">
      {subtitle}
    </Text>
  </div>
);
