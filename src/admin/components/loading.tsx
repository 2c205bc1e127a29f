import { useTranslation } from "react-i18next";

/** Bars where lines will stand, as the dashboard shows them, so that nothing moves when they come. */
export const Loading = ({ rows }: { rows: number }) => {
  const { t } = useTranslation("seqr");
  return (
    <div role="status" aria-label={t("common.loading")} className="flex flex-col gap-y-5 px-6 py-4">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} aria-hidden className="bg-ui-bg-component h-5 w-full animate-pulse rounded-md" />
      ))}
    </div>
  );
};
