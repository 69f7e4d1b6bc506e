import { afterEach, beforeEach, expect, it } from "vitest";
import { createRecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import type { NetworkEnvironment } from "../networks/environment.ts";

let testApps: TestApps;
beforeEach(async () => {
  testApps = await createTestApps();
});
afterEach(() => testApps.close());

it("has the networks read texts in the language that the person chose, from then on", async () => {
  let environment: NetworkEnvironment | undefined;
  const testApp = await testApps.open({
    networks: (given) => {
      environment = given;
      return [createRecordedNetwork("xmpp", [])];
    },
  });
  await testApp.request("settings.set", { key: "Language", value: "fr" });
  expect(environment?.language).toMatch(/^fr/);
  await testApp.request("settings.set", { key: "Language", value: "en" });
  expect(environment?.language).toMatch(/^en/);
});
