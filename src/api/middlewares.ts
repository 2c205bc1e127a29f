import { container } from "@medusajs/framework";
import { defineMiddlewares } from "@medusajs/framework/http";
import { beginServingIn } from "../modules/seqr";
import { adminSeqrRoutes } from "./admin/seqr/middlewares";
import { changeCartInTurn } from "./middlewares/change-cart-in-turn";
import { explainRefusedCartChange } from "./middlewares/explain-refused-cart-change";
import {
  leaseInvoiceDuringCompletion,
  leaseInvoiceDuringPaymentChange,
  leaseInvoicesDuringCancellation,
} from "./middlewares/lease-invoice-during-completion";
import { hideLedger } from "./middlewares/hide-ledger";
import { lockPurchaseWhileStarting } from "./middlewares/lock-purchase-while-starting";
import { findInvoice } from "./middlewares/find-invoice";
import { redactToken } from "./middlewares/redact-token";
import { discardBody } from "./middlewares/discard-body";
import { cors } from "./middlewares/cors";
import { rejectMalformedPath } from "./middlewares/reject-malformed-path";
import { refuseWhileOff, whileOn } from "./middlewares/while-on";
import {
  changeCartWithoutUnknownTerminals,
  startWithoutUnknownTerminals,
} from "./middlewares/without-unknown-terminals";

// Medusa loads this file when a server starts to accept requests, and for no command. An error thrown here stops the start.
beginServingIn(container);

export default defineMiddlewares({
  routes: [
    // The body of a notification is never read: it proves nothing, and its format is not reliable.
    { matcher: "/hooks/seqr/*", bodyParser: false },
    { matcher: "/seqr/*", bodyParser: false },
    {
      matcher: "/hooks/seqr",
      middlewares: [redactToken, discardBody, rejectMalformedPath, refuseWhileOff],
    },
    {
      matcher: "/seqr",
      middlewares: [redactToken, discardBody, cors, rejectMalformedPath],
    },
    { matcher: "/seqr/payments", middlewares: [refuseWhileOff] },
    { matcher: "/seqr/return", middlewares: [refuseWhileOff] },
    { matcher: "/hooks/seqr/:token", methods: ["GET", "POST"], middlewares: [findInvoice("notification")] },
    { matcher: "/seqr/payments/:token", methods: ["GET"], middlewares: [findInvoice("page")] },
    { matcher: "/seqr/payments/:token/status", methods: ["GET"], middlewares: [findInvoice("status")] },
    { matcher: "/seqr/payments/:token/cancel", methods: ["POST"], middlewares: [findInvoice("cancel")] },
    { matcher: "/seqr/payments/:token/events", methods: ["GET"], middlewares: [findInvoice("events")] },
    { matcher: "/seqr/payments/:token/renew", methods: ["POST"], middlewares: [findInvoice("renew")] },
    { matcher: "/seqr/return/:token", methods: ["GET"], middlewares: [findInvoice("return")] },
    { matcher: "/store", middlewares: [hideLedger] },
    {
      matcher: "/store/carts/:id/complete",
      methods: ["POST"],
      middlewares: [whileOn(leaseInvoiceDuringCompletion)],
    },
    {
      matcher: "/admin/payments/:id/capture",
      methods: ["POST"],
      middlewares: [whileOn(leaseInvoiceDuringPaymentChange)],
    },
    {
      matcher: "/admin/payments/:id/refund",
      methods: ["POST"],
      middlewares: [whileOn(leaseInvoiceDuringPaymentChange)],
    },
    {
      matcher: "/admin/orders/:id/cancel",
      methods: ["POST"],
      middlewares: [whileOn(leaseInvoicesDuringCancellation)],
    },
    ...adminSeqrRoutes,
    {
      matcher: "/store/carts/*",
      methods: ["POST", "DELETE"],
      middlewares: [
        whileOn(changeCartInTurn),
        whileOn(changeCartWithoutUnknownTerminals),
        whileOn(explainRefusedCartChange),
      ],
    },
    { matcher: "/store/payment-collections", methods: ["POST"], middlewares: [whileOn(changeCartInTurn)] },
    {
      matcher: "/store/payment-collections/:id/payment-sessions",
      methods: ["POST"],
      middlewares: [whileOn(lockPurchaseWhileStarting), whileOn(startWithoutUnknownTerminals)],
    },
    {
      matcher: "/store/payment-collections/*",
      methods: ["POST"],
      middlewares: [whileOn(explainRefusedCartChange)],
    },
  ],
});
