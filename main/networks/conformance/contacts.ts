import { afterEach, describe, expect, test } from "vitest";
import { ownAvailabilities } from "../../../shared/model/presence.ts";
import type { RosterItem } from "../facets/contacts.ts";
import { befriend, newInstallation, openClient, type TestClient } from "./client.ts";
import type { Harness } from "./harness.ts";

/** The contact list, and who sees whom. */
export function describeContacts(get: () => Harness): void {
  const clients: TestClient[] = [];
  const signedIn = async (): Promise<TestClient> => {
    const harness = get();
    const client = openClient(harness, await harness.newAccount());
    clients.push(client);
    await client.signIn();
    return client;
  };
  const listed = (client: TestClient, fits: (item: RosterItem) => boolean, since = 0): Promise<unknown> =>
    Promise.any([
      client.event("roster-item", ({ item }) => fits(item), since),
      client.event("roster", ({ items }) => items.some(fits), since),
    ]);
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  describe("contact list", () => {
    test("the list arrives after signing in, empty for a new account", async () => {
      const client = await signedIn();
      expect((await client.event("roster")).items).toEqual([]);
    });

    test("add, rename, move and remove", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      const { contacts } = alice.connection;
      await contacts.add(bob.address, "Bob", ["Friends"]);
      await listed(
        alice,
        (item) => item.address === bob.address && item.name === "Bob" && item.groups.join() === "Friends",
      );
      await contacts.update(bob.address, "Robert <Bob> & Söhne", ["Work", "Élite"]);
      await listed(
        alice,
        (item) => item.name === "Robert <Bob> & Söhne" && [...item.groups].sort().join() === "Work,Élite",
      );
      const before = alice.now();
      await contacts.update(bob.address, undefined, []);
      await listed(
        alice,
        (item) => item.address === bob.address && item.name === undefined && item.groups.length === 0,
        before,
      );
      await contacts.remove(bob.address);
      await alice.event("roster-removed", ({ address }) => address === bob.address);
    });

    test("the list is there again at the next start", async () => {
      const harness = get();
      const [account, bob] = [await harness.newAccount(), await signedIn()];
      const installation = newInstallation();
      const first = openClient(harness, account, harness.settings("good"), installation);
      clients.push(first);
      await first.signIn();
      await first.connection.contacts.add(bob.address, "Bob", ["Friends"]);
      await listed(first, (item) => item.address === bob.address);
      await first.connection.disconnect();
      first.connection.close();
      const second = openClient(harness, account, harness.settings("good"), installation);
      clients.push(second);
      await second.signIn();
      const { items } = await second.event("roster");
      expect(items).toMatchObject([{ address: bob.address, name: "Bob", groups: ["Friends"] }]);
    });

    test("somebody asks, is accepted, and both see each other; removed, they see nothing more", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await befriend(alice, bob);
      await alice.connection.contacts.remove(bob.address);
      await alice.event("roster-removed", ({ address }) => address === bob.address);
      const since = alice.now();
      await bob.connection.presence.set({ availability: "busy", status: "not for you" });
      // a message sent after the presence shows that the presence would have been here
      await bob.say(alice.address, "after");
      await alice.message(({ body }) => body === "after");
      expect(
        alice.events
          .slice(since)
          .filter((event) => event.type === "presence" && event.presence.status === "not for you"),
      ).toEqual([]);
    });
  });

  describe("presence", () => {
    test("every availability arrives, with its status text", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await befriend(alice, bob);
      for (const availability of ownAvailabilities) {
        if (availability === "offline") continue;
        const status = `I am ${availability} <&> ✓`;
        await bob.connection.presence.set({ availability, status });
        const seen = await alice.event(
          "presence",
          ({ address, presence }) => address === bob.address && presence.status === status,
        );
        expect(seen.presence.availability).toBe(get().shownAs(availability));
      }
    });

    test("idle time arrives and goes", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await befriend(alice, bob);
      const idleSince = Math.floor(Date.now() / 1000) * 1000 - 720_000;
      await bob.connection.presence.set({ availability: "away", idleSince });
      const idle = await alice.event(
        "presence",
        ({ address, presence }) => address === bob.address && presence.idleSince !== undefined,
      );
      expect(Math.abs((idle.presence.idleSince ?? 0) - idleSince)).toBeLessThan(2_000);
      const since = alice.now();
      await bob.connection.presence.set({ availability: "available" });
      // A server may have told of the idle time once more meanwhile.
      await alice.event(
        "presence",
        ({ address, presence: { availability, idleSince } }) =>
          address === bob.address && availability === "available" && idleSince === undefined,
        since,
      );
    });

    test("signing out is seen as offline, and signing in as available", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await befriend(alice, bob);
      await bob.connection.disconnect();
      const since = alice.now();
      await alice.event(
        "presence",
        ({ address, presence }) => address === bob.address && presence.availability === "offline",
      );
      await bob.signIn({ availability: "busy", status: "back" });
      await alice.event(
        "presence",
        ({ address, presence }) =>
          address === bob.address && presence.availability === "busy" && presence.status === "back",
        since,
      );
    });

    test("who signs in later sees who is there already", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await befriend(alice, bob);
      await alice.connection.disconnect();
      await bob.connection.presence.set({ availability: "in-meeting", status: "board" });
      const since = alice.now();
      await alice.signIn();
      await alice.event(
        "presence",
        ({ address, presence }) => address === bob.address && presence.status === "board",
        since,
      );
      const last = alice.events.findLast((event) => event.type === "presence" && event.address === bob.address);
      expect(last).toMatchObject({ presence: { availability: get().shownAs("in-meeting") } });
    });
  });

  describe("strangers", () => {
    test("a stranger's message and request arrive under the stranger's own address", async () => {
      const [alice, stranger] = [await signedIn(), await signedIn()];
      await stranger.say(alice.address, "You do not know me.");
      const message = await alice.message(({ body }) => body === "You do not know me.");
      expect(message).toMatchObject({ peer: stranger.address, direction: "in" });
      await stranger.connection.contacts.add(alice.address, undefined, []);
      await alice.event("subscription-request", ({ address }) => address === stranger.address);
    });
  });
}
