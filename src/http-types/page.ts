/** A part of a list, as all lists of Medusa's admin API say it. */
export interface Page {
  /** Of what was asked for, on all pages. */
  count: number;
  offset: number;
  limit: number;
}
