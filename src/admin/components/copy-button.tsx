import { Tooltip } from "@medusajs/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** Milliseconds for which it says that the text was copied. */
const SAID_FOR = 2_000;

/** Copies a reference to the clipboard, and says so. */
export const CopyButton = ({ text }: { text: string }) => {
  const { t } = useTranslation("seqr");
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [isDone]);
  const words = isDone ? t("common.copied") : t("common.copy", { text });
  return (
    <Tooltip content={words}>
      <button
        type="button"
        aria-label={words}
        className="text-ui-fg-muted hover:text-ui-fg-subtle focus-visible:shadow-borders-focus rounded p-0.5 outline-none"
        onClick={(event) => {
          event.stopPropagation();
          void copy(text).then(setDone);
        }}
      >
        <svg
          width="14"
          height="14"
          viewBox="0 0 15 15"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          aria-hidden
        >
          {isDone ? (
            <path d="M2.5 8 6 11.5l6.5-8" strokeLinecap="round" strokeLinejoin="round" />
          ) : (
            <path d="M5.5 5.5h7v7h-7zM9.5 5.5v-3h-7v7h3" strokeLinejoin="round" />
          )}
        </svg>
      </button>
    </Tooltip>
  );
};

/** @returns whether it was copied */
async function copy(text: string): Promise<boolean> {
  // A dashboard on plain http has no clipboard of this kind.
  if (!navigator.clipboard) return copyFromField(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copyFromField(text),
  );
}

function copyFromField(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}
