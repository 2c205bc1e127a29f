import { Container, Skeleton } from "@medusajs/ui";
import { useTranslation } from "react-i18next";

/** The place of what is being read, so that nothing moves when it has come. @param rows lines of text */
export const Loading = ({ rows = 4 }: { rows?: number }) => {
  const { t } = useTranslation("seqr");
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4" role="status" aria-label={t("payments.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-5 w-full" />
      ))}
    </div>
  );
};

/** The place of a page that is being loaded. */
export const LoadingPage = () => (
  <Container className="p-0">
    <Loading rows={10} />
  </Container>
);
