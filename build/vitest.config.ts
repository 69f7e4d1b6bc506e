import { defineConfig } from "vitest/config";
import { lookAgain, patience } from "./patience.ts";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  cacheDir: ".cache/vitest",
  test: {
    include: ["{shared,main,renderer,build,bench}/**/*.test.{ts,tsx}"],
    setupFiles: ["build/patience.ts"],
    expect: { poll: { timeout: patience, interval: lookAgain } },
    globalSetup: ["build/vitest.global-setup.ts"],
    // Many tests wait for threads and processes of their own: two would leave a third of two cores idle.
    maxWorkers: 3,
    // More than its parts may take: what did not come says so, not that a test took long.
    testTimeout: 4 * patience,
    hookTimeout: 4 * patience,
  },
});
