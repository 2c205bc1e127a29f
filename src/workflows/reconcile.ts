import {
  createStep,
  createWorkflow,
  parallelize,
  StepResponse,
  WorkflowResponse,
} from "@medusajs/framework/workflows-sdk";
import { refundRecentlyCanceledOrders } from "../medusa/canceled-orders";
import { processingContext } from "../medusa/processing-context";
import { notificationsOf, seqrOf, serversOf } from "../modules/seqr";
import { deleteOldNotifications, deleteOldObservations, listUnknownTerminals } from "../modules/seqr/public";
import { clearLapses } from "../processing/captures/clear-lapses";
import { reconcileCaptures } from "../processing/captures/reconcile-captures";
import { reconcileRefunds } from "../processing/refunds/reconcile-refunds";

export const reconcileSeqrRefundsStep = createStep(
  "seqr-reconcile-refunds",
  async (_: undefined, { container }) => {
    await reconcileRefunds(processingContext(container));
    return new StepResponse(undefined);
  },
);

export const reconcileSeqrCapturesStep = createStep(
  "seqr-reconcile-captures",
  async (_: undefined, { container }) => {
    const context = processingContext(container);
    await reconcileCaptures(context);
    await clearLapses(context);
    return new StepResponse(undefined);
  },
);

export const refundRecentlyCanceledSeqrOrdersStep = createStep(
  "seqr-refund-recently-canceled-orders",
  async (_: undefined, { container }) => {
    await refundRecentlyCanceledOrders(container);
    return new StepResponse(undefined);
  },
);

export const deleteOldSeqrObservationsStep = createStep(
  "seqr-delete-old-observations",
  async (_: undefined, { container }) => {
    await deleteOldObservations(seqrOf(container));
    return new StepResponse(undefined);
  },
);

export const deleteOldSeqrNotificationsStep = createStep(
  "seqr-delete-old-notifications",
  async (_: undefined, { container }) => {
    const { clock, options } = seqrOf(container);
    const [notifications, servers] = [notificationsOf(container), serversOf(container)];
    await deleteOldNotifications({ notifications, servers, clock, options });
    return new StepResponse(undefined);
  },
);

export const listUnknownSeqrTerminalsStep = createStep(
  "seqr-list-unknown-terminals",
  async (_: undefined, { container }) => {
    await listUnknownTerminals(seqrOf(container));
    return new StepResponse(undefined);
  },
);

/**
 * Finds what a process that died, or an event that was lost, has left between Medusa's books and SEQR, and puts it right.
 * Deletes a part of what has been kept for long enough. Runs every minute.
 */
export const reconcileSeqrWorkflow = createWorkflow("seqr-reconcile", () => {
  // Side by side, since each may wait for an endpoint of SEQR that hangs. Each payment is worked on under its lease.
  parallelize(
    reconcileSeqrCapturesStep(),
    reconcileSeqrRefundsStep(),
    refundRecentlyCanceledSeqrOrdersStep(),
    listUnknownSeqrTerminalsStep(),
    deleteOldSeqrObservationsStep(),
    deleteOldSeqrNotificationsStep(),
  );
  return new WorkflowResponse(undefined);
});
