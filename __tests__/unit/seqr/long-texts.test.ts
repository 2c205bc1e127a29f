import { parseWithLongTexts } from "../../../src/seqr/wire/long-texts";
import { parseXml, XmlError } from "../../../src/seqr/wire/xml";

const LONG = 70_000;
const filler = "a line of text\n".repeat(LONG / 15);

describe("a document with long texts", () => {
  it.each<[string, string]>([
    ["character data", `<a>${filler}<b/>${filler}</a>`],
    ["base64", `<a><content>${Buffer.from(filler).toString("base64")}</content></a>`],
    ["a CDATA section", `<a><![CDATA[${filler}<b>&amp;</b>]]></a>`],
    ["a CDATA section between texts", `<a>one ${filler}<![CDATA[two ${filler}]]> three ${filler}</a>`],
    ["references", `<a>${"&lt;b&gt; &#229;&#x1F600;&amp;amp; &#13;".repeat(5_000)}</a>`],
    ["line ends of other systems", `<a>${"one\r\ntwo\rthree\n\r\n".repeat(9_000)}</a>`],
    ["such line ends in a CDATA section", `<a><![CDATA[${"one\r\ntwo\rthree\n\r\n".repeat(9_000)}]]></a>`],
    ["characters beyond the basic plane", `<a>${"😀å".repeat(LONG)}<![CDATA[${"😀å".repeat(LONG)}]]></a>`],
    ["what replace() gives a meaning", `<a>${"$1 $' $` $$ ".repeat(9_000)}</a>`],
    ["a comment", `<a><!-- > ${filler} --><b>${filler}</b></a>`],
    ["a comment with a CDATA section in it", `<a><!-- <![CDATA[${filler}]]> --><b>${filler}</b></a>`],
    ["a CDATA section that opens in a comment", `<a><!-- <![CDATA[ --><![CDATA[${filler}]]></a>`],
    ["an attribute", `<a b="> ${filler}"><b>${filler}</b></a>`],
    ["an instruction", `<a><?b > ${filler}?><b>${filler}</b></a>`],
  ])("is read as a short one is: %s", (_, document) => {
    expect(parseWithLongTexts(document)).toEqual(parseXml(document));
  });

  it.each<[string, string]>([
    ["an entity of its own", `<a>${filler}&nbsp;</a>`],
    ["a reference to no character", `<a>${filler}&#0;${filler}</a>`],
    ["a reference without an end", `<a>${filler}&amp</a>`],
    ["a lonely ampersand", `<a>${filler} & ${filler}</a>`],
    ["a character that XML cannot carry", `<a>${filler}\u0001</a>`],
    ["half of a pair of surrogates", `<a><![CDATA[${filler}\ud83d]]></a>`],
    ["the end of a CDATA section outside of one", `<a>${filler}]]></a>`],
    ["a CDATA section without an end", `<a><![CDATA[${filler}</a>`],
    ["a CDATA section after the root", `<a>${filler}</a><![CDATA[${filler}]]>`],
    ["text after the root", `<a/>${filler}`],
    ["text before the root", `${filler}<a/>`],
    ["an element without an end", `<a><b>${filler}</a>`],
  ])("is refused as a short one is: %s", (_, document) => {
    expect(() => parseXml(document)).toThrow(XmlError);
    expect(() => parseWithLongTexts(document)).toThrow(XmlError);
  });

  it("cuts no reference in two, wherever it stands", () => {
    for (let shift = 0; shift < 30; shift++) {
      const written = `${"x".repeat(65_536 - shift)}&#x0001F600;&amp;\r\n${"y".repeat(LONG)}`;
      const said = `${"x".repeat(65_536 - shift)}😀&\n${"y".repeat(LONG)}`;
      expect(parseWithLongTexts(`<a>${written}</a>`).text).toBe(said);
    }
  });
});
