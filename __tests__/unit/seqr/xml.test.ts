import fc from "fast-check";
import { childOf, escapeXml, parseXml, XmlError, type XmlElement } from "../../../src/seqr/wire/xml";

/** The root's text. */
const textOf = (xml: string): string => parseXml(xml).text;

describe("reading XML", () => {
  it("gives the tree with local names, namespaces and text", () => {
    const root = parseXml(
      `<?xml version="1.0"?><!-- who --><s:a xmlns:s="urn:s"><b at="1">one</b><s:c><![CDATA[two]]> three</s:c><d/></s:a>`,
    );
    expect(root).toEqual<XmlElement>({
      name: "a",
      namespace: "urn:s",
      text: "",
      children: [
        { name: "b", namespace: "", text: "one", children: [] },
        { name: "c", namespace: "urn:s", text: "two three", children: [] },
        { name: "d", namespace: "", text: "", children: [] },
      ],
    });
    expect(childOf(root, "c")?.text).toBe("two three");
    expect(childOf(root, "e")).toBeUndefined();
  });

  it("keeps each namespace to the element that declares it", () => {
    const root = parseXml(
      `<a xmlns="urn:1" xmlns:p="urn:2"><b xmlns="" xmlns:p="urn:3"><p:c/></b><p:d/><e/><xml:f/></a>`,
    );
    const named = ({ namespace, name, children }: XmlElement): string[] => [
      `${namespace}#${name}`,
      ...children.flatMap(named),
    ];
    expect(named(root)).toEqual([
      "urn:1#a",
      "#b",
      "urn:3#c",
      "urn:2#d",
      "urn:1#e",
      "http://www.w3.org/XML/1998/namespace#f",
    ]);
  });

  it.each([
    ["the five predefined entities", "<a>&lt;&gt;&amp;&quot;&apos;</a>", `<>&"'`],
    ["character references", "<a>&#229;&#x1F600;&#13;</a>", "å😀\r"],
    ["a byte order mark", "\ufeff<a>x</a>", "x"],
    [
      "HTML inside CDATA",
      "<a><![CDATA[<!DOCTYPE html><!ENTITY x 'y'><p>&nbsp;]]></a>",
      "<!DOCTYPE html><!ENTITY x 'y'><p>&nbsp;",
    ],
    ["brackets inside CDATA", "<a><![CDATA[]] ]>]]]></a>", "]] ]>]"],
    ["several CDATA sections", "<a>1<![CDATA[2]]>3<![CDATA[<!4>]]></a>", "123<!4>"],
    ["comments and processing instructions", "<a>1<!-- <b> --><?php x?>2</a>", "12"],
    ["blanks, as written", "<a> x\n\ty </a>", " x\n\ty "],
  ])("reads %s", (_, xml, expected) => {
    expect(textOf(xml)).toBe(expected);
  });

  it.each([
    ["nothing", ""],
    ["blanks", " \n"],
    ["no XML at all", "Internal Server Error"],
    ["JSON", `{"resultCode":0}`],
    ["HTML as servers write it", "<html><head><meta charset=utf-8></head><body><br></body></html>"],
    ["two roots", "<a/><b/>"],
    ["text after the root", "<a/>x"],
    ["tags that cross", "<a><b></a></b>"],
    ["an end without a beginning", "</a>"],
    ["an attribute without quotes", "<a b=c/>"],
    ["a bare ampersand", "<a>R&D</a>"],
    ["an undeclared prefix", "<p:a/>"],
    ["a prefix that is a property of every object", "<toString:a/>"],
    ["a control character", "<a>\u0000</a>"],
    ["a control character by reference", "<a>&#0;</a>"],
    ["half a surrogate pair", "<a>\ud83d</a>"],
  ])("refuses %s", (_, xml) => {
    expect(() => parseXml(xml)).toThrow(XmlError);
  });

  const document = `<?xml version="1.0"?><s:a xmlns:s="urn:s"><b at="1">o&amp;e</b><!-- c --><c><![CDATA[two]]></c></s:a>`;
  it("refuses a document that is cut anywhere", () => {
    for (let end = 0; end < document.length; end++) {
      expect(() => parseXml(document.slice(0, end))).toThrow(XmlError);
    }
    expect(parseXml(document).name).toBe("a");
  });

  it.each([
    ["a DTD", `<!DOCTYPE a><a/>`],
    ["a DTD with a blank that lenient parsers allow", `< !DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`],
    ["a DTD from elsewhere", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`],
    ["an entity of its own", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`],
    ["an external entity", `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`],
    ["a declaration inside the root", `<a><!ENTITY b "c"></a>`],
    ["a DTD after an attribute that looks like a comment", `<a b="<!--"><!DOCTYPE a>--></a>`],
    ["a DTD after an attribute that looks like CDATA", `<a b="<![CDATA["><!DOCTYPE a>]]></a>`],
    ["an HTML entity", `<a>&nbsp;</a>`],
    ["an undeclared entity", `<a>&b;</a>`],
  ])("refuses %s", (_, xml) => {
    expect(() => parseXml(xml)).toThrow(XmlError);
  });

  it("refuses nesting deeper than 64 levels, and reads 64", () => {
    const nested = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
    expect(parseXml(nested(64)).name).toBe("a");
    expect(() => parseXml(nested(65))).toThrow("nested deeper than 64 levels");
    expect(() => parseXml("<a>".repeat(500_000))).toThrow(XmlError);
  });

  // A parser that is quadratic in one of these takes many seconds; a text as long as an answer may be, hours.
  const size = 500_000;
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    "",
  );
  it.each([
    ["a billion laughs", `<!DOCTYPE l [<!ENTITY l0 "ha">${laughs}]><l>&l9;</l>`],
    ["a declaration without end", `<a><!${"x".repeat(30_000)}`],
    ["a declaration without end after a blank", `<a>< !${"x".repeat(30_000)}`],
    ["a comment in an attribute before it", `<a b="<!--"><!${"x".repeat(30_000)}-->`],
    ["very many attributes", `<a ${Array.from({ length: size / 12 }, (_, i) => `b${i}=""`).join(" ")}>`],
    [
      "very many namespaces",
      `<a ${Array.from({ length: 1_500 }, (_, i) => `xmlns:b${i}="c"`).join(" ")}>${"<b/>".repeat(7_500)}`,
    ],
    ["very many elements", `<a>${"<b/>".repeat(size / 4)}`],
    ["very many CDATA sections", `<a>${"<![CDATA[x]]>".repeat(size / 13)}`],
    ["a very long entity", `<a>&${"x".repeat(size)};</a>`],
    ["a very long comment", `<a><!--${"-x".repeat(size / 2)}`],
    ["very many blanks", `<a>${"< ".repeat(size / 2)}`],
    ["very many carriage returns", `<a>${"\r".repeat(size)}`],
  ])("is done with %s in time", (_, xml) => {
    const before = process.cpuUsage();
    expect(() => parseXml(xml)).toThrow(XmlError);
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });

  it("fails with nothing but an XmlError, whatever it is given", () => {
    const parts = [
      "<a>",
      "</a>",
      "<b:c",
      "/>",
      ">",
      "<!",
      "--",
      "[CDATA[",
      "]]>",
      "?",
      "&",
      "#x",
      "0",
      ";",
      "=",
      `"`,
      " ",
      "xmlns:b",
    ];
    const anything = fc.oneof(
      fc
        .array(fc.constantFrom(...parts, "hasOwnProperty", "__proto__", "\ud800", "å"), { maxLength: 30 })
        .map((all) => all.join("")),
      fc.fullUnicodeString(),
    );
    const read = (xml: string): unknown => {
      try {
        return parseXml(xml);
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(anything, (xml) => {
        const given = read(xml);
        expect(given instanceof Error ? given.name : "XmlError").toBe("XmlError");
      }),
      {
        numRuns: 2_000,
        examples: [[`<a hasOwnProperty="" b=""/>`], [`<a __proto__="" xmlns:__proto__="c"/>`]],
      },
    );
  });

  it("says what is wrong without repeating the text", () => {
    for (const xml of ["</secret-word>", "<secret-word", "<a>&secret-word;</a>", "<secret-word:a/>"]) {
      expect(() => parseXml(xml)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining("secret-word") }),
      );
    }
  });
});

describe("writing XML", () => {
  /** What XML 1.0 can carry. */
  const carried = (text: string): string =>
    [...text]
      .filter((character) => {
        const code = character.codePointAt(0) ?? 0;
        if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
        return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
      })
      .join("");

  it("escapes what has a meaning in XML", () => {
    expect(escapeXml(`<a href="x">R&D</a>`)).toBe("&lt;a href=&quot;x&quot;&gt;R&amp;D&lt;/a&gt;");
  });

  it("keeps a carriage return from becoming a line feed, as other parsers would make it", () => {
    expect(escapeXml("a\r\nb")).toBe("a&#13;\nb");
  });

  it("leaves out what XML cannot carry, and only that", () => {
    expect(escapeXml("a\u0000b\u000bc\ufffed\ud83de\tf\n😀")).toBe("abcde\tf\n😀");
  });

  it("writes any text so that it is read as it was", () => {
    const anyText = fc.oneof(
      fc.fullUnicodeString(),
      fc.string16bits(),
      fc.stringOf(fc.constantFrom(..."<>&\"'\r\n\t ]!-[CDATA\u0001\ud800\udc00é")),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(textOf(`<a>${escapeXml(text)}</a>`)).toBe(carried(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
