import { useTranslation } from "react-i18next";

const WORDS = ["of", "results", "pages", "prev", "next"] as const;

/** The words below a list of several pages. */
export function usePaginationWords(): Record<(typeof WORDS)[number], string> {
  const { t } = useTranslation("seqr");
  const [of, results, pages, prev, next] = WORDS.map((word) => t(`common.pagination.${word}`));
  return { of, results, pages, prev, next } as Record<(typeof WORDS)[number], string>;
}
