import { readFileSync } from "node:fs";
import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import type { AdminSeqrSettings } from "../../../../http-types";
import { settingsIn } from "../../../../modules/seqr";

/** Lists every option of the plugin with the value in force, without secrets. */
export async function GET(
  req: AuthenticatedMedusaRequest,
  res: MedusaResponse<AdminSeqrSettings>,
): Promise<void> {
  res.json({ version: version(), ...settingsIn(req.scope) });
}

/** The plugin's version, as its package says it. */
function version(): string {
  const own = readFileSync(require.resolve("medusa-payment-seqr/package.json"), "utf8");
  return (JSON.parse(own) as { version: string }).version;
}
