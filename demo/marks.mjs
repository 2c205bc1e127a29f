// What is done already, in a file: a mark is written after its step succeeded, so that an interrupted start does the
// step again.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** @param file JSON; missing or unreadable means that nothing is done */
export function marksIn(file) {
  let marks = read(file);
  const write = (changed) => {
    marks = changed;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(marks, null, 2)}\n`);
    renameSync(`${file}.new`, file);
  };
  return {
    get: (name) => marks[name],
    set: (name, value) => write({ ...marks, [name]: value }),
    forget: (...names) =>
      write(Object.fromEntries(Object.entries(marks).filter(([name]) => !names.includes(name)))),
  };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
