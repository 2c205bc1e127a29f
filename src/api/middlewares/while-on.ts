import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { isOn } from "../../modules/seqr";
import { seqrError } from "../../errors/error-codes";

type Middleware = (req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction) => unknown;

/** Skips a middleware on Medusa's own routes while SEQR is off, so that other payment methods keep working. */
export function whileOn(middleware: Middleware): Middleware {
  return (req, res, next) => (isOn(req.scope) ? middleware(req, res, next) : next());
}

/** Answers the plugin's own routes with 503 while SEQR is off. */
export function refuseWhileOff(req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): void {
  if (isOn(req.scope)) return next();
  const { code, type, message } = seqrError("SEQR_OFF");
  res.status(503).json({ code, type, message });
}
