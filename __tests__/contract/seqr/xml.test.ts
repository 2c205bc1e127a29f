import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import fc from "fast-check";
import { parseXml, XmlError, type XmlElement } from "../../../src/seqr/wire/xml";
import { runsTypeScript } from "../../../testkit/typescript";
import { changedXml } from "../../fuzz/changed-documents";

/** What libxml2 makes of a document. */
type Verdict = { tree: XmlElement } | { wrong: string };

/** libxml2 looks into the declaration and into namespaces, and takes a version of "1.". All of it is past us. */
const isAboutMore = (xml: string, verdict: Verdict): boolean =>
  ("wrong" in verdict && /encod|not a valid URI/i.test(verdict.wrong)) || xml.includes(`version="1."`);

describe("the XML reader", () => {
  const documents = fc.sample(changedXml, 5_000);
  let verdicts: Verdict[];
  beforeAll(() => {
    const { stdout, stderr } = spawnSync(execPath, [...runsTypeScript, join(__dirname, "libxml2.ts")], {
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
