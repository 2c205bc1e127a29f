import { parseXml, XmlError } from "../../../src/seqr/wire/xml";

/** The rules of XML 1.0 and Namespaces in XML 1.0, one by one; xml.test.ts has what they mean for messages. */
describe("what is well-formed", () => {
  it.each([
    ["a declaration with everything", `<?xml version='1.0' encoding="UTF-8"\n standalone = 'yes' ?><a/>`],
    ["a declaration of a later version", `<?xml version="1.1"?><a/>`],
    ["a byte order mark before the declaration", `\ufeff<?xml version="1.0"?><a/>`],
    ["an instruction whose name begins with xml", `<?xml-stylesheet href="a"?><a/>`],
    ["comments and instructions around the root", `<!----><?x?>\n<a/> <!-- - - --><?y ??>`],
    ["blanks in tags", `<a  b = "1"\n\tc='2' ></a\n>`],
    ["the other quote in a value", `<a b="'" c='"'/>`],
    ["references in a value", `<a b="&lt;&#60;&amp;"/>`],
    ["> in text and values", `<a b=">">></a>`],
    ["names of other alphabets", `<å:ö xmlns:å="u"><名前/><b·.-1/><_/><\u{10000}/></å:ö>`],
    ["one local name in two namespaces", `<a xmlns:p="1" xmlns:q="2" p:b="" q:b="" b=""/>`],
    ["the prefix xml declared as what it is", `<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>`],
    ["a reference with very many zeros", `<a>&#x${"0".repeat(1_000)}41;</a>`],
  ])("takes %s", (_, xml) => {
    expect(parseXml(xml).children.every(({ name }) => name !== "")).toBe(true);
  });

  it.each([
    ["a blank before the declaration", ` <?xml version="1.0"?><a/>`],
    ["a second declaration", `<?xml version="1.0"?><?xml version="1.0"?><a/>`],
    ["a declaration inside the root", `<a><?xml version="1.0"?></a>`],
    ["a declaration without a version", `<?xml encoding="UTF-8"?><a/>`],
    ["a declaration in the wrong order", `<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>`],
    [
      "a declaration without a blank between its parts",
      `<?xml version="1.0" encoding="a"standalone="yes"?><a/>`,
    ],
    ["a declaration with an empty encoding", `<?xml version="1.0" encoding=""?><a/>`],
    ["a declaration whose standalone is empty", `<?xml version="1.0" standalone=""?><a/>`],
    ["an instruction without a name", `<a><? x?></a>`],
    ["an instruction whose name goes on", `<a><?x:y?></a>`],
    ["CDATA after the root", `<a/><![CDATA[]]>`],
    ["a reference after the root", `<a/>&#32;`],
    ["two hyphens in a comment", `<a><!-- -- --></a>`],
    ["a comment that ends in three", `<a><!-- ---></a>`],
    ["the end of CDATA in text", `<a>]]></a>`],
    ["< in a value", `<a b="<"/>`],
    ["an attribute twice", `<a b="" b=""/>`],
    ["an attribute twice by namespace", `<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>`],
    ["a prefix declared twice", `<a xmlns:p="u" xmlns:p="v"/>`],
    ["attributes without a blank between", `<a b=""c=""/>`],
    ["an attribute without a value", `<a b/>`],
    ["an attribute with an undeclared prefix", `<a p:b=""/>`],
    ["an HTML entity in a value", `<a b="&nbsp;"/>`],
    ["a reference without its end", `<a>&lt</a>`],
    ["a reference to half a surrogate pair", `<a>&#xD83D;&#xDE00;</a>`],
    ["a reference beyond all characters", `<a>&#x110000;</a>`],
    ["an empty reference", `<a>&#;</a>`],
    ["a hexadecimal reference with a capital X", `<a>&#X41;</a>`],
    ["a blank before a name", `< a/>`],
    ["a blank in an end tag", `<a></ a>`],
    ["a blank within an empty tag", `<a / >`],
    ["an end tag with an attribute", `<a></a b="">`],
    ["an end tag that goes on", `<a></ab>`],
    ["an end tag with another prefix", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`],
    ["a name that begins with a digit", `<1a/>`],
    ["a name that begins with a combining character", `<\u0300a/>`],
    ["a name with a multiplication sign", `<a\u00d7/>`],
    ["two colons", `<p:a:b xmlns:p="u"/>`],
    ["nothing before a colon", `<:a/>`],
    ["a digit after a colon", `<p:1a xmlns:p="u"/>`],
    ["a hyphen after the colon of an attribute", `<a xmlns:p="u" p:-b=""/>`],
    ["nothing after a colon", `<p: xmlns:p="u"/>`],
    ["a prefix that is taken back", `<a xmlns:p="u"><b xmlns:p=""/></a>`],
    ["another meaning of the prefix xml", `<a xmlns:xml="u"/>`],
    ["another prefix for what xml means", `<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`],
    ["a declaration of the prefix xmlns", `<a xmlns:xmlns="u"/>`],
    ["a prefix for declarations", `<a xmlns:p="http://www.w3.org/2000/xmlns/"/>`],
    ["an element with the prefix xmlns", `<xmlns:a/>`],
  ])("refuses %s", (_, xml) => {
    expect(() => parseXml(xml)).toThrow(XmlError);
  });

  it.each(["\u0000", "\u001f", "\ud83d", "\ude00", "\ufffe", "\uffff"])(
    "refuses a character that XML does not allow, wherever it stands (%j)",
    (character) => {
      const places = (x: string): string[] => [
        `<a>${x}</a>`,
        `<a b="${x}"/>`,
        `<a b='${x}'/>`,
        `<a><![CDATA[${x}]]></a>`,
        `<a><!--${x}--></a>`,
        `<a><?p ${x}?></a>`,
        `<a${x}/>`,
        `<a b${x}=""/>`,
        `<a></a${x}>`,
        `<?p${x}?><a/>`,
        `<a/>${x}`,
        `${x}<a/>`,
        `<?xml version="1.0"${x}?><a/>`,
        `<a xmlns:${x}="u"/>`,
      ];
      for (const xml of places(character)) expect(() => parseXml(xml)).toThrow(XmlError);
      expect(places("x").filter((xml) => isRead(xml)).length).toBeGreaterThan(7);
    },
  );

  it("reads every end of a line as a line feed, except where it is a reference", () => {
    expect(parseXml("<a>1\r\n2\r3\n4\r\r\n5&#13;<![CDATA[\r]]></a>").text).toBe("1\n2\n3\n4\n\n5\r\n");
  });

  it("forgets a namespace with the element that declared it", () => {
    expect(() => parseXml(`<a><b xmlns:p="u"/><p:c/></a>`)).toThrow("prefix");
    expect(() => parseXml(`<a><b xmlns:p="u"><c/></b><p:c/></a>`)).toThrow("prefix");
    expect(parseXml(`<a xmlns="u"><b xmlns=""/><c/></a>`).children.map((child) => child.namespace)).toEqual([
      "",
      "u",
    ]);
  });

  // As long as the longest answer that is taken. A reader that is quadratic in one of these takes hours.
  const size = 2_000_000;
  const many = (length: number, one: (i: number) => string): string =>
    Array.from({ length: Math.floor(size / length) }, (_, i) => one(i)).join("");
  it.each([
    ["attributes", `<a ${many(12, (i) => `b${i}="" `)}/>`],
    ["attributes with a prefix", `<a xmlns:p="u" ${many(14, (i) => `p:b${i}="" `)}/>`],
    ["namespaces", `<a ${many(36, (i) => `xmlns:b${i}="c" `)}>${many(8, () => "<b/>")}</a>`],
    ["namespaces with a new meaning", `<a>${many(22, (i) => `<b xmlns:p="${i}"/>`)}</a>`],
    ["elements between texts", `<a>${many(5, () => "x<b/>")}</a>`],
    ["comments", `<a>${many(7, () => "<!---->")}</a>`],
    ["instructions", `<?x?>${many(5, () => "<?x?>")}<a/>`],
    ["references", `<a b="${many(8, () => "&lt;")}">${many(10, () => "&amp;")}</a>`],
    ["brackets", `<a>${"]".repeat(size)}</a>`],
    ["blanks in an end tag", `<a></a${" ".repeat(size)}>`],
    ["zeros in a reference", `<a>&#${"0".repeat(size)}65;</a>`],
    ["letters in a name", `<${"aå".repeat(size / 4)}></${"aå".repeat(size / 4)}>`],
  ])("reads very many %s", (_, xml) => {
    expect(parseXml(xml).namespace).toBe("");
  });

  it.each([
    ["blanks in a declaration", `<?xml version="1.0"${" ".repeat(size)}x?><a/>`],
    ["letters in an encoding", `<?xml version="1.0" encoding="${"a".repeat(size)}`],
    ["digits in a reference", `<a>&#${"9".repeat(size)};</a>`],
    ["digits in a reference without an end", `<a>&#x${"0".repeat(size)}`],
    ["prefixes", `<a ${many(12, (i) => `b${i}:c="" `)}/>`],
    ["letters in a value without an end", `<a b="${"x".repeat(size)}`],
  ])("refuses very many %s", (_, xml) => {
    expect(() => parseXml(xml)).toThrow(XmlError);
  });
});

function isRead(xml: string): boolean {
  try {
    parseXml(xml);
    return true;
  } catch {
    return false;
  }
}
