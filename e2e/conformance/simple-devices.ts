import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness, TestAccount } from "../../main/networks/conformance/harness.ts";
import { parseNameAddress } from "../../main/networks/simple/wire/message.ts";
import { RawDevice } from "./raw-device.ts";
import { openTapped, type TappedClient } from "./simple-tapped.ts";

/** Devices that a test opens; closed after it. */
interface Devices {
  readonly raw: (account: TestAccount) => Promise<RawDevice>;
  readonly signedIn: (account: TestAccount) => Promise<TestClient>;
  readonly overheard: (account: TestAccount) => Promise<TappedClient>;
}

function devices(get: () => Harness): Devices {
  const endings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0)) await end();
  });
  return {
    async raw(account) {
      const device = await RawDevice.connect(get().cleartext?.port ?? 0, account);
      endings.push(() => device.close());
      return device;
    },
    async signedIn(account) {
      const client = openClient(get(), account);
      endings.push(() => client.connection.close());
      await client.signIn();
      return client;
    },
    async overheard(account) {
      const tapped = await openTapped(get(), account);
      endings.push(tapped.close);
      return tapped;
    },
  };
}

/** A proxy that forks a request to two bindings which lead to the same device (RFC 3261 section 8.2.2.2). */
export function describeMerging(get: () => Harness): void {
  const { raw, overheard } = devices(get);

  test("a message that comes over two bindings at once, or once more later, is shown once (482)", async () => {
    const [account, sender] = [await get().newAccount(), await raw(await get().newAccount())];
    const { client: alice, door, toClient } = await overheard(account);
    const copies = (): number => toClient.join("").split("\r\n\r\ntwice").length - 1;
    await alice.signIn();
    const registrar = await raw(account);
    await expect.poll(() => registrar.bindings()).toHaveLength(1);
    const [own = ""] = await registrar.bindings();
    expect(await registrar.bindings(`<${parseNameAddress(own).uri};second>`)).toHaveLength(2);
    // No Message-ID, by which Hallway knows its own.
    const uri = `sip:${account.address}`;
    const twice = { method: "MESSAGE", uri, body: "twice", callId: randomUUID(), cseq: 1 };
    expect((await sender.send(twice)).status).toBe(200);
    await alice.message(({ body }) => body === "twice");
    await expect.poll(copies).toBe(2);
    await sender.send(twice);
    await expect.poll(copies).toBeGreaterThan(2);
    // As one that was on its way when the connection was lost, and is sent again over the next one.
    const before = copies();
    door.cut();
    await alice.event("connection-lost");
    await alice.signIn();
    await sender.send(twice);
    await expect.poll(copies).toBeGreaterThan(before);
    await sender.send({ method: "MESSAGE", uri, body: "then" });
    await alice.message(({ body }) => body === "then");
    expect(alice.messages().map(({ body }) => body)).toEqual(["twice", "then"]);
  });
}

/** A person whose devices do not all take envelopes (RFC 3862). */
export function describePlainDevice(get: () => Harness): void {
  const { raw, signedIn } = devices(get);

  test("what is said to somebody with an envelope device and a plain one is shown by both", async () => {
    const account = await get().newAccount();
    const [alice, desk, phone] = [
      await signedIn(await get().newAccount()),
      await signedIn(account),
      await raw(account),
    ];
    await phone.bindings(phone.contact);
    await desk.say(alice.address, "from the desk", { wantReceipts: true });
    await alice.message(({ body }) => body === "from the desk");
    const enveloped = await alice.say(account.address, "to the desk", { wantReceipts: true });
    expect((await desk.message(({ id }) => id === enveloped)).wantsDelivered).toBe(true);
    const lines = ["User-Agent: Phone 1.0"];
    await phone.send({ method: "MESSAGE", uri: `sip:${alice.address}`, lines, body: "from the phone" });
    await alice.message(({ body }) => body === "from the phone");
    await alice.say(account.address, "to both", { wantReceipts: true });
    await desk.message(({ body }) => body === "to both");
    await expect.poll(() => phone.taken.map(({ body }) => Buffer.from(body).toString())).toContain("to both");
  });
}
