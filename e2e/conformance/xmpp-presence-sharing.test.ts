import { afterAll, beforeAll, expect, it } from "vitest";
import type { TestClient } from "../../main/networks/conformance/client.ts";
import { type Audience, noRules } from "../../main/networks/connection-rules.ts";
import type { ProsodyServer } from "../servers/prosody.ts";
import { createXmppStage, type XmppStage } from "./xmpp-stage.ts";

let stage: XmppStage;
let server: ProsodyServer;

beforeAll(async () => {
  stage = await createXmppStage();
  server = await stage.server({ more: ["privacy_lists"] });
});
afterAll(() => stage.stop());

const sharing = (audience: Audience) => ({ rules: { ...noRules, audience: () => audience } });
const isThere = (whom: TestClient) => ({
  type: "presence",
  address: whom.address,
  presence: { availability: "available" },
});
const seen = (by: TestClient, whom: TestClient, since: number) =>
  by.events.slice(since).filter((event) => event.type === "presence" && event.address === whom.address);

/** Alice goes, and Bob has noticed. Answers the place in Bob's events. */
async function leave(alice: TestClient, bob: TestClient): Promise<number> {
  const before = bob.now();
  await alice.connection.disconnect();
  await bob.event(
    "presence",
    ({ address, presence }) => address === alice.address && presence.availability === "offline",
    before,
  );
  return bob.now();
}

/** Something said by each has arrived at the other, hence everything before it. */
async function exchange(one: TestClient, other: TestClient): Promise<void> {
  const [there, back] = [await one.say(other.address, "there"), await other.say(one.address, "and back")];
  await other.message(({ id }) => id === there);
  await one.message(({ id }) => id === back);
}

it("nobody sees somebody who hides: neither who is there nor who comes; they see others, and messages go both ways", async () => {
  const [alice, bob] = await stage.friends(server);
  const since = await leave(alice, bob);
  const hidden = stage.again(alice, server, sharing("nobody"));
  expect((await hidden.signIn()).audience).toBe("nobody");
  await exchange(hidden, bob);
  await bob.connection.presence.set({ availability: "busy" });
  await hidden.event(
    "presence",
    ({ address, presence }) => address === bob.address && presence.availability === "busy",
  );
  await hidden.connection.presence.set({ availability: "away", status: "Lunch" });
  await exchange(hidden, bob);
  expect(seen(bob, alice, since)).toEqual([]);
  // A probe by somebody who comes later is not answered either.
  const before = hidden.now();
  await bob.connection.disconnect();
  await hidden.event(
    "presence",
    ({ address, presence }) => address === bob.address && presence.availability === "offline",
    before,
  );
  const again = stage.again(bob, server);
  await again.signIn();
  await exchange(hidden, again);
  expect(
    seen(again, alice, 0).filter((event) => event.type === "presence" && event.presence.availability !== "offline"),
  ).toEqual([]);
});

it("in a group one is seen, outside every group not, from the moment one is put in or taken out", async () => {
  const [alice, bob] = await stage.friends(server);
  const since = await leave(alice, bob);
  const choosy = stage.again(alice, server, sharing("groups"));
  await choosy.signIn();
  await exchange(choosy, bob);
  expect(seen(bob, alice, since)).toEqual([]);
  await choosy.connection.contacts.update(bob.address, "Bob", ["Team"]);
  await bob.event(
    "presence",
    ({ address, presence }) => address === alice.address && presence.availability === "available",
    since,
  );
  const shown = bob.now();
  await choosy.connection.contacts.update(bob.address, "Bob", []);
  await bob.event(
    "presence",
    ({ address, presence }) => address === alice.address && presence.availability === "offline",
    shown,
  );
  const gone = bob.now();
  await choosy.connection.presence.set({ availability: "busy" });
  await exchange(choosy, bob);
  expect(seen(bob, alice, gone)).toEqual([]);
});

it("somebody who hides can still be added, and then sees the other without being seen", async () => {
  const hidden = await stage.client(server, sharing("nobody"));
  const bob = await stage.client(server);
  await Promise.all([hidden.signIn(), bob.signIn()]);
  await hidden.connection.contacts.add(bob.address, undefined, []);
  await bob.event("subscription-request", ({ address }) => address === hidden.address);
  await bob.connection.contacts.accept(hidden.address);
  expect(await hidden.event("presence", ({ presence }) => presence.availability === "available")).toMatchObject(
    isThere(bob),
  );
  await bob.connection.contacts.add(hidden.address, undefined, []);
  await bob.event("roster-item", ({ item }) => item.subscription === "both");
  await exchange(hidden, bob);
  expect(bob.events).not.toContainEqual(expect.objectContaining(isThere(hidden)));
});

it("a real server that cannot hide anybody is left before anybody sees us", async () => {
  const plain = await stage.server();
  const [alice, bob] = await stage.friends(plain);
  const since = await leave(alice, bob);
  await expect(stage.again(alice, plain, sharing("nobody")).signIn()).rejects.toMatchObject({
    code: "blocked-by-policy",
    params: { setting: "PresenceSharing" },
  });
  const other = stage.again(alice, plain);
  await other.signIn();
  await exchange(other, bob);
  expect(seen(bob, alice, since)).toHaveLength(1);
});
