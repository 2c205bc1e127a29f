import { ServerResponse } from "node:http";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { MedusaContainer } from "@medusajs/framework/types";
import { invoiceChangesOf, seqrOf } from "../../../../../modules/seqr";
import { shopperPayment } from "../../../../../shopper/shopper-payment";
import { forgetInvoice, invoiceOfToken, sendTooMany } from "../../../../middlewares/find-invoice";
import { EventStreamHub, STREAM_AGAIN, type PaymentSource } from "../../../../event-stream/event-stream-hub";
import { recordPageView, recordPageViews } from "../../../../../modules/seqr/public";

/** Bytes that may be buffered for a browser; a stream with more is closed. */
const MOST_WAITING = 65_536;

/** One hub for all streams of this process. */
let feed: EventStreamHub | undefined;

/** Sends the payment's state as server-sent events: `payment` at once and at each change, `ping` in between. */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const invoice = invoiceOfToken(req);
  feed ??= new EventStreamHub(sourceOf(req.scope));
  await recordPageView(seqrOf(req.scope), invoice);
  if (feed.isFull(invoice)) return sendTooMany(res, STREAM_AGAIN);
  res.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    // No proxy may compress or buffer the stream.
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
  // The stream has begun, so an error can only end it; the browser reconnects.
  if (!close) res.end();
  // The connection's event: a response that is queued behind another one never closes.
  else if (req.socket.destroyed) close();
  else req.socket.once("close", close);
}

/**
 * Frees the memory that a request holds while its stream is open: the request's container and session, and the hook that
 * saves that session at the end of the answer. The fields are overwritten, because deleting them is slower.
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
