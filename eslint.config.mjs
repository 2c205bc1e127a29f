// What `npm run lint` checks besides formatting, which is left to Prettier.
import eslint from "@eslint/js";
import medusa from "@medusajs/eslint-plugin";
import tseslint from "typescript-eslint";
import words from "./eslint-rules/forbidden-words.mjs";

const readable = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));
const nodeGlobals = readable(Object.getOwnPropertyNames(globalThis));
const commonJsGlobals = readable(["__dirname", "__filename", "exports", "module", "require"]);
const browserGlobals = readable([
  "customElements",
  "document",
  "EventSource",
  "HTMLElement",
  "localStorage",
  "location",
  "navigator",
  "window",
]);

const strictly = {
  eqeqeq: "error",
  "no-restricted-syntax": [
    "error",
    {
      selector: "MemberExpression[object.name=/^(describe|it|test)$/][property.name='only']",
      message: "A focused test hides all others.",
    },
    {
      selector: "CallExpression[callee.name=/^(fit|fdescribe)$/]",
      message: "A focused test hides all others.",
    },
  ],
};

/** What a store does not run, or runs without Medusa. */
const besideMedusa = [
  "{__tests__,benchmarks,demo,examples,packages,testkit,tools}/**",
  "src/{sandbox,seqr,payment-view}/**",
];

/** Medusa's own rules, where Medusa runs the code. Its list of folders that are not checked at all is left out. */
const medusaRules = medusa.configs.recommended
  .filter(({ files, plugins }) => files ?? plugins)
  .map((config) =>
    config.files ? { ...config, ignores: [...(config.ignores ?? []), ...besideMedusa] } : config,
  );

const programs = ["**/*.{ts,tsx,mts,js,cjs,mjs}"];
const pages = ["**/*.md"];

/** How large code may grow, in lines without comments and blank ones. CONTRIBUTING.md says why these bounds. */
const noLargerThan = ({ complexity, functionLines, fileLines }) => {
  const lines = (max) => ["warn", { max, skipBlankLines: true, skipComments: true }];
  return {
    complexity: ["warn", complexity],
    "max-lines": lines(fileLines),
    "max-lines-per-function": functionLines ? lines(functionLines) : "off",
  };
};

const bounds = [
  { files: ["src/**"], rules: noLargerThan({ complexity: 25, functionLines: 60, fileLines: 400 }) },
  // A migration is a list of statements.
  { files: ["src/modules/seqr/migrations/**"], rules: { "max-lines-per-function": "off" } },
  {
    files: ["{benchmarks,demo,testkit,tools}/**/*.{ts,js,mjs}"],
    rules: noLargerThan({ complexity: 25, functionLines: 150, fileLines: 400 }),
  },
  // A suite is one function, which `describe` calls.
  { files: ["__tests__/**"], rules: noLargerThan({ complexity: 30, fileLines: 900 }) },
  // A list of invariants, each with its condition.
  { files: ["__tests__/store/kit/invariants.ts"], rules: { complexity: "off" } },
];

/** `words/forbidden`: where it holds, and which files use a word in its proper meaning. */
const forbiddenWords = [
  { plugins: { words } },
  { files: pages, language: "words/text" },
  { files: [...programs, ...pages], rules: { "words/forbidden": "error" } },
  { files: ["src/**", ...pages], rules: { "words/forbidden": ["error", { riddles: true }] } },
  {
    // A bank declines the payment that the sandbox's phone makes.
    files: ["src/sandbox/**", "docs/sandbox.md"],
    rules: { "words/forbidden": ["error", { riddles: true, allow: ["declined"] }] },
  },
  {
    // Shoppers read these.
    files: ["src/payment-view/locales/*.ts"],
    rules: { "words/forbidden": ["error", { riddles: true, allow: ["goes back"] }] },
  },
  {
    files: ["__tests__/{unit/sandbox,contract,simulation,browser,store}/**", "demo/**"],
    rules: { "words/forbidden": ["error", { allow: ["declined"] }] },
  },
  {
    // These name the old words, or are written by a command.
    files: [
      "eslint.config.mjs",
      "eslint-rules/forbidden-words.mjs",
      "docs/decisions/0034-words.md",
      "docs/performance.md",
      "tools/mutation/score.md",
      "CHANGELOG.md",
      "src/modules/seqr/migrations/**",
      "__tests__/store/migrations.test.ts",
      "__tests__/unit/forbidden-words.test.ts",
    ],
    rules: { "words/forbidden": "off" },
  },
];

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/",
      ".medusa/",
      ".cache/",
      "coverage/",
      "**/.next/",
      "**/next-env.d.ts",
      "demo/**/.medusa/",
      "packages/*/dist/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: programs, extends: [eslint.configs.recommended] },
  ...medusaRules,
  {
    // All plugins of a store share the names of steps and workflows, so ours begin with `seqr-`.
    rules: {
      "@medusajs/step-id-kebab-case": "off",
      "@medusajs/workflow-id-matches-export-or-filename": "off",
    },
  },
  { files: programs, rules: strictly },
  {
    files: ["**/*.{ts,tsx,mts}"],
    extends: [tseslint.configs.strict],
    rules: {
      // React's types are added to in no other way.
      "@typescript-eslint/no-namespace": ["error", { allowDeclarations: true }],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-ignore": true, "ts-expect-error": true, "ts-nocheck": true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  {
    // The rules that need types, for all but the tests.
    files: ["{src,testkit,tools,demo,benchmarks}/**/*.{ts,tsx}", "__tests__/**/run*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // The command line of the sandbox speaks to a person.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/sandbox/cli*", "src/sandbox/cli/**"],
    rules: { "no-console": "error" },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: nodeGlobals } },
  { files: ["**/*.{cjs,js}"], languageOptions: { globals: { ...nodeGlobals, ...commonJsGlobals } } },
  {
    // Pages that are served to a browser.
    files: ["demo/**/*.js"],
    languageOptions: { globals: browserGlobals },
  },
  ...bounds,
  ...forbiddenWords,
);
