import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

/** Folder of the built script of the payment view and its languages. */
const FOLDER = join(__dirname, "..", "..", "..", "..", "payment-view", "browser");

let files: Map<string, Buffer> | undefined;

/** Serves the script of the payment view, for a `<script type="module">` in any storefront, and its languages. */
export function GET(req: MedusaRequest, res: MedusaResponse): void {
  files ??= new Map(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith(".js"))
      .map((name) => [name, readFileSync(join(FOLDER, name))]),
  );
  const name = req.params["file"] ?? "";
  const file = files.get(name);
  if (!file) {
    res.status(404).json({ type: "not_found", message: `The payment view has no file "${name}".` });
    return;
  }
  res.setHeader("Cache-Control", "public, max-age=300");
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.type("text/javascript").send(file);
}
