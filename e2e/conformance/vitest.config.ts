import { defineConfig } from "vitest/config";
import { lookAgain, patience } from "../../build/patience.ts";

/** The conformance suite starts real servers: apart from the unit tests, so that those stay quick. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  cacheDir: ".cache/vitest-conformance",
  test: {
    include: ["e2e/conformance/*.test.ts", "e2e/servers/*.test.ts"],
    globalSetup: ["build/vitest.global-setup.ts"],
    setupFiles: ["build/patience.ts"],
    expect: { poll: { timeout: patience, interval: lookAgain } },
    testTimeout: 4 * patience,
    hookTimeout: 4 * patience,
    // Its tests wait for servers and for polite paces most of the time; each file has servers of its own.
    maxWorkers: 5,
  },
});
