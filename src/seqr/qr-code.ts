/**
 * Draws a QR code as an SVG document: error correction M, a quiet zone of four modules, dark on white, no script and
 * no style sheet, so that it fits a strict Content-Security-Policy.
 *
 * @param qrText the text to encode; its case is kept, since capitals make the code smaller
 */
export async function qrSvg(qrText: string): Promise<string> {
  const { toString: render } = await import("qrcode");
  return render(qrText, { type: "svg", errorCorrectionLevel: "M", margin: 4 });
}
