import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { MerchantFolder } from "./merchant-folder";

const root = resolve(__dirname, "../../..");
export const MEDUSA = "2.21.2";

/** The configuration of a new Medusa project. */
const MEDUSA_CONFIG = `import { defineConfig, loadEnv } from "@medusajs/framework/utils";

loadEnv(process.env.NODE_ENV || "development", process.cwd());

module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    http: {
      storeCors: process.env.STORE_CORS!,
      adminCors: process.env.ADMIN_CORS!,
      authCors: process.env.AUTH_CORS!,
      jwtSecret: process.env.JWT_SECRET,
      cookieSecret: process.env.COOKIE_SECRET,
    },
  },
});
`;

const TYPESCRIPT_CONFIG = {
  compilerOptions: {
    target: "es2021",
    module: "node16",
    moduleResolution: "node16",
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["medusa-config.ts"],
};

/** What create-medusa-app writes, as far as a running store needs it. */
export const PACKAGE = {
  name: "a-shop",
  version: "0.0.1",
  private: true,
  scripts: { build: "medusa build", start: "medusa start", dev: "medusa develop" },
  dependencies: {
    "@medusajs/admin-sdk": MEDUSA,
    "@medusajs/cli": MEDUSA,
    "@medusajs/framework": MEDUSA,
    "@medusajs/medusa": MEDUSA,
  },
  devDependencies: {
    "@swc/core": "^1.7.28",
    "@types/node": "^20.12.11",
    "@types/react": "^18.3.2",
    "@types/react-dom": "^18.2.25",
    "prop-types": "^15.8.1",
    react: "^18.3.1",
    "react-dom": "^18.3.1",
    "ts-node": "^10.9.2",
    typescript: "^5.6.2",
  },
};

/**
 * Puts a Medusa project into the folder as it was before the merchant heard of SEQR: the demo's goods and regions, with
 * Medusa's own payment provider and no other.
 */
export async function writeStarter(folder: MerchantFolder, env: Record<string, string>): Promise<void> {
  await writeFiles(folder, {
    "package.json": JSON.stringify(PACKAGE, undefined, 2),
    "medusa-config.ts": MEDUSA_CONFIG,
    "tsconfig.json": JSON.stringify(TYPESCRIPT_CONFIG, undefined, 2),
    ".env": starterEnv(env),
    "src/scripts/seed.js": await starterSeed(),
  });
}

/** The `.env` of a new project. @param env what is added, or is other */
export function starterEnv(env: Record<string, string>): string {
  return dotEnv({
    STORE_CORS: "http://localhost:8000",
    ADMIN_CORS: "http://localhost:9000",
    AUTH_CORS: "http://localhost:9000",
    JWT_SECRET: "supersecret",
    COOKIE_SECRET: "supersecret",
    ...env,
  });
}

/** The demo's goods and regions, with Medusa's own payment provider and no other. */
export async function starterSeed(): Promise<string> {
  const seed = await readFile(join(root, "demo/store/src/scripts/seed.js"), "utf8");
  const withSeqr = `["pp_seqr_seqr", "pp_system_default"]`;
  if (!seed.includes(withSeqr)) throw new Error("the seed no longer holds the line that is to be changed");
  return seed.replace(withSeqr, `["pp_system_default"]`);
}

/** Writes files and the folders that they need. */
export async function writeFiles(folder: MerchantFolder, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
}

export function dotEnv(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
