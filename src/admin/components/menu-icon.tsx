import { useTranslation } from "react-i18next";
import { useAttentionCount } from "../hooks/use-attention";

/** More than this has no room in the icon. */
const MOST = 99;

/** The icon of SEQR's menu entry: a code, or the number of entries that need a person. */
export const MenuIcon = () => {
  const { t } = useTranslation("seqr");
  const count = useAttentionCount();
  if (count === 0) return <CodeIcon />;
  return (
    <span
      role="img"
      aria-label={t("attention.waiting", { count })}
      className="bg-ui-tag-red-icon flex size-full items-center justify-center"
      style={{ color: "white", fontSize: 10, fontWeight: 600, lineHeight: 1, letterSpacing: -0.5 }}
    >
      {Math.min(count, MOST)}
    </span>
  );
};

const CodeIcon = () => (
  <svg width="15" height="15" viewBox="0 0 15 15" fill="none" aria-hidden className="text-ui-fg-subtle">
    <path
      d="M2 2h4v4H2zM9 2h4v4H9zM2 9h4v4H2zM9 9h1.5v1.5M13 9v1.5M9 13h1.5M13 13h-1"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
