// Stops what start-servers.ts started.
import { started } from "./start-servers";

export default async function stop(): Promise<void> {
  await started?.stop();
}
