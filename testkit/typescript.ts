import { pathToFileURL } from "node:url";

/** Options with which Node runs a TypeScript file: for processes that run one, wherever they are started. */
export const runsTypeScript = ["--import", pathToFileURL(require.resolve("tsx")).href];
