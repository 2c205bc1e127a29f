import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { ExecArgs } from "@medusajs/framework/types";
import { updateRegionsWorkflow } from "@medusajs/medusa/core-flows";
import { seqrOf } from "../modules/seqr";
import { seqrError } from "../errors/error-codes";

interface Region {
  id: string;
  name: string;
  currency_code: string;
  payment_providers?: ({ id: string } | null)[];
}

/**
 * Adds SEQR to every region whose currency the terminal takes, and keeps the region's other payment providers. Run by `medusa-payment-seqr ready-region`.
 *
 * @throws {MedusaError} code SEQR_NO_REGION when no region has such a currency
 */
export default async function readyRegion({ container }: ExecArgs): Promise<void> {
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  const { providerId, currencies } = seqrOf(container).options;
  const seqr = `pp_seqr_${providerId}`;
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: "region",
    fields: ["id", "name", "currency_code", "payment_providers.id"],
  });
  const regions = data as unknown as Region[];
  const fitting = regions.filter(({ currency_code }) => currencies.includes(currency_code.toUpperCase()));
  if (fitting.length === 0)
    throw seqrError(
      "SEQR_NO_REGION",
      `Option \`currencies\`: ${currencies.join(", ")}. Regions: ${regions.map(titleOf).join(", ") || "none"}.`,
    );
  for (const region of fitting) {
    const providers = (region.payment_providers ?? []).flatMap((provider) => provider?.id ?? []);
    if (!providers.includes(seqr))
      await updateRegionsWorkflow(container).run({
        input: { selector: { id: region.id }, update: { payment_providers: [...providers, seqr] } },
      });
    logger.info(`${titleOf(region)}: shoppers can pay with ${seqr}`);
  }
}

function titleOf({ name, currency_code }: Region): string {
  return `${name} (${currency_code.toUpperCase()})`;
}
