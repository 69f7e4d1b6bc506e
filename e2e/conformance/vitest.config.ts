import { defineConfig } from "vitest/config";

/** The conformance suite starts real servers: apart from the unit tests, so that those stay quick. */
export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  cacheDir: ".cache/vitest-conformance",
  test: {
    include: ["e2e/conformance/*.test.ts", "e2e/servers/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
