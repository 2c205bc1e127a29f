import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/**
 * For routes that read no body: once they have answered, a sender who is still sending is cut off. Node would wait for
 * the rest, and read it for nothing.
 */
export function leaveBodyUnread(req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): void {
  res.once("finish", () => {
    if (!req.complete) req.socket.destroySoon();
  });
  next();
}
