/**
 * Decodes an XML document that came over HTTP: in the character set that the Content-Type names, else in the one that
 * the document declares, else in UTF-8 (RFC 7303 section 3).
 *
 * @returns the text; undefined when the character set is unknown
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

/** The character set in the XML declaration, which is ASCII in every set that SOAP messages come in. */
function declaredIn(bytes: Buffer): string | undefined {
  const declaration = bytes.toString("latin1", 0, 200);
  return /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(declaration)?.[1];
}
