import { ContainerRegistrationKeys } from "@medusajs/framework/utils";
import type { ConfigModule, LoaderOptions } from "@medusajs/framework/types";
import { refuseHalf } from "./check-configuration";
import { standingOf } from "../../options/store-options";
import { beginServing } from "./begin-serving";

/**
 * Medusa runs this when it loads the ledger, in each of its processes.
 *
 * @throws {MedusaError} SEQR_CONFIGURATION when only half of SEQR is there; SEQR_OPTIONS when a worker has no usable options
 */
export function checkLedger(loading: LoaderOptions): Promise<void> {
  const config = configOf(loading);
  if (config) refuseHalf(config);
  // A worker loads no routes, with which the other servers begin; Medusa's commands are no workers.
  if (config?.projectConfig.workerMode === "worker") {
    beginServing(standingOf(loading.options), loading.logger ?? console);
  }
  return Promise.resolve();
}

/**
 * Medusa runs this when it loads the provider.
 *
 * @throws {MedusaError} SEQR_CONFIGURATION when only half of SEQR is there
 */
export function checkProvider(loading: LoaderOptions): Promise<void> {
  const config = configOf(loading);
  if (config) refuseHalf(config);
  return Promise.resolve();
}

/** The store's configuration; there is none where a module is run alone. */
function configOf({ container }: LoaderOptions): ConfigModule | undefined {
  return container.resolve<ConfigModule | undefined>(ContainerRegistrationKeys.CONFIG_MODULE, {
    allowUnregistered: true,
  });
}
