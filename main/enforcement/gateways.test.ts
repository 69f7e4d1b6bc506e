import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openSignedInDesk, type SignedInDesk } from "./signed-in-desk.test-helper.ts";

const [colleague, known, nested] = [
  "ann@x.example",
  "5551234@sms.x.example",
  "bob*sip.example@gw.partner.example",
] as const;

let desk: SignedInDesk;

beforeEach(async () => {
  desk = await openSignedInDesk([colleague, known, nested]);
});
afterEach(() => desk.close());

const refused = (domain: string) => ({ code: "blocked-by-policy", params: { setting: "GatewaysEnabled", domain } });

async function presenceOf(of: string): Promise<unknown> {
  return (await desk.request("app.snapshot", {})).tables.contacts.find(({ address }) => address === of)?.presence
    .availability;
}

it("people behind a gateway are neither written to, added nor heard, from the moment policy says so", async () => {
  for (const address of [colleague, known, nested])
    desk.network.emit({ type: "presence", address, presence: { availability: "available" } });
  desk.network.emit({ type: "gateway", domain: "sms.x.example" });
  for (const to of [colleague, known, nested]) await desk.send(to, "before");
  await desk.policy({ GatewaysEnabled: false });
  await vi.waitFor(async () =>
    expect(await Promise.all([colleague, known, nested].map(presenceOf))).toEqual(["available", "unknown", "unknown"]),
  );
  await expect(desk.send(known, "after")).rejects.toMatchObject(refused("sms.x.example"));
  await expect(desk.send(nested, "after")).rejects.toMatchObject(refused("gw.partner.example"));
  await expect(
    desk.request("contacts.add", {
      accountId: desk.accountId,
      address: "eve%out.example@gw.partner.example",
      groups: [],
    }),
  ).rejects.toMatchObject({
    code: "blocked-by-policy",
  });
  await expect(
    desk.request("conversations.start", { accountId: desk.accountId, address: "5559999@sms.x.example" }),
  ).rejects.toMatchObject(refused("sms.x.example"));
  for (const peer of [known, nested, colleague]) desk.network.receive({ peer, body: `from ${peer}`, id: `in-${peer}` });
  await vi.waitFor(async () => expect(await desk.texts(colleague)).toContain(`from ${colleague}`));
  expect([...(await desk.texts(known)), ...(await desk.texts(nested))]).toEqual(["before", "before"]);
  // What is told to be a gateway later counts from then on.
  desk.network.emit({ type: "gateway", domain: "x.example" });
  await vi.waitFor(async () => expect(await presenceOf(colleague)).toBe("unknown"));
  await desk.policy(undefined);
  await vi.waitFor(async () =>
    expect(await Promise.all([colleague, known, nested].map(presenceOf))).toEqual([
      "available",
      "available",
      "available",
    ]),
  );
  await desk.send(known, "again");
});
