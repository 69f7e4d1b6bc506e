import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  cacheDir: ".cache/vitest",
  test: {
    include: ["{shared,main,renderer,build}/**/*.test.{ts,tsx}"],
    testTimeout: 20_000,
  },
});
