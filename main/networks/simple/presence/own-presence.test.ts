import { expect, it } from "vitest";
import type { AccountConfig } from "../../../../shared/model/account.ts";
import type { OwnPresence } from "../../../../shared/model/presence.ts";
import { OwnPresencePublisher } from "./own-presence.ts";
import type { PresenceAgent } from "./presence-agent.ts";
import type { Publication } from "./publication.ts";

function publisher() {
  const published: string[] = [];
  const told: string[] = [];
  const nothing = (): void => undefined;
  const publication: Pick<Publication, "publish"> = { publish: async (document) => void published.push(document) };
  const presenceAgent: Pick<PresenceAgent, "publish"> = { publish: (document) => void told.push(document) };
  const account: Pick<AccountConfig, "address" | "deviceId"> = { address: "me@sip.example", deviceId: "device1" };
  return {
    published,
    told,
    presence: new OwnPresencePublisher({
      account: account as AccountConfig,
      publication: publication as Publication,
      presenceAgent: presenceAgent as PresenceAgent,
      isSeen: () => true,
      log: { debug: nothing, info: nothing, warn: nothing },
    }),
  };
}

const size = (document = ""): number => Buffer.byteLength(document);

it("is published in 12,000 bytes; what is longer is told to nobody, and signing in leaves the status out", async () => {
  const longest: number[] = [];
  // A document has each byte of the status twice: one of these has an even number of others, one an odd number.
  for (const availability of ["away", "available"] as const) {
    const { published, told, presence } = publisher();
    const say = (status: string): OwnPresence => ({ availability, status });
    await presence.publish(say("x"));
    const most = 1 + Math.floor((12_000 - size(published[0])) / 2);
    await presence.publish(say("x".repeat(most)));
    longest.push(size(published[1]));
    for (const longer of ["x".repeat(most + 1), "é".repeat(Math.ceil((most + 1) / 2))])
      await expect(presence.publish(say(longer))).rejects.toMatchObject({ code: "too-large" });
    expect([published.length, told]).toEqual([2, published]);
    await presence.announce(say("x".repeat(most + 1)));
    expect([published.length, told]).toEqual([3, published]);
    expect(published[2]).not.toContain("xx");
  }
  expect(longest.sort()).toEqual([11_999, 12_000]);
});
