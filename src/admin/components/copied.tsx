import { Copy, Text } from "@medusajs/ui";
import { useTranslation } from "react-i18next";

/** A reference with a button that copies it. @param name what is copied, for those who do not see it */
export const Copied = ({ name, text }: { name: string; text: string | null }) => {
  const { t } = useTranslation("seqr");
  if (text === null) return <>–</>;
  return (
    <span className="inline-flex items-center gap-x-1">
      <Text as="span" size="small" leading="compact" className="break-all">
        {text}
      </Text>
      <Copy
        content={text}
        variant="mini"
        className="text-ui-fg-muted"
        aria-label={t("payments.copy", { name })}
      />
    </span>
  );
};
