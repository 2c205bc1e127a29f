import type { Browser, LaunchOptions } from "playwright-core";

/**
 * Starts a headless Chromium: the one of SEQR_CHROMIUM, else the packaged one, else one that is installed.
 * `args` are added to ours. Close the browser when done.
 */
export function launchBrowser(options?: LaunchOptions): Promise<Browser>;
