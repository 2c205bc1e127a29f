import type { ViewState } from "./view-state";

/** The neutral mark: a phone before a code. The merchant's own logo takes its place. */
export const MARK =
  '<svg class="mark" viewBox="0 0 48 48" aria-hidden="true"><path d="M6 16V6h10M32 6h10v10M42 32v10H32M16 42H6V32M18 12h12v24H18z"/></svg>';

/** Each state has a shape of its own, not only a colour: a path in a square of 48. */
const SHAPES: Partial<Record<ViewState, string>> = {
  checking: "M38 24a14 14 0 1 1-5-10M38 6v9h-9",
  placing: "M8 26l11 11 21-27",
  paid: "M4 24a20 20 0 0 1 40 0 20 20 0 0 1-40 0m10 0 8 8 13-15",
  returned: "M18 10 8 20l10 10M8 20h20a10 10 0 0 1 0 20H18",
  clarifying: "M6 8h36v24H22L12 42V32H6zm10 12h1m7 0h1m7 0h1",
  reversed: "M10 18h20a9 9 0 0 1 0 18H16M18 10l-8 8 8 8M6 42 42 6",
  canceled: "M6 6h36v36H6zm10 10 16 16m0-16L16 32",
  superseded: "M6 16h32l-8-8m12 24H10l8 8",
  expired: "M12 4h24M12 44h24M15 4c0 12 18 28 18 40M33 4c0 12-18 28-18 40",
  failed: "M24 5 44 42H4zm0 13v12m0 5v2",
  offline: "M6 18c10-9 26-9 36 0m-29 8c6-6 16-6 22 0m-15 8c2-2 6-2 8 0M8 6l32 36",
  missing: "M16 17c0-12 18-12 18 0 0 7-9 6-9 14m0 8v1",
};
const DOTS = "M11 24h2m10 0h2m10 0h2";

export function icon(state: ViewState): string {
  return `<svg class="icon" viewBox="0 0 48 48" aria-hidden="true"><path d="${SHAPES[state] ?? DOTS}"/></svg>`;
}
