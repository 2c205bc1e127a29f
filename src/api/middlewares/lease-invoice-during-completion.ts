import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { Modules } from "@medusajs/framework/utils";
import { seqrOf } from "../../modules/seqr";
import { seqrError } from "../../errors/error-codes";
import {
  COMPLETION_TIME_LIMIT,
  currentInvoice,
  keepLease,
  LONG_WAIT,
  pollPaymentStatus,
  waitForLease,
  type InvoiceRecord,
  type OperationContext,
} from "../../modules/seqr/public";
import { invoicesOfOrder } from "../../medusa/order-payments";
import { releaseAfterCompletion } from "../../medusa/process-order-payments";
import { processingContext } from "../../medusa/processing-context";
import { keepUntilAnswered } from "./keep-until-answered";

/**
 * Leases the invoice while a storefront completes its cart, so that no other process on any server processes the payment.
 * Medusa's own lock on the cart reaches only as far as the store's locking module, which by default is one process.
 */
export function leaseInvoiceDuringCompletion(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  return leaseUntilAnswered(req, res, {
    find: () => seqrOf(req.scope).ledger.findLiveOfCart(req.params["id"] ?? ""),
    proceed: async (leased) => {
      const { store } = processingContext(req.scope);
      if (leased) {
        await store.dropOtherSessions(leased, isHeldBySeqr(leased));
        await store.linkInterruptedOrder(leased);
      }
      next();
    },
  });
}

/** Whether SEQR has the shopper's money, charged or reserved, and Medusa has nothing yet. */
function isHeldBySeqr({ state }: InvoiceRecord): boolean {
  return state === "paid" || state === "reserved";
}

/**
 * Leases the invoice while staff capture or refund its payment: of two refunds at once both would be made, and Medusa could record only
 * one of them in the order.
 *
 * @throws {MedusaError} SEQR_TERMINAL_UNKNOWN when the options name its terminal no longer: core has no provider that could say so
 */
export async function leaseInvoiceDuringPaymentChange(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const [payment] = await req.scope
    .resolve(Modules.PAYMENT)
    .listPayments({ id: req.params["id"] ?? "" }, { select: ["id"], relations: ["payment_session"] });
  const session_id = payment?.payment_session?.id;
  if (!session_id) return next();
  const { ledger, terminals } = seqrOf(req.scope);
  return leaseUntilAnswered(req, res, {
    find: async () => {
      const invoice = await ledger.find({ session_id });
      if (invoice) terminals.of(invoice);
      return invoice;
    },
    proceed: () => next(),
  });
}

/**
 * Leases the invoices of an order while staff cancel it: core refunds the captures that it has recorded, also one that SEQR is just
 * asked for, and enters that refund in the order even when SEQR refuses it.
 */
export async function leaseInvoicesDuringCancellation(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { ledger, terminals } = seqrOf(req.scope);
  const ofOrder = await invoicesOfOrder(req.scope, req.params["id"] ?? "");
  const invoices = ofOrder
    // Medusa can capture and refund only what has its provider.
    .filter((invoice) => invoice.order_id !== null && terminals.find(invoice))
    // Every cancellation leases them in the same order, so that no two wait for each other.
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const leaseAll = ([first, ...others]: InvoiceRecord[]): Promise<void> | void =>
    first
      ? leaseUntilAnswered(req, res, {
          find: () => ledger.find({ id: first.id }),
          proceed: () => leaseAll(others),
        })
      : next();
  await leaseAll(invoices);
}

/** Which invoice to lease, and how to continue then. */
interface Wanted {
  /** Reads the invoice; undefined when there is none to lease. */
  find: () => Promise<InvoiceRecord | undefined>;
  proceed: (leased: InvoiceRecord | undefined) => unknown;
}

/** @throws {MedusaError} SEQR_BUSY when other processes have the lease for a quarter of a minute */
function leaseUntilAnswered(
  req: MedusaRequest,
  res: MedusaResponse,
  { find, proceed }: Wanted,
): Promise<void> {
  const seqr = seqrOf(req.scope);
  return keepUntilAnswered(req, res, {
    acquire: async () => {
      const lease = await waitForLease(seqr, find, LONG_WAIT);
      if (lease === "busy") throw seqrError("SEQR_BUSY");
      if (!lease) return undefined;
      const stop = keepLease(seqr, lease.invoice);
      const cancelPoll = seqr.clock.schedule(
        COMPLETION_TIME_LIMIT,
        () => void pollMeanwhile(seqr, lease.invoice),
      );
      return { ...lease, stop, cancelPoll };
    },
    release: ({ invoice, previousDueAt, stop, cancelPoll }) => {
      stop();
      cancelPoll();
      return releaseAfterCompletion(processingContext(req.scope), invoice, previousDueAt);
    },
    proceed: (lease) => proceed(lease?.invoice),
  });
}

/** Polls while a cart completion takes long, so that SEQR does not reverse the payment. The completion finds it in the ledger. */
async function pollMeanwhile(seqr: OperationContext, leased: InvoiceRecord): Promise<void> {
  const current = await currentInvoice(seqr, leased);
  if (current.state === "open") await pollPaymentStatus(seqr, current, "completion").catch(() => undefined);
}
