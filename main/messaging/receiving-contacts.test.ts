import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Profile } from "../profile/profile.ts";
import { createContacts } from "../store/contacts.ts";
import { createRequests } from "../store/requests.ts";
import { account, friend, id, openReceiver, type Receiver, said, strangers } from "./receiving.test-helper.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.remove());

describe("contact list", () => {
  it("shows the list of the server, with presence that came before it", () => {
    receiver.ingest.event(account, "xmpp", {
      type: "presence",
      address: friend.address,
      presence: { availability: "busy", status: "in a call" },
    });
    receiver.ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    expect(receiver.tables.get("contacts", id(friend.address))).toMatchObject({
      name: "Juliet",
      groups: ["Treasury"],
      presence: { availability: "busy" },
    });
  });

  it("drops who is gone, but keeps somebody with whom there is a conversation", async () => {
    receiver.ingest.event(account, "xmpp", {
      type: "roster",
      items: [friend, { ...friend, address: "bob@x.example", name: undefined }],
    });
    receiver.ingest.event(account, "xmpp", { type: "message", message: said() });
    await receiver.ingest.idle();
    receiver.ingest.event(account, "xmpp", { type: "roster", items: [] });
    expect(receiver.tables.get("contacts", id("bob@x.example"))).toBeUndefined();
    expect(receiver.tables.get("contacts", id(friend.address))).toMatchObject({ listed: false, subscription: "none" });
  });

  it("is there again after a restart, offline, before any network is reached", async () => {
    receiver.ingest.event(account, "xmpp", { type: "roster", items: [friend] });
    receiver.contacts.pin(id(friend.address), true);
    receiver = await receiver.restart();
    await receiver.contacts.restore(account, "xmpp");
    expect(receiver.tables.get("contacts", id(friend.address))).toMatchObject({
      name: "Juliet",
      pinned: true,
      presence: { availability: "unknown" },
    });
  });

  it("knows nothing of people on SIP until their server has answered for them, where an XMPP server is silent of who is away", () => {
    const presence = (address: string) => receiver.tables.get("contacts", id(address))?.presence.availability;
    for (const protocol of ["xmpp", "simple"] as const) {
      const address = `${protocol}@x.example`;
      receiver.ingest.event(account, protocol, { type: "roster-item", item: { ...friend, address } });
      receiver.contacts.signingIn(account);
      receiver.contacts.signedIn(account, false);
      expect(presence(address)).toBe(protocol === "xmpp" ? "offline" : "unknown");
      receiver.ingest.event(account, protocol, { type: "presence", address, presence: { availability: "offline" } });
      expect(presence(address)).toBe("offline");
    }
  });

  it("shows nobody online who was not heard of since a new sign-in, and all as before after a resumed one", () => {
    const presence = (address: string) => receiver.tables.get("contacts", id(address))?.presence.availability;
    receiver.ingest.event(account, "xmpp", {
      type: "roster",
      items: [friend, { ...friend, address: "bob@x.example" }],
    });
    for (const address of [friend.address, "bob@x.example"])
      receiver.ingest.event(account, "xmpp", { type: "presence", address, presence: { availability: "available" } });
    receiver.contacts.signingIn(account);
    receiver.contacts.signedIn(account, true);
    expect(presence("bob@x.example")).toBe("available");
    receiver.contacts.signingIn(account);
    receiver.ingest.event(account, "xmpp", {
      type: "presence",
      address: friend.address,
      presence: { availability: "away" },
    });
    receiver.contacts.signedIn(account, false);
    expect([presence(friend.address), presence("bob@x.example")]).toEqual(["away", "offline"]);
  });
});

describe("a profile that cannot be written", () => {
  it("is told, harms nobody, and what was not kept is kept later", async () => {
    let full = true;
    const failed: unknown[] = [];
    const put: Profile["put"] = (entries) =>
      full ? Promise.reject(new HallwayError("storage-full")) : receiver.profile.put(entries);
    const list = createContacts({
      tables: receiver.tables,
      profile: { ...receiver.profile, put },
      onFailed: (error) => failed.push(error),
    });
    const waiting = createRequests({
      ...{ tables: receiver.tables, blocklist: receiver.blocklist, choices: strangers },
      profile: { ...receiver.profile, put },
      onFailed: (error) => failed.push(error),
      now: () => receiver.clock.time,
    });
    list.roster(account, "xmpp", [friend]);
    await list.save();
    waiting.file({ accountId: account, protocol: "xmpp", address: "spam@evil.example", kind: "message", at: 1 });
    waiting.settle(account, "spam@evil.example");
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).toHaveLength(3);
    full = false;
    await list.save();
    expect(await receiver.profile.get("contact", account)).toContain(friend.address);
  });

  it("with text that is none counts as empty", async () => {
    const damaged = { namespace: "contact", key: account, value: "{" } as const;
    await receiver.profile.put([
      damaged,
      { ...damaged, namespace: "request" },
      { ...damaged, namespace: "app", key: "blocklist" },
    ]);
    await receiver.contacts.restore(account, "xmpp");
    await Promise.all([receiver.blocklist.restore(), receiver.requests.restore()]);
    expect([receiver.tables.size("contacts"), receiver.tables.size("requests")]).toEqual([0, 0]);
  });
});
