import { afterAll, beforeAll, expect, it } from "vitest";
import { befriend, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import { type Audience, noRules } from "../../main/networks/connection-rules.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";

let servers: SimpleServers;
const clients: TestClient[] = [];

beforeAll(async () => {
  servers = await startSimpleServers();
});
afterAll(async () => {
  for (const client of clients) client.connection.close();
  await servers.stop();
});

it.each(["nobody", "groups"] as const)(
  "with %s, watchers on a real server do not learn that somebody is there, and messages go both ways",
  async (audience: Audience) => {
    const { harness } = servers;
    const [account, other] = [await harness.newAccount(), await harness.newAccount()];
    const open = (who: typeof account, over = {}): TestClient => {
      const client = openClient(harness, who, harness.settings("good"), undefined, over);
      clients.push(client);
      return client;
    };
    const [alice, bob] = [open(account), open(other)];
    await Promise.all([alice.signIn(), bob.signIn()]);
    await befriend(alice, bob);
    const before = bob.now();
    await alice.connection.disconnect();
    await bob.event(
      "presence",
      ({ address, presence }) => address === alice.address && presence.availability === "offline",
      before,
    );
    const since = bob.now();
    const hidden = open(account, { rules: { ...noRules, audience: () => audience } });
    expect((await hidden.signIn()).audience).toBe(audience);
    await hidden.connection.presence.set({ availability: "busy" });
    const [there, back] = [await hidden.say(bob.address, "there"), await bob.say(hidden.address, "and back")];
    await bob.message(({ id }) => id === there);
    await hidden.message(({ id }) => id === back);
    // Who watches anew is told how things are now.
    const anew = open(other);
    await anew.signIn();
    await anew.connection.contacts.add(alice.address, undefined, []);
    const again = await hidden.say(bob.address, "once more");
    await anew.message(({ id }) => id === again);
    const seen = [...bob.events.slice(since), ...anew.events].filter(
      (event) => event.type === "presence" && event.address === alice.address,
    );
    expect(
      seen.filter(
        (event) => event.type === "presence" && !["offline", "unknown"].includes(event.presence.availability),
      ),
    ).toEqual([]);
  },
);
