import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { hasTexts, loadTexts, type Surface } from "../lib/texts";

interface WithTextsProps {
  of: readonly Surface[];
  /** What is shown until they have come. */
  fallback: ReactNode;
  children: ReactNode;
}

/** Shows what needs the texts of some surfaces, once they have come in the dashboard's language. */
export const WithTexts = ({ of, fallback, children }: WithTextsProps) => {
  const { language } = useTranslation("seqr").i18n;
  const [, setCome] = useState("");
  const [failure, setFailure] = useState<Error>();
  const isReady = hasTexts(language, of);
  useEffect(() => {
    if (isReady) return;
    loadTexts(language, of).then(() => setCome(language), setFailure);
  }, [isReady, language, of]);
  // The dashboard shows what went wrong, as with a page of its own that cannot be loaded.
  if (failure) throw failure;
  return isReady ? children : fallback;
};
