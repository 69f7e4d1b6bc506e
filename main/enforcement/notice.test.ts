import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Desk } from "./desk.test-helper.ts";
import { createDesks, type Desks } from "./desks.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";

const me = { address: "me@x.example", password: "p", protocol: "xmpp", server: {} } as const;
const notice = { version: "2026-1", en: "Conversations are recorded.", fr: "Les conversations sont enregistrées." };

let desks: Desks;
let network: RecordedNetwork;

beforeEach(async () => {
  network = createRecordedNetwork("xmpp", []);
  desks = await createDesks({ networks: () => new Map([["xmpp", network]]) });
});
afterEach(() => desks.close());

async function untilPending(desk: Desk, pending: boolean): Promise<void> {
  await vi.waitFor(async () => expect((await desk.appRecord()).noticePending ?? false).toBe(pending));
}

describe("the organization's notice", () => {
  it("nothing signs in before the notice is accepted; that is recorded, and asked anew when the text changes", async () => {
    const desk = await desks.open();
    await desk.policy({ ComplianceNotice: notice });
    await untilPending(desk, true);
    await expect(desk.request("accounts.add", me)).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "ComplianceNotice" },
    });
    await expect(desk.request("app.acceptNotice", { version: "2025-9", language: "en" })).rejects.toMatchObject({
      code: "not-found",
    });
    // Declined, it stays to be answered, and nothing signs in.
    await expect(desk.request("app.declineNotice", { version: "2025-9", language: "en" })).rejects.toMatchObject({
      code: "not-found",
    });
    await desk.request("app.declineNotice", { version: "2026-1", language: "en" });
    expect((await desk.appRecord()).noticePending).toBe(true);
    await expect(desk.request("accounts.add", me)).rejects.toMatchObject({ code: "blocked-by-policy" });
    await desk.request("app.acceptNotice", { version: "2026-1", language: "fr" });
    await untilPending(desk, false);
    await desk.request("accounts.add", me);
    await desk.untilAccount({ state: "online" });
    // Also when only the words change and the version does not.
    await desk.policy({ ComplianceNotice: { ...notice, en: "Everything is recorded.", fr: "Tout est enregistré." } });
    await untilPending(desk, true);
    await desk.untilAccount({
      state: "failed",
      error: { code: "blocked-by-policy", params: { setting: "ComplianceNotice" } },
    });
    // What was accepted once is remembered.
    await desk.policy({ ComplianceNotice: notice });
    await desk.untilAccount({ state: "online" });
    await desk.app.stop();
    expect(network.passwords).toHaveLength(2);

    const again = await desks.open();
    await again.untilAccount({ state: "online" });
    expect((await again.appRecord()).noticePending).toBeUndefined();
    // What cannot be read is a notice, too.
    await again.policy({ ComplianceNotice: "Be good." });
    await untilPending(again, true);
    await again.request("app.acceptNotice", { version: "0", language: "en" });
    await again.untilAccount({ state: "online" });
  });
});
