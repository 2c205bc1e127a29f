import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import fc from "fast-check";
import { parseXml, XmlError, type XmlElement } from "../../../src/seqr/xml";

/** What libxml2 makes of a document. */
type Verdict = { tree: XmlElement } | { wrong: string };

/** Documents that are changed until most of them are broken. */
const WHOLE = [
  `<a xmlns:b="u" xmlns:p="u"><b:c x="1" b:y="2">t&amp;e</b:c><!-- c --><p:d><![CDATA[two]]></p:d></a>`,
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<s:a xmlns:s="urn:s"><b at="1">o</b></s:a>\n`,
  `<a>x</a>`,
  `<é\u0300.x b="1"/>`,
  ``,
];
const PIECES = [
  ..."<>/!?-[]&#;:='\" \n\t\r._019xé😀·\u0300\u0001\u200d\u2028\u00d7\u0085\ufffd",
  ..."<a>|</a>|<b>|</b>|<b:c|</b:c>|<p:d>|</p:d>|/>|</|<!--|-->|--|<![CDATA[|]]>|<?|?>|<?x y?>|xml".split(
    "|",
  ),
  ..."&#|&#x|&lt;|&amp;|&nbsp;|&#65;|&#x1F600;|&#0;|&#xD83D;|\r\n|xmlns| a='1'| b:x='2'| p:x='3'| q:x=''".split(
    "|",
  ),
  ...` xmlns:b="u"| xmlns:p="u"| xmlns="d"| xmlns=""| xmlns:b=""| xml:lang="e"|<?xml version="1.0"?>`.split(
    "|",
  ),
];

/** Puts pieces into a document, each in place of some characters of it. */
const changed = fc
  .tuple(
    fc.constantFrom(...WHOLE),
    fc.array(fc.tuple(fc.nat(120), fc.nat(3), fc.constantFrom("", ...PIECES)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([whole, changes]) =>
    changes.reduce((xml, [at, gone, piece]) => {
      const place = at % (xml.length + 1);
      return xml.slice(0, place) + piece + xml.slice(place + gone);
    }, whole),
  );

/** libxml2 looks into the declaration and into namespaces, and takes a version of "1.". All of it is past us. */
const isAboutMore = (xml: string, verdict: Verdict): boolean =>
  ("wrong" in verdict && /encod|not a valid URI/i.test(verdict.wrong)) || xml.includes(`version="1."`);

describe("the XML reader", () => {
  const documents = fc.sample(changed, 5_000);
  let verdicts: Verdict[];
  beforeAll(() => {
    const { stdout, stderr } = spawnSync(execPath, [join(__dirname, "libxml2.mjs")], {
      input: JSON.stringify(documents),
      maxBuffer: 100_000_000,
    });
    if (stdout.length === 0) throw new Error(stderr.toString());
    verdicts = JSON.parse(stdout.toString()) as Verdict[];
  });

  it("takes and refuses what libxml2 takes and refuses, and reads the same in it", () => {
    const taken = documents.filter((xml, place) => {
      const verdict = verdicts[place];
      if (!verdict || isAboutMore(xml, verdict)) return false;
      const ours = read(xml);
      const theirs = "tree" in verdict ? verdict.tree : "refused";
      expect({ xml, read: ours }).toEqual({ xml, read: theirs });
      return ours !== "refused";
    });
    // Else nothing was compared.
    expect(taken.length).toBeGreaterThan(100);
    expect(verdicts.length - taken.length).toBeGreaterThan(100);
  });
});

function read(xml: string): XmlElement | "refused" {
  try {
    return parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) return "refused";
    throw error;
  }
}
