import { model } from "@medusajs/framework/utils";
import { NOTIFICATION_RESULTS } from "../notifications/notification-results";

/**
 * A request to the plugin's address for SEQR's notifications. It has neither the token in the address nor the body. Of requests
 * with unknown tokens, one row stands for several: see NotificationLog.
 */
export const SeqrNotification = model
  .define("seqr_notification", {
    id: model.id({ prefix: "seqrnot" }).primaryKey(),
    received_at: model.dateTime(),
    result: model.enum([...NOTIFICATION_RESULTS]),
    /** The payment that it announces; empty when it is unknown. */
    invoice_id: model.text().index("IDX_seqr_notification_invoice_id").nullable(),
    /** Name of the payment's terminal in the options. */
    terminal: model.text().nullable(),
    /** How many requests the row stands for. */
    requests: model.number().default(1),
    /** When, and by which member of staff, its payment was processed again. */
    replayed_at: model.dateTime().nullable(),
    replayed_by: model.text().nullable(),
  })
  .indexes([
    // A query reads each result on its own, newest first, so that a rare one costs as little as a frequent one.
    { name: "IDX_seqr_notification_result", on: ["result", "received_at", "id"] },
    { name: "IDX_seqr_notification_terminal", on: ["terminal", "result", "received_at", "id"] },
  ]);
