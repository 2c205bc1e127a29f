import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allTexts } from "./all-texts";

const folder = join(__dirname, "../../../src/admin");

/** A text's name where a component asks for it: `t("a.b")`, or the part of `t(`a.b.${c}`)` before what varies. */
const ASKED = /\bt\(\s*(?:"([\w.-]+)"|`([\w.-]+\.)\$\{)/g;

/** The endings of a text that depends on a number. */
const FORMS = ["", "_one", "_other"];

function sources(): [name: string, source: string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), "utf8")]);
}

/** What the texts have at a path; those of the menu stand beside those of the pages. */
function at({ menu, ...texts }: { menu: object }, path: string): unknown {
  const names = path.split(".").filter(Boolean);
  const [found, inMenu] = [texts, menu].map((of: unknown) =>
    names.reduce((part, name) => (part as Record<string, unknown> | undefined)?.[name], of),
  );
  return found ?? inMenu;
}

it.each(Object.entries(allTexts))("every text that the admin asks for is there in %s", (_, texts) => {
  const asked = sources().flatMap(([file, source]) =>
    [...source.matchAll(ASKED)].map(([, whole, before]) => ({ file, whole, before })),
  );
  expect(asked.length).toBeGreaterThan(100);
  const missing = asked.filter(({ whole, before = "" }) =>
    whole === undefined
      ? typeof at(texts, before) !== "object"
      : !FORMS.some((form) => typeof at(texts, whole + form) === "string"),
  );
  expect(missing).toEqual([]);
});
