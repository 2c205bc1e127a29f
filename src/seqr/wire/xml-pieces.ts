import { parseXml, XmlError, type XmlElement } from "./xml";

/** Characters of one piece: some thousand rows of a report. */
const PIECE = 65_536;

/** Characters; a longer part of a document that cannot be cut is refused rather than parsed as one tree. */
const LARGEST_PIECE = 8_000_000;

/** A document up to the end of its root's start tag, when nothing but an XML declaration stands before it. */
const START =
  /^(?:\ufeff?<\?xml[^<>]*\?>)?\s*(<([^\s<>/!?="'&]+)(?:\s+[^\s<>/="'&]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*>)/;

/**
 * Parses a long document whose root has many children of one name, and gives the root several times, each time with the
 * next of its children. No tree of the whole document is made. Each piece is parsed inside the root's own tags and has
 * to be well-formed there, so that the pieces together are what {@link parseXml} would read: a cut in a comment, a CDATA section or
 * a nested element leaves a piece that is not well-formed, which is then parsed together with what follows it.
 *
 * @param name local name of the children after which the document may be cut
 * @param piece characters of a piece
 * @throws {XmlError} when the document is not well-formed or not allowed, perhaps after some pieces have been given
 */
export function* parseXmlInPieces(document: string, name: string, piece = PIECE): Generator<XmlElement> {
  const [, open = "", root = ""] = START.exec(document) ?? [];
  const cut = new RegExp(`</(?:[^\\s<>/:]+:)?${name}\\s*>`, "g");
  let from = 0;
  let wanted = open === "" ? document.length : piece;
  do {
    cut.lastIndex = from + wanted;
    const isLast = cut.lastIndex >= document.length || !cut.test(document);
    const to = isLast ? document.length : cut.lastIndex;
    const parsed = parsePiece(
      `${from === 0 ? "" : open}${document.slice(from, to)}${isLast ? "" : `</${root}>`}`,
      isLast || wanted >= LARGEST_PIECE,
    );
    if (parsed) yield parsed;
    if (parsed) from = to;
    wanted = parsed ? piece : Math.min(4 * wanted, LARGEST_PIECE);
  } while (from < document.length);
}

/** @returns undefined when the piece is not well-formed, and may be when it is longer */
function parsePiece(text: string, isFinal: boolean): XmlElement | undefined {
  if (text.length > 2 * LARGEST_PIECE) throw new XmlError("too long to be parsed as one piece");
  try {
    return parseXml(text);
  } catch (error) {
    if (isFinal || !(error instanceof XmlError)) throw error;
    return undefined;
  }
}
