import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestApp } from "./test-app.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

const me = { address: "me@x.example", password: "p", protocol: "xmpp", server: {} } as const;
const notice = { version: "2026-1", en: "Conversations are recorded.", fr: "Les conversations sont enregistrées." };

let testApps: TestApps;
let network: RecordedNetwork;

beforeEach(async () => {
  network = createRecordedNetwork("xmpp", []);
  testApps = await createTestApps({ networks: () => [network] });
});
afterEach(() => testApps.close());

async function untilPending(testApp: TestApp, pending: boolean): Promise<void> {
  await vi.waitFor(async () => expect((await testApp.appRecord()).noticePending ?? false).toBe(pending));
}

describe("the organization's notice", () => {
  it("nothing signs in before the notice is accepted; that is recorded, and asked anew when the text changes", async () => {
    const testApp = await testApps.open();
    await testApp.policy({ ComplianceNotice: notice });
    await untilPending(testApp, true);
    await expect(testApp.request("accounts.add", me)).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "ComplianceNotice" },
    });
    await expect(testApp.request("app.acceptNotice", { version: "2025-9", language: "en" })).rejects.toMatchObject({
      code: "not-found",
    });
    // Declined, it stays to be answered, and nothing signs in.
    await expect(testApp.request("app.declineNotice", { version: "2025-9", language: "en" })).rejects.toMatchObject({
      code: "not-found",
    });
    await testApp.request("app.declineNotice", { version: "2026-1", language: "en" });
    expect((await testApp.appRecord()).noticePending).toBe(true);
    await expect(testApp.request("accounts.add", me)).rejects.toMatchObject({ code: "blocked-by-policy" });
    await testApp.request("app.acceptNotice", { version: "2026-1", language: "fr" });
    await untilPending(testApp, false);
    await testApp.request("accounts.add", me);
    await testApp.untilAccount({ state: "online" });
    // Also when only the words change and the version does not.
    await testApp.policy({
      ComplianceNotice: { ...notice, en: "Everything is recorded.", fr: "Tout est enregistré." },
    });
    await untilPending(testApp, true);
    await testApp.untilAccount({
      state: "failed",
      error: { code: "blocked-by-policy", params: { setting: "ComplianceNotice" } },
    });
    // What was accepted once is remembered.
    await testApp.policy({ ComplianceNotice: notice });
    await testApp.untilAccount({ state: "online" });
    await testApp.app.stop();
    expect(network.passwords).toHaveLength(2);

    const again = await testApps.open();
    await again.untilAccount({ state: "online" });
    expect((await again.appRecord()).noticePending).toBeUndefined();
    // What cannot be read is a notice, too.
    await again.policy({ ComplianceNotice: "Be good." });
    await untilPending(again, true);
    await again.request("app.acceptNotice", { version: "0", language: "en" });
    await again.untilAccount({ state: "online" });
  });
});
