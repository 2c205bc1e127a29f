import { cp } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { MerchantFolder } from "./merchant-folder";
import { dotEnv, MEDUSA, PACKAGE, starterEnv, starterSeed, writeFiles } from "./starter";

const root = resolve(__dirname, "../../..");

export type PackageManager = "pnpm" | "npm";

const PLUGIN = "medusa-payment-seqr";
/** The storefront's copy of the plugin, which must not be taken for the backend's. */
const SECOND_COPY = { version: "0.0.9", tarball: `${PLUGIN}-0.0.9.tgz` };

/** How each package manager installs a workspace, and is told of it. */
const MANAGERS = {
  pnpm: {
    install: "npx --yes pnpm@10 install --prefer-offline --ignore-scripts",
    files: { "pnpm-workspace.yaml": `packages:\n  - "apps/*"\n` },
    package: {},
  },
  npm: {
    install: "npm install --prefer-offline --no-audit --no-fund --ignore-scripts",
    files: {},
    // The storefront's copy lies at the root, beside Medusa: as after `npm install` without `--workspace`.
    package: { workspaces: ["apps/*"], dependencies: { [PLUGIN]: `file:${SECOND_COPY.tarball}` } },
  },
} as const;

/** What the dashboard's build imports, which pnpm lets an app see only when the app names it: the starter does. */
const OF_THE_DASHBOARD = {
  "@medusajs/admin-shared": MEDUSA,
  "@medusajs/dashboard": MEDUSA,
  "@medusajs/draft-order": MEDUSA,
  "@medusajs/ui": "4.2.6",
  "@tanstack/react-query": "5.64.2",
  "react-i18next": "13.5.0",
  "react-router-dom": "6.30.4",
};

/** With pnpm the storefront's, not those of React 18: Next.js finds the backend's, and then refuses the storefront's. */
const TYPES_OF_REACT = { "@types/react": "^19.0.0", "@types/react-dom": "^19.0.0" };

/** The starter's configuration, with what the README adds to it. */
const CONFIG = `import { defineConfig, loadEnv } from "@medusajs/framework/utils";
import { withSeqr } from "medusa-payment-seqr";

loadEnv(process.env.NODE_ENV || "development", process.cwd());

module.exports = withSeqr(
  defineConfig({
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
  }),
  {
    endpoint: process.env.SEQR_ENDPOINT,
    terminalId: process.env.SEQR_TERMINAL_ID,
    password: process.env.SEQR_PASSWORD,
    backendUrl: process.env.SEQR_BACKEND_URL,
    currencies: ["SEK"],
    shopName: "My shop",
    returnUrl: \`\${process.env.STOREFRONT_URL}/{country}/seqr-return?status={status}&order_id={order_id}\`,
  },
);
`;

const TSCONFIG = {
  compilerOptions: {
    target: "ES2021",
    module: "Node16",
    moduleResolution: "Node16",
    esModuleInterop: true,
    skipLibCheck: true,
    strict: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    jsx: "react-jsx",
    outDir: "./.medusa/server",
    rootDir: "./",
  },
  "ts-node": { swc: true },
  include: ["**/*", ".medusa/types/*"],
  exclude: ["node_modules", ".medusa/server", ".medusa/admin", ".cache"],
};

/** Answers with the plugin's files that the server has loaded. */
const LOADED_ROUTE = `import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http";

export function GET(req: MedusaRequest, res: MedusaResponse): void {
  res.json(Object.keys(require.cache).filter((file) => file.includes("${PLUGIN}")));
}
`;

/**
 * A workspace as create-medusa-app makes it, whose backend and storefront have SEQR by the packed packages. The storefront
 * has the plugin too, in another version, although it needs the view only.
 */
export class Workspace {
  readonly backend: MerchantFolder;
  readonly storefront: MerchantFolder;

  private constructor(
    readonly folder: MerchantFolder,
    private readonly manager: PackageManager,
  ) {
    this.backend = folder.inside("apps/backend");
    this.storefront = folder.inside("apps/storefront");
  }

  /**
   * Writes it.
   *
   * @param packed the packages, which lie in the folder
   * @param env of the backend; nothing of SEQR
   */
  static async write(
    folder: MerchantFolder,
    manager: PackageManager,
    packed: { plugin: string; view: string },
    env: Record<string, string>,
  ): Promise<Workspace> {
    const { files, package: given } = MANAGERS[manager];
    const dependencies = {
      ...PACKAGE.dependencies,
      ...OF_THE_DASHBOARD,
      [PLUGIN]: tarball(packed.plugin),
    };
    const devDependencies = { ...PACKAGE.devDependencies, ...(manager === "pnpm" && TYPES_OF_REACT) };
    const backend = { ...PACKAGE, name: "@shop/backend", dependencies, devDependencies };
    await writeFiles(folder, {
      ...files,
      "package.json": JSON.stringify({ name: "a-shop", private: true, ...given }),
      "apps/backend/package.json": JSON.stringify(backend),
      "apps/backend/tsconfig.json": JSON.stringify(TSCONFIG),
      "apps/backend/medusa-config.ts": CONFIG,
      "apps/backend/src/scripts/seed.js": await starterSeed(),
      "apps/backend/src/api/loaded-of-seqr/route.ts": LOADED_ROUTE,
      "apps/backend/.env": starterEnv(env),
    });
    await cp(join(root, "examples/nextjs-storefront"), join(folder.path, "apps/storefront"), {
      recursive: true,
      filter: (source) => !/^(node_modules|\.next)$/.test(basename(source)),
    });
    const storefrontPackage = "apps/storefront/package.json";
    await packSecondCopy(folder, packed.plugin);
    const both = `"${tarball(packed.view)}", "${PLUGIN}": "${tarball(SECOND_COPY.tarball)}"`;
    await folder.edit(storefrontPackage, `"^0.1.0"`, both);
    if (manager === "npm") {
      // npm puts one React at the root, beside Next.js and the dashboard. Both can build with the backend's only.
      const text = await folder.read(storefrontPackage);
      await folder.write(storefrontPackage, text.replaceAll(`"^19.0.0"`, `"^18.3.1"`));
    }
    return new Workspace(folder, manager);
  }

  async install(): Promise<void> {
    await this.folder.run(MANAGERS[this.manager].install);
  }

  /** The folder of the plugin's copy that an app of the workspace finds by its name. */
  async pluginOf(app: MerchantFolder): Promise<string> {
    return dirname((await app.run(`node -p require.resolve('${PLUGIN}/package.json')`)).trim());
  }

  /** The files of the storefront's build that hold, or load, code of a server with SEQR. */
  async serverCodeInStorefront(): Promise<string[]> {
    const built = (await this.storefront.files(".next")).filter((file) => /^(server|static)\//.test(file));
    const texts = await Promise.all(built.map((file) => this.storefront.read(`.next/${file}`)));
    return built.filter((_, number) =>
      /medusa-payment-seqr\/|@medusajs\/framework|sendInvoice/.test(texts[number] ?? ""),
    );
  }

  /** Builds the backend, which also checks its types, and then the storefront, which does so too. */
  async build(storefrontEnv: Record<string, string>): Promise<void> {
    await this.storefront.write(".env.local", dotEnv(storefrontEnv));
    await this.backend.run("npx medusa build");
    await this.storefront.run("npx next build", { NEXT_TELEMETRY_DISABLED: "1" });
  }

  /** Starts both, as they were built. @param env what the backend gets beside its `.env` */
  async start(env: Record<string, string>, ports: { store: number; shop: number }): Promise<void> {
    const built = this.backend.inside(".medusa/server");
    await built.write(".env", `${await this.backend.read(".env")}${dotEnv(env)}`);
    const above = this.manager === "pnpm" ? "../.." : "../../../..";
    const medusa = `node ${above}/node_modules/@medusajs/cli/cli.js`;
    await built.start(`${medusa} start --port ${ports.store}`, /Server is ready/);
    await this.storefront.start(`npx next start -p ${ports.shop}`, /Ready in/);
  }
}

function tarball(path: string): string {
  return `file:../../${basename(path)}`;
}

/** Packs the plugin again, under another version. */
async function packSecondCopy(folder: MerchantFolder, packed: string): Promise<void> {
  await folder.run(`tar -xzf ${basename(packed)}`);
  const about = await folder.readJson<object>("package/package.json");
  await folder.write("package/package.json", JSON.stringify({ ...about, version: SECOND_COPY.version }));
  await folder.run("npm pack ./package --ignore-scripts");
}
