// Stops what start-postgres.mjs started.
export default async function stop() {
  await globalThis.stopTestPostgres?.();
}
