import { afterEach, expect, test } from "vitest";
import { befriend, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { RawDevice } from "./raw-device.ts";

/**
 * A device behind a NAT (RFC 3581), whatever the registrar makes of its Contact: its doors come from another address
 * than its own.
 */
export function describeNat(get: () => Harness): void {
  const clients: TestClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  test("a device behind a NAT stays registered, once, and is reached by messages and presence", async () => {
    const harness = get();
    const [door, account] = [await harness.door(), await harness.newAccount()];
    const alice = openClient(harness, account, door.settings);
    const bob = openClient(harness, await harness.newAccount());
    clients.push(alice, bob);
    await Promise.all([alice.signIn(), bob.signIn()]);
    const raw = await RawDevice.connect(harness.cleartext?.port ?? 0, account);
    try {
      // What it registered before it was told how it is seen is taken back.
      await expect.poll(() => raw.bindings()).toHaveLength(1);
      await befriend(alice, bob);
      await bob.say(alice.address, "there");
      await alice.message(({ body }) => body === "there");
      await alice.say(bob.address, "and back");
      await bob.message(({ body }) => body === "and back");
      await bob.connection.presence.set({ availability: "busy", status: "later" });
      await alice.event("presence", ({ presence }) => presence.status === "later");
      expect(await raw.bindings()).toHaveLength(1);
    } finally {
      raw.close();
    }
  });
}
