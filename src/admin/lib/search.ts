/** The longest that is searched for, in characters: as long as an e-mail address can be. */
export const LONGEST_SEARCH = 320;

/** What is searched for of what a person has written or pasted: `#12` is the order 12. */
export function searchFor(written: string): string {
  return written
    .replace(/\p{Cc}/gu, " ")
    .trim()
    .replace(/^#/, "")
    .slice(0, LONGEST_SEARCH);
}
