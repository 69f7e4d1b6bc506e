import { defineConfig } from "@playwright/test";

/**
 * End-to-end tests: the real program, its real window, real servers, and somebody in another process on the other side.
 */
export default defineConfig({
  testDir: ".",
  testMatch: ["*.spec.ts", "peers/*.spec.ts"],
  globalSetup: "./global-setup.ts",
  outputDir: "../test-results",
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // How long a condition may take is generous: that a machine is busy is not what is tried here.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
});
