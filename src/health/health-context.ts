import type { ConfigModule, MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import { notificationsOf, seqrOf, serversOf } from "../modules/seqr";
import type { HealthContext } from "./health";
import type { Surroundings } from "./store-findings";

/** What the health of the connection is found out with, in a Medusa container. */
export function healthContext(container: MedusaContainer): HealthContext {
  return {
    seqr: seqrOf(container),
    notifications: notificationsOf(container),
    servers: serversOf(container),
    surroundings: surroundingsOf(container),
  };
}

function surroundingsOf(container: MedusaContainer): Surroundings {
  const { projectConfig } = container.resolve<ConfigModule>(ContainerRegistrationKeys.CONFIG_MODULE);
  const running = (name: string): object | undefined =>
    container.resolve<object | undefined>(name, { allowUnregistered: true });
  const locking = running(Modules.LOCKING) as { defaultProviderId?: unknown } | undefined;
  const { defaultProviderId } = locking ?? {};
  return {
    locking: typeof defaultProviderId === "string" ? defaultProviderId : undefined,
    events: running(Modules.EVENT_BUS)?.constructor.name,
    isWatching: projectConfig.workerMode !== "server",
  };
}
