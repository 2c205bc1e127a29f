import { randomUUID } from "node:crypto";
import { isXmlText, parseXml, XmlError, type XmlElement } from "./xml";

/** Characters. */
const LONG = 65_536;

/** Longest reference to a character, `&#x10FFFF;`, with room for leading zeros. */
const MAX_REFERENCE = 24;

/** One text that was taken out, and what stands in its place. */
interface LongText {
  mark: string;
  text: string;
}

/**
 * Parses a document whose length comes from a few texts, such as an answer with a report of many megabytes in it. The
 * long texts are taken out first, since the parser needs a multiple of its document's memory as soon as one character of it
 * is not in Unicode's basic plane, and a multiple of its time for texts with many references. The result and the refusals
 * are those of {@link parseXml}.
 *
 * @param long characters, more than {@link MAX_REFERENCE}; a text that is not longer stays in its document
 * @throws {XmlError} when the text is not well-formed or not allowed
 */
export function parseWithLongTexts(document: string, long = LONG): XmlElement {
  const { rest, taken } = takeLongTexts(document, long);
  if (taken.length === 0) return parseXml(document);
  try {
    const root = parseXml(rest);
    if (putBack(root, new Map(taken.map(({ mark, text }) => [mark, text]))) === taken.length) return root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
  }
  // One of the texts was none: it stood in a comment, say.
  return parseXml(document);
}

/** Replaces each long text by a mark that the document does not contain. */
function takeLongTexts(document: string, long: number): { rest: string; taken: LongText[] } {
  const key = randomUUID();
  const taken: LongText[] = [];
  let rest = "";
  let kept = 0;
  const take = (from: number, to: number, text: string | undefined): void => {
    if (text === undefined) return;
    const mark = `${key}-${taken.length}-`;
    taken.push({ mark, text });
    rest += document.slice(kept, from) + mark;
    kept = to;
  };
  for (let at = document.indexOf(">"); at >= 0; at = document.indexOf(">", at)) {
    const next = document.indexOf("<", at);
    if (next < 0) break;
    if (next - at > long) take(at + 1, next, characterData(document.slice(at + 1, next), long));
    at = next;
    if (!document.startsWith(CDATA, next)) continue;
    const end = document.indexOf("]]>", next);
    if (end < 0) break;
    if (end - next > long) take(next, end + 3, cdata(document.slice(next + CDATA.length, end)));
    at = end;
  }
  return { rest: rest + document.slice(kept), taken };
}

const CDATA = "<![CDATA[";

function cdata(written: string): string | undefined {
  return isXmlText(written) ? withLineFeeds(written) : undefined;
}

function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** What the text between two tags says; undefined when it is not well-formed. Its references are read piece by piece. */
function characterData(written: string, piece: number): string | undefined {
  if (written.includes("]]>") || !isXmlText(written)) return undefined;
  if (!written.includes("&")) return withLineFeeds(written);
  const pieces: string[] = [];
  for (let from = 0, to: number; from < written.length; from = to) {
    to = endOfPiece(written, from + piece);
    try {
      pieces.push(parseXml(`<text>${written.slice(from, to)}</text>`).text);
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      return undefined;
    }
  }
  return pieces.join("");
}

/** An end of a piece that cuts no reference, no line end and no pair of surrogates. */
function endOfPiece(text: string, wanted: number): number {
  if (wanted >= text.length) return text.length;
  const reference = text.lastIndexOf("&", wanted);
  if (reference > wanted - MAX_REFERENCE) return reference;
  return /[\udc00-\udfff\n]/.test(text.charAt(wanted)) ? wanted + 1 : wanted;
}

/** Puts the texts back where their marks are. @returns how many marks were found */
function putBack(element: XmlElement, texts: ReadonlyMap<string, string>): number {
  let found = 0;
  for (const [mark, text] of texts) {
    if (!element.text.includes(mark)) continue;
    // A function, because a replacement's own "$&" has a meaning.
    element.text = element.text.replace(mark, () => text);
    found += 1;
  }
  for (const child of element.children) found += putBack(child, texts);
  return found;
}
