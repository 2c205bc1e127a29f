import enAttention from "./en/attention.json";
import enBooks from "./en/books.json";
import enPayments from "./en/payments.json";
import enProblems from "./en/problems.json";
import svAttention from "./sv/attention.json";
import svBooks from "./sv/books.json";
import svPayments from "./sv/payments.json";
import svProblems from "./sv/problems.json";

/** The plugin's texts in the dashboard, in a namespace of their own: `useTranslation("seqr")`. A file for each surface. */
export default {
  en: { seqr: { attention: enAttention, books: enBooks, payments: enPayments, problems: enProblems } },
  sv: { seqr: { attention: svAttention, books: svBooks, payments: svPayments, problems: svProblems } },
};
