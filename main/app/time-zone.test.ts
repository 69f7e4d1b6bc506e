import { afterEach, expect, it, vi } from "vitest";
import { createTestApps } from "../enforcement/test-apps.test-helper.ts";

afterEach(() => vi.unstubAllEnvs());

it("the program follows the time zone that its window says", async () => {
  vi.stubEnv("TZ", undefined);
  const testApps = await createTestApps({ networks: () => [] });
  try {
    const testApp = await testApps.open();
    for (const [zone, offset] of [
      ["Asia/Tokyo", -540],
      ["America/Phoenix", 420],
    ] as const) {
      await testApp.request("app.timeZone", { zone });
      expect(new Date().getTimezoneOffset()).toBe(offset);
    }
  } finally {
    await testApps.close();
  }
});
