import type { Change } from "./source";

/** A deliberate bug, and the world in which it shows. */
export interface Mutation {
  name: string;
  kind?: string;
  weather: string;
  about?: string;
  changes: Change[];
}
