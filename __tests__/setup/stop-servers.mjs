// Stops what start-servers.mjs started.
export default async function stop() {
  await globalThis.stopTestPostgres?.();
}
