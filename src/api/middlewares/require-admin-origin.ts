import type { ConfigModule } from "@medusajs/framework/types";
import { ContainerRegistrationKeys, parseCorsOrigins } from "@medusajs/framework/utils";
import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { seqrError } from "../../errors/error-codes";

/**
 * Accepts decisions from the store's own admin only. A browser adds the session's cookie to a request that another site
 * posts, if the store's cookie allows that. So a decision must be JSON, which no form can send, and if a cookie
 * authenticates it, its origin must be the server's or one in `http.adminCors`.
 */
export function requireAdminOrigin(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  if (req.is("application/json") === false) return next(seqrError("SEQR_NOT_JSON"));
  const isByCookie = req.get("authorization") === undefined;
  return next(isByCookie && !isFromAdmin(req) ? seqrError("SEQR_FOREIGN_PAGE") : undefined);
}

/** A client that is no browser sends neither header, and another site cannot make it send a cookie. */
function isFromAdmin(req: MedusaRequest): boolean {
  const site = req.get("sec-fetch-site");
  const origin = req.get("origin");
  if (site === "same-origin" || (site === undefined && origin === undefined)) return true;
  return origin !== undefined && (isOwn(origin, req) || isAllowed(origin, req));
}

function isOwn(origin: string, req: MedusaRequest): boolean {
  return origin === `${req.protocol}://${req.get("host") ?? ""}`;
}

function isAllowed(origin: string, req: MedusaRequest): boolean {
  const config = req.scope.resolve<ConfigModule>(ContainerRegistrationKeys.CONFIG_MODULE);
  return parseCorsOrigins(config.projectConfig.http.adminCors).some((allowed) =>
    typeof allowed === "string" ? allowed === origin : allowed.test(origin),
  );
}
