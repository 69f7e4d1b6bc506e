import { afterEach, expect, test } from "vitest";
import {
  type Installation,
  newInstallation,
  openClient,
  type TestClient,
} from "../../main/networks/conformance/client.ts";
import type { Harness, TestAccount } from "../../main/networks/conformance/harness.ts";
import type { Availability } from "../../shared/model/presence.ts";

/** Publication of one device over cuts and ends of its program (RFC 3903 section 4): nobody sees a left-over. */
export function describePublication(get: () => Harness): void {
  const clients: TestClient[] = [];
  const opened = (account: TestAccount, installation?: Installation, settings = get().settings("good")): TestClient => {
    const client = openClient(get(), account, settings, installation);
    clients.push(client);
    return client;
  };
  /** Signs in; resolves when the server has the presence and the entity-tag is kept. */
  const published = async (client: TestClient, { cache, accountId }: Installation): Promise<void> => {
    const kept = (): string | undefined => cache.get(`simple/${accountId}/publication`);
    const before = kept();
    await client.signIn({ availability: "busy" });
    await expect.poll(kept).toMatch(/etag/);
    await expect.poll(kept).not.toBe(before);
  };
  /** A watcher who sees the account as busy. */
  const watcher = async (of: TestClient): Promise<TestClient> => {
    const bob = opened(await get().newAccount());
    await bob.signIn();
    await bob.connection.contacts.add(of.address, undefined, []);
    await sees(bob, of, "busy");
    return bob;
  };
  const sees = (who: TestClient, whom: TestClient, availability: Availability, since = 0): Promise<unknown> =>
    who.event(
      "presence",
      ({ address, presence }) => address === whom.address && presence.availability === availability,
      since,
    );
  /**
   * Nothing is left once the device has signed out: not for who watches, and not for who begins to. A server may tell
   * the former of the end of one publication and the latter of another one that stayed.
   */
  const leavesNothing = async (alice: TestClient, bob: TestClient): Promise<void> => {
    let since = bob.now();
    await alice.connection.disconnect();
    await sees(bob, alice, "offline", since);
    await bob.connection.disconnect();
    since = bob.now();
    await bob.signIn();
    const first = await bob.event("presence", ({ address }) => address === alice.address, since);
    expect(first.presence.availability).toBe("offline");
  };
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  test("a publication is taken over after a cut and a kill, is made anew at 412, and leaves nothing", async () => {
    const [door, account, installation] = [await get().door(), await get().newAccount(), newInstallation()];
    const alice = opened(account, installation, door.settings);
    await published(alice, installation);
    const bob = await watcher(alice);
    door.cut();
    await alice.event("connection-lost");
    await published(alice, installation);
    // A program that is killed leaves what is on the disk.
    const copied = (): Installation => ({ ...installation, cache: new Map(installation.cache) });
    const [disk, copy] = [copied(), copied()];
    door.cut();
    const second = opened(account, disk);
    await published(second, disk);
    await leavesNothing(second, bob);
    // With an entity-tag that the server does not know any more.
    const third = opened(account, copy);
    const since = bob.now();
    await published(third, copy);
    await sees(bob, third, "busy", since);
    await leavesNothing(third, bob);
  });
}
