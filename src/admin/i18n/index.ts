import en from "./en.json";
import sv from "./sv.json";

/** The plugin's texts in the dashboard, in a namespace of their own: `useTranslation("seqr")`. */
export default {
  en: { seqr: en },
  sv: { seqr: sv },
};
