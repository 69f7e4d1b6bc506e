import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const [colleague, known, nested] = [
  "ann@x.example",
  "5551234@sms.x.example",
  "bob*sip.example@gw.partner.example",
] as const;

let testApp: SignedInTestApp;

beforeEach(async () => {
  testApp = await openSignedInTestApp([colleague, known, nested]);
});
afterEach(() => testApp.close());

const refused = (domain: string) => ({ code: "blocked-by-policy", params: { setting: "GatewaysEnabled", domain } });

async function presenceOf(of: string): Promise<unknown> {
  return (await testApp.request("app.snapshot", {})).tables.contacts.find(({ address }) => address === of)?.presence
    .availability;
}

it("people behind a gateway are neither written to, added nor heard, from the moment policy says so", async () => {
  for (const address of [colleague, known, nested])
    testApp.network.emit({ type: "presence", address, presence: { availability: "available" } });
  testApp.network.emit({ type: "gateway", domain: "sms.x.example" });
  for (const to of [colleague, known, nested]) await testApp.send(to, "before");
  await testApp.policy({ GatewaysEnabled: false });
  await vi.waitFor(async () =>
    expect(await Promise.all([colleague, known, nested].map(presenceOf))).toEqual(["available", "unknown", "unknown"]),
  );
  await expect(testApp.send(known, "after")).rejects.toMatchObject(refused("sms.x.example"));
  await expect(testApp.send(nested, "after")).rejects.toMatchObject(refused("gw.partner.example"));
  await expect(
    testApp.request("contacts.add", {
      accountId: testApp.accountId,
      address: "eve%out.example@gw.partner.example",
      groups: [],
    }),
  ).rejects.toMatchObject({
    code: "blocked-by-policy",
  });
  await expect(
    testApp.request("conversations.start", { accountId: testApp.accountId, address: "5559999@sms.x.example" }),
  ).rejects.toMatchObject(refused("sms.x.example"));
  for (const peer of [known, nested, colleague])
    testApp.network.receive({ peer, body: `from ${peer}`, id: `in-${peer}` });
  await vi.waitFor(async () => expect(await testApp.texts(colleague)).toContain(`from ${colleague}`));
  expect([...(await testApp.texts(known)), ...(await testApp.texts(nested))]).toEqual(["before", "before"]);
  // What is told to be a gateway later counts from then on.
  testApp.network.emit({ type: "gateway", domain: "x.example" });
  await vi.waitFor(async () => expect(await presenceOf(colleague)).toBe("unknown"));
  await testApp.policy(undefined);
  await vi.waitFor(async () =>
    expect(await Promise.all([colleague, known, nested].map(presenceOf))).toEqual([
      "available",
      "available",
      "available",
    ]),
  );
  await testApp.send(known, "again");
});
