import {
  validateAndTransformBody,
  validateAndTransformQuery,
  type MiddlewareRoute,
} from "@medusajs/framework/http";
import { redactSearch } from "../../middlewares/redact-search";
import { refuseWhileOff } from "../../middlewares/while-on";
import { rejectNul } from "../../middlewares/reject-nul";
import { requireAdminOrigin } from "../../middlewares/require-admin-origin";
import * as attention from "./attention/query-config";
import {
  AdminDismissSeqrAttention,
  AdminGetSeqrAttentionParams,
  AdminResolveSeqrAttention,
} from "./attention/validators";
import * as books from "./books/query-config";
import { AdminGetSeqrBooksExportParams } from "./books/validators";
import * as notifications from "./notifications/query-config";
import { AdminGetSeqrNotificationsParams } from "./notifications/validators";
import * as orders from "./orders/query-config";
import { AdminGetSeqrOrderPaymentsParams } from "./orders/validators";
import * as payments from "./payments/query-config";
import { AdminGetSeqrPaymentsExportParams, AdminGetSeqrPaymentsParams } from "./payments/validators";
import * as periods from "./periods/query-config";
import {
  AdminCloseSeqrPeriod,
  AdminGetSeqrPeriodItemsParams,
  AdminGetSeqrPeriodsParams,
  AdminRetrySeqrPeriod,
} from "./periods/validators";
import * as refunds from "./refunds/query-config";
import { AdminGetSeqrRefundsParams } from "./refunds/validators";
import { requireRefundPermission } from "./require-refund-permission";

// In a store with RBAC, SEQR's payments are seen and decided about by whoever may do the same with Medusa's payments.
const READ_PAYMENTS = { resource: "payment", operation: "read" };
const UPDATE_PAYMENTS = { resource: "payment", operation: "update" };

/** Middlewares of `/admin/seqr`. */
export const adminSeqrRoutes: MiddlewareRoute[] = [
  {
    matcher: "/admin/seqr",
    middlewares: [redactSearch, refuseWhileOff, rejectNul],
    policies: [READ_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/attention",
    methods: ["GET"],
    middlewares: [validateAndTransformQuery(AdminGetSeqrAttentionParams, attention.listTransformQueryConfig)],
  },
  {
    matcher: "/admin/seqr/attention/dismiss",
    methods: ["POST"],
    middlewares: [requireAdminOrigin, validateAndTransformBody(AdminDismissSeqrAttention)],
    policies: [UPDATE_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/attention/:id",
    methods: ["POST"],
    middlewares: [
      requireAdminOrigin,
      validateAndTransformBody(AdminResolveSeqrAttention),
      requireRefundPermission,
    ],
    policies: [UPDATE_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/notifications",
    methods: ["GET"],
    middlewares: [
      validateAndTransformQuery(AdminGetSeqrNotificationsParams, notifications.listTransformQueryConfig),
    ],
  },
  {
    matcher: "/admin/seqr/notifications/:id/replay",
    methods: ["POST"],
    middlewares: [requireAdminOrigin],
    policies: [UPDATE_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/orders/:id",
    methods: ["GET"],
    middlewares: [
      validateAndTransformQuery(AdminGetSeqrOrderPaymentsParams, orders.listTransformQueryConfig),
    ],
  },
  {
    matcher: "/admin/seqr/payments",
    methods: ["GET"],
    middlewares: [validateAndTransformQuery(AdminGetSeqrPaymentsParams, payments.listTransformQueryConfig)],
  },
  {
    matcher: "/admin/seqr/payments/export",
    methods: ["GET"],
    middlewares: [
      validateAndTransformQuery(AdminGetSeqrPaymentsExportParams, payments.exportTransformQueryConfig),
    ],
  },
  {
    matcher: "/admin/seqr/payments/:id/poll",
    methods: ["POST"],
    middlewares: [requireAdminOrigin],
    policies: [UPDATE_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/refunds",
    methods: ["GET"],
    middlewares: [validateAndTransformQuery(AdminGetSeqrRefundsParams, refunds.listTransformQueryConfig)],
  },
  {
    matcher: "/admin/seqr/periods",
    methods: ["GET"],
    middlewares: [validateAndTransformQuery(AdminGetSeqrPeriodsParams, periods.listTransformQueryConfig)],
  },
  {
    matcher: "/admin/seqr/periods",
    methods: ["POST"],
    middlewares: [requireAdminOrigin, validateAndTransformBody(AdminCloseSeqrPeriod)],
    policies: [UPDATE_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/periods/:id/retry",
    methods: ["POST"],
    middlewares: [requireAdminOrigin, validateAndTransformBody(AdminRetrySeqrPeriod)],
    policies: [UPDATE_PAYMENTS],
  },
  {
    matcher: "/admin/seqr/periods/:id/items",
    methods: ["GET"],
    middlewares: [validateAndTransformQuery(AdminGetSeqrPeriodItemsParams, periods.listTransformQueryConfig)],
  },
  {
    matcher: "/admin/seqr/books/export",
    methods: ["GET"],
    middlewares: [validateAndTransformQuery(AdminGetSeqrBooksExportParams, books.exportTransformQueryConfig)],
  },
];
