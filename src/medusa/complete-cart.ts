import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { completeCartWorkflowId, processPaymentWorkflowId } from "@medusajs/medusa/core-flows";
import type { MedusaContainer } from "@medusajs/framework/types";
import type { ErrorCode } from "../errors/error-codes";
import { classifyCompletionError, messageOf, type Completion } from "../processing/classify-completion-error";
import { restoreCart } from "./restore-cart";

const AMOUNT_DIFFERS: ErrorCode = "SEQR_AMOUNT_DIFFERS";

/** Completes a cart as the storefront's request does; a cart that is an order already gives that order. */
export async function completeCart(container: MedusaContainer, cartId: string): Promise<Completion> {
  try {
    const completion = await complete(container, cartId);
    if (completion.outcome === "order" || completion.code !== AMOUNT_DIFFERS) return completion;
    await restoreCart(container, cartId);
    return await complete(container, cartId);
  } catch (error) {
    // The workflow engine failed. Whatever the error's type is, it does not describe the cart.
    return { outcome: "failed", message: messageOf(error) };
  }
}

async function complete(container: MedusaContainer, cartId: string): Promise<Completion> {
  const engine = container.resolve(Modules.WORKFLOW_ENGINE);
  const { errors, result, transaction } = await engine.run(completeCartWorkflowId, {
    input: { id: cartId },
    throwOnError: false,
  });
  if (errors?.length) {
    const completion = classifyCompletionError(errors[0]?.error);
    if (completion.outcome === "failed") await dropExpiredLock(container, cartId);
    return completion;
  }
  const orderId = (result as { id?: string } | undefined)?.id;
  if (!transaction.hasFinished() || orderId === undefined) {
    return { outcome: "failed", message: "another request is completing the cart" };
  }
  return { outcome: "order", orderId };
}

/**
 * Works around a fault of locking-postgres 2.21: a lock whose owner was killed is never granted again, even after it has expired.
 * Deletes the expired row of the cart, so that the next attempt can complete it.
 */
async function dropExpiredLock(container: MedusaContainer, cartId: string): Promise<void> {
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  if (!(await db.schema.hasTable("locking"))) return;
  await db("locking").where({ id: cartId }).where("expiration", "<=", db.fn.now()).delete();
}

/** Authorizes a payment for an order that exists already, where there is no cart to complete. */
export async function authorizeForExistingOrder(
  container: MedusaContainer,
  sessionId: string,
  amount: string,
  action: "captured" | "authorized",
): Promise<{ outcome: "done" } | { outcome: "failed"; message: string }> {
  const engine = container.resolve(Modules.WORKFLOW_ENGINE);
  const { errors } = await engine.run(processPaymentWorkflowId, {
    input: { action, data: { session_id: sessionId, amount } },
    throwOnError: false,
  });
  return errors?.length ? { outcome: "failed", message: messageOf(errors[0]?.error) } : { outcome: "done" };
}
