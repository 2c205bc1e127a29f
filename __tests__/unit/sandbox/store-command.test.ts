import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { runInStore, STORE_COMMANDS } from "../../../src/sandbox/cli/store-command";

describe("a command for a store's folder", () => {
  it.each(STORE_COMMANDS)("%s is a script of the package", (command) => {
    expect(existsSync(`${__dirname}/../../../src/scripts/${command}.ts`)).toBe(true);
  });

  it("reports that a folder has no Medusa", async () => {
    const here = process.cwd();
    process.chdir(tmpdir());
    try {
      await expect(runInStore("ready-region", [])).rejects.toMatchObject({ code: "SANDBOX_NO_STORE" });
    } finally {
      process.chdir(here);
    }
  });
});
