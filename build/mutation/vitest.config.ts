import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { mutationPatience } from "./patience.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The unit tests of one room, as `npm run mutation` runs them in its copy of the checkout. */
export default defineConfig({
  root: here("../.."),
  cacheDir: ".cache/vitest",
  resolve: {
    alias: [
      { find: /^fast-check$/, replacement: here("./few-runs.ts") },
      { find: /^.*\/executions\.test-helper\.ts$/, replacement: here("./no-executions.ts") },
    ],
  },
  test: {
    include: (process.env["HALLWAY_MUTATION_TESTS"] ?? "").split(" "),
    setupFiles: ["build/mutation/patience.ts", "build/mutation/activate.ts"],
    expect: { poll: { timeout: mutationPatience } },
    globalSetup: ["build/vitest.global-setup.ts"],
    maxWorkers: 1,
    // One process for all files: starting one takes longer than most tests.
    isolate: false,
    testTimeout: 3 * mutationPatience,
    hookTimeout: 3 * mutationPatience,
  },
});
