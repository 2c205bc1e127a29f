import { defineMiddlewares } from "@medusajs/framework/http";
import { explainRefusedCartChange } from "./explain-refused-cart-change";
import { holdWhileCompleting } from "./hold-while-completing";
import { keepTokenOutOfLogs } from "./keep-token-out-of-logs";
import { openToStorefronts } from "./open-to-storefronts";

export default defineMiddlewares({
  routes: [
    // The body of a notification is never read: it proves nothing, and may be anything.
    { matcher: "/hooks/seqr/*", bodyParser: false, middlewares: [keepTokenOutOfLogs] },
    { matcher: "/seqr/*", bodyParser: false, middlewares: [keepTokenOutOfLogs, openToStorefronts] },
    { matcher: "/store/carts/*/complete", methods: ["POST"], middlewares: [holdWhileCompleting] },
    { matcher: "/store/carts/*", methods: ["POST", "DELETE"], middlewares: [explainRefusedCartChange] },
    { matcher: "/store/payment-collections/*", methods: ["POST"], middlewares: [explainRefusedCartChange] },
  ],
});
