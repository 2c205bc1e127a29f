/**
 * Shortens a text that is too long. What a reader sees as one character, such as an emoji, is not cut.
 *
 * @param most characters of UTF-16
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  // A little more than is kept shows where the character at the cut begins.
  const around = new Intl.Segmenter().segment(text.slice(0, most + 50)).containing(most);
  return `${text.slice(0, around?.index || most)}…`;
}
