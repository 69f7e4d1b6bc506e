import { afterEach, expect, test } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness, TestAccount } from "../../main/networks/conformance/harness.ts";

/** Somebody who is only not signed in, on a server that passes SUBSCRIBE on and answers 404 or 480 for them. */
export function describeAbsence(get: () => Harness): void {
  const clients: TestClient[] = [];
  const opened = (account: TestAccount): TestClient => {
    const client = openClient(get(), account);
    clients.push(client);
    return client;
  };
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  test("somebody who is not signed in is asked again until they are, and their address is no mistake", async () => {
    const [alice, account] = [opened(await get().newAccount()), await get().newAccount()];
    await alice.signIn();
    await alice.connection.contacts.add(account.address, undefined, []);
    // The server has said that nobody is there.
    await alice.event("presence", ({ address }) => address === account.address);
    const id = await alice.say(account.address, "for later");
    const { error } = await alice.event("delivery", (event) => event.id === id && event.state === "failed");
    expect(error?.code).toBe("recipient-unreachable");
    const bob = opened(account);
    await bob.signIn();
    // Of itself, without a sign of life.
    await bob.event("subscription-request", ({ address }) => address === alice.address);
    await bob.connection.contacts.accept(alice.address);
    await bob.connection.contacts.add(alice.address, undefined, []);
    const seen = await alice.event(
      "presence",
      ({ address, presence }) => address === account.address && presence.availability === "available",
    );
    expect(seen.address).toBe(account.address);
  });
}
