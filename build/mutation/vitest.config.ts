import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { patience } from "../patience.ts";

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
    setupFiles: ["build/patience.ts", "build/mutation/activate.ts"],
    expect: { poll: { timeout: patience } },
    globalSetup: ["build/vitest.global-setup.ts"],
    maxWorkers: 1,
    // One process for all files: starting one takes longer than most tests.
    isolate: false,
    // What a mutant makes wait is ended by Stryker, whose time-out goes by how long the tests take here.
    testTimeout: 4 * patience,
    hookTimeout: 4 * patience,
  },
});
