import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { ExecArgs } from "@medusajs/framework/types";
import { updateRegionsWorkflow } from "@medusajs/medusa/core-flows";
import { seqrOf } from "../modules/seqr";
import { providerOf, type OperationContext } from "../modules/seqr/public";
import { seqrError } from "../errors/error-codes";

interface Region {
  id: string;
  name: string;
  currency_code: string;
  payment_providers?: ({ id: string } | null)[];
}

type Terminals = OperationContext["terminals"];

/**
 * Adds SEQR to every region whose currency a terminal takes, takes the providers of retired terminals away, and keeps the region's
 * other payment providers. Where several terminals take the currency, staff have to choose. Run by
 * `medusa-payment-seqr ready-region`.
 *
 * @throws {MedusaError} code SEQR_NO_REGION when no region has such a currency
 */
export default async function readyRegion({ container }: ExecArgs): Promise<void> {
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER);
  const { terminals } = seqrOf(container);
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: "region",
    fields: ["id", "name", "currency_code", "payment_providers.id"],
  });
  const regions = data as unknown as Region[];
  // With retired terminals only, there is nothing to add.
  const isNoneFitting = regions.every((region) => fittingIn(terminals, region).length === 0);
  if (terminals.sold.length > 0 && isNoneFitting) {
    const currencies = new Set(terminals.sold.flatMap(({ options }) => options.currencies));
    throw seqrError(
      "SEQR_NO_REGION",
      `Option \`currencies\`: ${[...currencies].join(", ")}. Regions: ${regions.map(titleOf).join(", ") || "none"}.`,
    );
  }
  for (const region of regions) {
    const before = (region.payment_providers ?? []).flatMap((provider) => provider?.id ?? []);
    const { providers, lines } = readyProviders(terminals, region, before);
    if (providers.join() !== before.join())
      await updateRegionsWorkflow(container).run({
        input: { selector: { id: region.id }, update: { payment_providers: providers } },
      });
    for (const line of lines) logger.info(`${titleOf(region)}: ${line}`);
  }
}

/** Chooses the providers of a region, and says what shoppers can pay with. */
function readyProviders(
  terminals: Terminals,
  region: Region,
  before: string[],
): { providers: string[]; lines: string[] } {
  const retired = terminals.all.filter(({ options }) => options.retired).map(providerOf);
  const gone = before.filter((id) => retired.includes(id));
  const kept = before.filter((id) => !gone.includes(id));
  const lines = gone.map((id) => `shoppers can no longer pay with ${id}, which is retired`);
  const fitting = fittingIn(terminals, region).map(providerOf);
  const offered = fitting.filter((id) => kept.includes(id));
  if (offered.length === 0 && fitting.length > 1) {
    const choose = `choose one in the admin (Settings, Regions), because several take its currency: ${fitting.join(", ")}`;
    return { providers: kept, lines: [...lines, choose] };
  }
  const added = offered.length > 0 ? [] : fitting;
  return {
    providers: [...kept, ...added],
    lines: [...lines, ...[...offered, ...added].map((id) => `shoppers can pay with ${id}`)],
  };
}

function fittingIn(terminals: Terminals, { currency_code }: Region): Terminals["sold"] {
  return terminals.sold.filter(({ options }) => options.currencies.includes(currency_code.toUpperCase()));
}

function titleOf({ name, currency_code }: Region): string {
  return `${name} (${currency_code.toUpperCase()})`;
}
