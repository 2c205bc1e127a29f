// Runs the simulation on each deliberately broken version of the code, and prints a line of JSON for each: how many
// violations were found, and after how many payments.
import type * as Simulation from "./simulate";
import { MUTATIONS } from "./mutations";
import { loadSource } from "./source";

const SEED = 1;
const PAYMENTS = 10_000;
/** Few, so that a world in which everything goes wrong is over soon. */
const PER_WORLD = 40;

async function main(): Promise<void> {
  for (const { name, weather, kind = "plain", about = "", changes } of MUTATIONS) {
    const { simulate } = loadSource<typeof Simulation>("__tests__/simulation/simulate.ts", changes);
    const { violations, payments } = await simulate({
      seed: SEED,
      payments: PAYMENTS,
      weather,
      kind,
      about,
      perWorld: PER_WORLD,
      stopAtFirst: true,
    });
    console.log(JSON.stringify({ name, violations, payments }));
  }
}

void main();
