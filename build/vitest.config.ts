import { defineConfig } from "vitest/config";
import { patience } from "./patience.ts";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  cacheDir: ".cache/vitest",
  test: {
    include: ["{shared,main,renderer,build,bench}/**/*.test.{ts,tsx}"],
    setupFiles: ["build/patience.ts"],
    expect: { poll: { timeout: patience } },
    globalSetup: ["build/vitest.global-setup.ts"],
    // Many tests wait for threads and processes of their own; one at a time would leave a core idle.
    maxWorkers: 2,
    // More than its parts may take: what did not come says so, not that a test took long.
    testTimeout: 4 * patience,
    hookTimeout: 4 * patience,
  },
});
