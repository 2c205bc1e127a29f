/** The characters of code page 437 from 128 on. */
const UPPER =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

const BYTES = new Map([...UPPER].map((character, index) => [character, 128 + index]));

/** Writes a text in code page 437, which SIE prescribes. A character that it does not have becomes a question mark. */
export function inCodePage437(text: string): Buffer {
  return Buffer.from(
    [...text.normalize("NFC")].map((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 128 ? code : (BYTES.get(character) ?? 63);
    }),
  );
}
