import en from "./en/menu.json";
import sv from "./sv/menu.json";

/**
 * The texts that the dashboard shows on pages of its own: in the menu, above the list of orders, while a page is loaded. Namespace:
 * `useTranslation("seqr")`. Those of a page are loaded with it: see lib/texts.ts.
 */
export default { en: { seqr: en }, sv: { seqr: sv } };
