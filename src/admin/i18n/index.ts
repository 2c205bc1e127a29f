import enAttention from "./en/attention.json";
import enBooks from "./en/books.json";
import enCommon from "./en/common.json";
import enHealth from "./en/health.json";
import enNotifications from "./en/notifications.json";
import enPayments from "./en/payments.json";
import enProblems from "./en/problems.json";
import enRefunds from "./en/refunds.json";
import enSettings from "./en/settings.json";
import svAttention from "./sv/attention.json";
import svBooks from "./sv/books.json";
import svCommon from "./sv/common.json";
import svHealth from "./sv/health.json";
import svNotifications from "./sv/notifications.json";
import svPayments from "./sv/payments.json";
import svProblems from "./sv/problems.json";
import svRefunds from "./sv/refunds.json";
import svSettings from "./sv/settings.json";

/** The plugin's texts in the dashboard, in a namespace of their own: `useTranslation("seqr")`. A file for each surface. */
export default {
  en: {
    seqr: {
      attention: enAttention,
      books: enBooks,
      common: enCommon,
      health: enHealth,
      notifications: enNotifications,
      payments: enPayments,
      problems: enProblems,
      refunds: enRefunds,
      settings: enSettings,
    },
  },
  sv: {
    seqr: {
      attention: svAttention,
      books: svBooks,
      common: svCommon,
      health: svHealth,
      notifications: svNotifications,
      payments: svPayments,
      problems: svProblems,
      refunds: svRefunds,
      settings: svSettings,
    },
  },
};
