// Runs inside a store: changes a cart as a request does, with the hook of docs/workflows.md. CHANGE is `{ cart_id, item_id, quantity }`.
const { refreshCartItemsWorkflow, updateLineItemInCartWorkflow } = require("@medusajs/medusa/core-flows");
const { updateSeqrPaymentWorkflow } = require("medusa-payment-seqr/workflows");

exports.default = async function keepCode({ container }) {
  refreshCartItemsWorkflow.hooks.beforeRefreshingPaymentCollection(
    async ({ input }, { container: within }) => {
      await updateSeqrPaymentWorkflow(within).run({ input: { cart_id: input.cart_id } });
    },
  );
  const { cart_id, item_id, quantity } = JSON.parse(process.env.CHANGE);
  const { errors } = await updateLineItemInCartWorkflow(container).run({
    input: { cart_id, item_id, update: { quantity } },
    throwOnError: false,
  });
  const [error] = errors;
  console.log(`change: ${error ? (error.error.code ?? error.error.message) : "done"}`);
};
