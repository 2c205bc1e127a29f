/**
 * The text of an XML document that came over HTTP: in the character set that the Content-Type names, else in the one
 * that the document itself declares, else in UTF-8 (RFC 7303 section 3).
 *
 * @returns undefined when nobody knows that set
 */
export function decodeXml(bytes: Buffer, contentType: string | undefined): string | undefined {
  const charset = charsetOf(contentType) ?? declaredIn(bytes) ?? "utf-8";
  if (/^utf-?8$/i.test(charset)) return bytes.toString();
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_ENCODING_NOT_SUPPORTED") return undefined;
    throw error;
  }
}

function charsetOf(contentType = ""): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType)?.[1];
}

/** What the XML declaration says. It is ASCII in every set that a SOAP message may come in without saying so. */
function declaredIn(bytes: Buffer): string | undefined {
  const declaration = bytes.toString("latin1", 0, 200);
  return /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(declaration)?.[1];
}
