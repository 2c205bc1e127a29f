import { parseXml, XmlError, type XmlElement } from "../../../src/seqr/wire/xml";
import { parseXmlInPieces } from "../../../src/seqr/wire/xml-pieces";

const row = (number: number): string => `<Row><Number>${number}</Number></Row>\n`;
const rows = (count: number): string => Array.from({ length: count }, (_, index) => row(index)).join("");

/** The pieces put together, and how many children each had. */
function pieced(document: string, piece = 300): { whole: Omit<XmlElement, "text">; sizes: number[] } {
  const pieces = [...parseXmlInPieces(document, "Row", piece)];
  const [first] = pieces;
  if (!first) throw new Error("no piece");
  expect(new Set(pieces.map(({ name, namespace }) => `${namespace} ${name}`)).size).toBe(1);
  const { name, namespace } = first;
  return {
    whole: { name, namespace, children: pieces.flatMap(({ children }) => children) },
    sizes: pieces.map(({ children }) => children.length),
  };
}

function whole(document: string): Omit<XmlElement, "text"> {
  const { name, namespace, children } = parseXml(document);
  return { name, namespace, children };
}

describe("a long document of rows", () => {
  it("is given in pieces of some rows, one after the other", () => {
    const { whole: read, sizes } = pieced(`<List><Meta/>${rows(100)}</List>`);
    expect(read).toEqual(whole(`<List><Meta/>${rows(100)}</List>`));
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThan(12);
  });

  it.each<[string, string]>([
    ["with a declaration", `<?xml version="1.0" encoding="UTF-8"?>\n<List>\n${rows(50)}</List>\n`],
    ["with a mark of its byte order", `\ufeff<List>${rows(50)}</List>`],
    ["with namespaces", `<x:List xmlns:x="urn:x" y='>'>${rows(50).replace(/(<\/?)R/g, "$1x:R")}</x:List >`],
    ["with a default namespace", `<List xmlns="urn:x">${rows(50)}</List>`],
    ["with blanks in its end tags", `<List>${rows(50).replaceAll("</Row>", "</Row\n>")}</List>`],
    ["with its header at the end", `<List>${rows(50)}<Meta><A/></Meta></List>`],
    ["with a comment after it", `<List>${rows(50)}</List><!-- ${rows(50)} -->`],
    ["without rows", `<List>${"<A/>".repeat(500)}</List>`],
    ["of one element", `<List a="${"x".repeat(500)}"/>`],
  ])("is read as a short one is: %s", (_, document) => {
    expect(pieced(document).whole).toEqual(whole(document));
  });

  it.each<[string, string]>([
    ["in a comment", `<!-- ${rows(60)} -->`],
    ["in a CDATA section", `<Note><![CDATA[${rows(60)}]]></Note>`],
    ["in an instruction", `<?note ${rows(60).replaceAll("?", "")}?>`],
    ["in a nested element", `<Group>${rows(60)}</Group>`],
    ["in a nested root", `<List>${rows(60)}</List>`],
    ["in a row of rows", `<Row>${rows(60)}</Row>`],
  ])("may have what looks like rows %s", (_, part) => {
    const document = `<List>${rows(20)}${part}${rows(20)}</List>`;
    expect(pieced(document).whole).toEqual(whole(document));
  });

  it.each<[string, string]>([
    ["is cut short", `<List>${rows(100)}`],
    ["is cut short in a row", `<List>${rows(100)}<Row>`],
    ["closes with another name", `<List>${rows(100)}</Rows>`],
    ["has two roots", `<List>${rows(50)}</List><List>${rows(50)}</List>`],
    ["has text after its root", `<List>${rows(100)}</List>${rows(100)}`],
    ["has a broken row in the middle", `<List>${rows(50)}<Row></Rov></Row>${rows(50)}</List>`],
    ["has a document type", `<!DOCTYPE List><List>${rows(100)}</List>`],
    ["has a bad declaration", `<?xml version="1.0" encoding=""?><List>${rows(100)}</List>`],
    ["has a prefix of unknown meaning", `<List>${rows(50)}<x:Row></x:Row>${rows(50)}</List>`],
    ["is empty", ""],
  ])("is refused as a short one is when it %s", (_, document) => {
    expect(() => parseXml(document)).toThrow(XmlError);
    expect(() => [...parseXmlInPieces(document, "Row", 300)]).toThrow(XmlError);
  });

  it("is refused, and not parsed as one tree, when it is huge and cannot be cut", () => {
    const document = `<List>${"<Column/>".repeat(2_000_000)}</List>`;
    expect(() => [...parseXmlInPieces(document, "Row")]).toThrow("too long");
  });
});
