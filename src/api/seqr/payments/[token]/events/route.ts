import { ServerResponse } from "node:http";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { MedusaContainer } from "@medusajs/framework/types";
import { invoiceChangesOf, seqrOf } from "../../../../../modules/seqr";
import { shopperPayment } from "../../../../../shopper/shopper-payment";
import { forgetInvoice, invoiceOfToken, sendTooMany } from "../../../../middlewares/find-invoice";
import { EventStreamHub, STREAM_AGAIN, type PaymentSource } from "../../../../event-stream/event-stream-hub";
import { recordPageView, recordPageViews } from "../../../../../modules/seqr/public";

/** Bytes that may wait for a browser; one that takes nothing any more is let go. */
const MOST_WAITING = 65_536;

/** One for all streams of this process. */
let feed: EventStreamHub | undefined;

/** The payment's state as server-sent events: `payment` at once and whenever something changes, `ping` in between. */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  feed ??= new EventStreamHub(sourceOf(req.scope));
  await recordPageView(seqrOf(req.scope), invoice);
  if (feed.isFull(invoice)) return sendTooMany(res, STREAM_AGAIN);
  res.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    // Neither compressed nor kept back on the way.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  const sink = {
    write(text: string): void {
      if (res.writableLength > MOST_WAITING) res.destroy();
      else res.write(text);
    },
    end: () => void res.end(),
  };
  const close = await feed.open(invoice, sink, req.get("Last-Event-ID")).catch(() => undefined);
  letGo(req, res);
  // The stream has begun, so it can only end: the browser comes again.
  if (!close) res.end();
  // Of the connection: a response that waits behind another one never closes.
  else if (req.socket.destroyed) close();
  else req.socket.once("close", close);
}

/**
 * A stream stays open for long, and what answered its request would stay in memory with it: the request's own container
 * and session, and what saves that session when the answer ends. Overwritten and not deleted, which would cost more.
 */
function letGo(req: MedusaRequest, res: MedusaResponse): void {
  forgetInvoice(req);
  const gone = undefined;
  Object.assign(req, { scope: gone, session: gone, sessionStore: gone, request_context: gone, next: gone });
  const { end, writeHead } = ServerResponse.prototype;
  Object.assign(res, { end, writeHead });
}

function sourceOf(container: MedusaContainer): PaymentSource {
  const seqr = seqrOf(container);
  return {
    read: async (id) => {
      const invoice = await seqr.ledger.find({ id });
      return invoice && shopperPayment(container, invoice);
    },
    watch: (paymentCollectionId, changed) => invoiceChangesOf(container).watch(paymentCollectionId, changed),
    viewed: (ids) => recordPageViews(seqr, ids),
  };
}
