import type { ViewNode } from "./view-node";
import type { ViewState } from "./view-state";

/** The default mark: a phone in front of a code. The merchant's logo replaces it. */
export const MARK = picture("mark", "M6 16V6h10M32 6h10v10M42 32v10H32M16 42H6V32M18 12h12v24H18z");

/** Icon of each state, which differs in shape and not only in colour: a path in a square of 48. */
const SHAPES: Partial<Record<ViewState, string>> = {
  checking: "M38 24a14 14 0 1 1-5-10M38 6v9h-9",
  placing: "M14 24l8 8 13-15",
  paid: "M24 4a20 20 0 1 0 .1 0M14 24l8 8 13-15",
  refunded: "M18 10 8 20l10 10M8 20h24v20H18",
  clarifying: "M6 6h36v26H20L10 42V32H6z",
  reversed: "M10 24a14 14 0 1 0 5-10M10 6v9h9",
  canceled: "M6 6h36v36H6zm10 10 16 16m0-16L16 32",
  superseded: "M6 16h32l-8-8m12 24H10l8 8",
  expired: "M10 6h28L10 42h28z",
  failed: "M24 5 44 42H4zm0 13v12m0 5v2",
  offline: "M6 18c10-9 26-9 36 0M8 6l32 36",
  missing: "M16 17c0-12 18-12 18 0 0 7-9 6-9 14m0 8v1",
};
const DOTS = "M11 24h2m10 0h2m10 0h2";

export function icon(state: ViewState): ViewNode {
  return picture("icon", SHAPES[state] ?? DOTS);
}

function picture(name: string, d: string): ViewNode {
  return ["svg", { class: name, viewBox: "0 0 48 48", "aria-hidden": "true" }, ["path", { d }]];
}
