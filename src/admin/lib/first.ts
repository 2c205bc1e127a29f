/**
 * Puts a widget before the dashboard's own parts of a page. Medusa 2.21 places all widgets after them, also those of a zone that ends
 * with `before`. Where staff have arranged the page themselves, another place is theirs to choose.
 */
export const FIRST = { order: -1 } as const;
