import fc from "fast-check";

/** What breaks documents, or nearly. */
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

/** One of the documents with pieces put into it, each in place of some characters. */
export function changedDocuments(
  whole: readonly string[],
  more: readonly string[] = [],
): fc.Arbitrary<string> {
  const longest = Math.max(...whole.map(({ length }) => length));
  const change = fc.tuple(fc.nat(longest), fc.nat(3), fc.constantFrom("", ...PIECES, ...more));
  return fc
    .tuple(fc.constantFrom(...whole), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([document, changes]) =>
      changes.reduce((text, [at, gone, piece]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + gone);
      }, document),
    );
}

/** Documents whose changes are for the XML reader itself. */
export const changedXml = changedDocuments([
  `<a xmlns:b="u" xmlns:p="u"><b:c x="1" b:y="2">t&amp;e</b:c><!-- c --><p:d><![CDATA[two]]></p:d></a>`,
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<s:a xmlns:s="urn:s"><b at="1">o</b></s:a>\n`,
  `<a>x</a>`,
  `<é\u0300.x b="1"/>`,
  ``,
]);
