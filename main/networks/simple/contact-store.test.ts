import { describe, expect, it } from "vitest";
import { ContactStore } from "./contact-store.ts";
import { testEnvironment } from "./testing/client.ts";

const bob = "bob@example.test";
const open = async (cache: Map<string, string>) => {
  const { cache: kept, log } = testEnvironment(cache);
  const store = new ContactStore(kept, "account-1", log);
  await store.load();
  return store;
};

describe("ContactStore", () => {
  it("has at the next start what it had before", async () => {
    const cache = new Map<string, string>();
    const store = await open(cache);
    await store.put(bob, "Bob", ["Friends", "Friends"]);
    await store.decide(bob, "accepted");
    store.setSeen(bob, true);
    store.setTakesCpim(bob, true);
    await store.flush();
    const again = await open(cache);
    expect(again.items()).toEqual([
      { address: bob, name: "Bob", groups: ["Friends"], subscription: "both", asked: false },
    ]);
    expect(again.decision(bob)).toBe("accepted");
    expect(again.takesCpim(bob)).toBe(true);
  });

  it("tells both directions apart, and what is still asked", async () => {
    const store = await open(new Map());
    await store.put(bob, undefined, []);
    expect(store.item(bob)).toMatchObject({ subscription: "none", asked: true });
    store.setSeen(bob, true);
    expect(store.item(bob)).toMatchObject({ subscription: "to", asked: false });
    await store.decide(bob, "accepted");
    store.setSeen(bob, false);
    expect(store.item(bob)).toMatchObject({ subscription: "from", asked: true });
  });

  it.each(["\u200B\u2060\u202E", " \u3164", "\u2800"])("takes the name %j for none", async (name) => {
    const store = await open(new Map());
    await store.put(bob, name, []);
    expect(store.item(bob)?.name).toBeUndefined();
    await store.replace([{ address: bob, name, groups: [] }]);
    expect(store.items()).toMatchObject([{ address: bob, name: undefined }]);
  });

  it("takes over a server's list and its decisions", async () => {
    const store = await open(new Map());
    await store.put(bob, undefined, []);
    store.setSeen(bob, true);
    await store.put("gone@example.test", undefined, []);
    await store.replace([{ address: bob, name: "Robert", groups: ["Work"] }]);
    expect(store.items()).toMatchObject([{ address: bob, name: "Robert", groups: ["Work"], subscription: "to" }]);
    await store.adopt([bob], ["mallory@example.test"]);
    expect([store.decision(bob), store.decision("mallory@example.test")]).toEqual(["accepted", "declined"]);
  });

  it.each(["", "null", "{}", '{"version":1,"contacts":"x"}', "\u0000"])(
    "begins anew with what it cannot read: %j",
    async (text) => {
      const store = await open(new Map([["simple/account-1/contacts", text]]));
      expect(store.items()).toEqual([]);
    },
  );
});
