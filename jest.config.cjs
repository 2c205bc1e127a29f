// One project per suite; tools/ci/run-tests.ts runs them one after the other. Unit and contract tests import from src/,
// store and browser tests use the built package over HTTP, as a merchant would.
const typescript = (module) => ({
  jsc: {
    parser: { syntax: "typescript", tsx: true, decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: "automatic" } },
    target: "es2022",
    keepClassNames: true,
  },
  module: { type: "commonjs", ...module },
});

const suite = (name, more) => ({
  displayName: name,
  rootDir: __dirname,
  testEnvironment: "node",
  testMatch: [`<rootDir>/__tests__/${name}/**/*.test.ts`],
  transform: { "\\.tsx?$": ["@swc/jest", typescript()] },
  testPathIgnorePatterns: ["/node_modules/", "\\.thorough\\.test\\.ts$"],
  setupFilesAfterEnv: ["<rootDir>/__tests__/setup/short-waits.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.medusa/", "<rootDir>/.cache/", "<rootDir>/demo/.*node_modules"],
  ...more,
});

const longWaits = { setupFilesAfterEnv: ["<rootDir>/__tests__/setup/long-waits.ts"] };

// These start servers and wait for them, and all of them use one PostgreSQL and copies of one prepared store.
const withServers = {
  ...longWaits,
  // `await import()` stays as it is: tools that are ES modules are loaded with it.
  transform: { "\\.tsx?$": ["@swc/jest", typescript({ ignoreDynamic: true })] },
  globalSetup: "<rootDir>/__tests__/setup/start-servers.ts",
  globalTeardown: "<rootDir>/__tests__/setup/stop-servers.ts",
};

module.exports = {
  projects: [
    suite("unit"),
    suite("contract"),
    suite("simulation", longWaits),
    suite("store", withServers),
    suite("browser", withServers),
    // What takes longer, of all suites.
    suite("thorough", {
      ...withServers,
      testMatch: ["<rootDir>/__tests__/**/*.thorough.test.ts"],
      testPathIgnorePatterns: ["/node_modules/"],
    }),
    suite("resilience", withServers),
  ],
};
