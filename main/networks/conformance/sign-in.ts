import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../shared/errors.ts";
import type { ServerSettings } from "../../../shared/model/account.ts";
import { openClient, patience, type TestClient, testEnvironment } from "./client.ts";
import type { Harness } from "./harness.ts";

/** Reaching a server, knowing who it is, and proving who we are. */
export function describeSignIn(get: () => Harness): void {
  describe("sign-in", () => {
    const clients: TestClient[] = [];
    const open = async (server?: ServerSettings): Promise<TestClient> => {
      const harness = get();
      const client = openClient(harness, await harness.newAccount(), server);
      clients.push(client);
      return client;
    };
    const closeAll = (): void => {
      for (const client of clients.splice(0)) client.connection.close();
    };
    const refusal = async (client: TestClient, code: ErrorCode): Promise<void> => {
      await expect(client.signIn()).rejects.toMatchObject({ name: "HallwayError", code });
    };
    const testThen = (name: string, body: () => Promise<void>): void => {
      test(name, async () => {
        try {
          await body();
        } finally {
          closeAll();
        }
      });
    };

    testThen("signs in over TLS with a private authority that it was told of", async () => {
      const client = await open();
      const { security, resumed, endpoint } = await client.signIn();
      expect(security).toMatch(/^TLSv1\.[23]/);
      expect(resumed).toBe(false);
      expect(endpoint.port).toBe(get().settings("good").port);
      await client.connection.disconnect();
    });

    testThen("finds the server by DNS", async () => {
      const client = await open(get().discovered);
      const { endpoint } = await client.signIn();
      expect(endpoint.host).not.toBe("");
      await client.connection.disconnect();
    });

    testThen("says what DNS says, best first, and nothing for a domain that says nothing", async () => {
      const harness = get();
      const network = harness.createNetwork(testEnvironment(harness, new Map()));
      const { address } = await harness.newAccount();
      const found = await network.discover(address, {}, AbortSignal.timeout(patience));
      expect(found.length).toBeGreaterThan(0);
      await expect(network.discover("somebody@silent.test", {}, AbortSignal.timeout(patience))).resolves.toEqual([]);
      await expect(network.discover("somebody@nowhere.test", {}, AbortSignal.timeout(patience))).rejects.toMatchObject({
        code: "unknown-host",
      });
    });

    testThen("wrong password, and then the right one on the same connection", async () => {
      const harness = get();
      const account = await harness.newAccount();
      const client = openClient(harness, account);
      clients.push(client);
      client.setPassword("wrong at first");
      await refusal(client, "wrong-password");
      client.setPassword(account.password);
      await client.signIn();
    });

    testThen("no password stored", async () => {
      const client = await open();
      client.setPassword(undefined);
      await refusal(client, "password-needed");
    });

    testThen("unknown host", async () => {
      await refusal(await open({ ...get().settings("good"), host: "nowhere.test" }), "unknown-host");
    });

    testThen("refused connection", async () => {
      const door = await get().door();
      await door.refuse();
      await refusal(await open(door.settings), "connection-refused");
    });

    testThen("a certificate by an authority that nobody told us of", async () => {
      await refusal(await open(get().settings("good", false)), "certificate-untrusted");
      await refusal(await open(get().settings("untrusted")), "certificate-untrusted");
    });

    testThen("a certificate for somebody else", async () => {
      await refusal(await open(get().settings("wrong-name")), "certificate-wrong-name");
    });

    testThen("a certificate out of date", async () => {
      await refusal(await open(get().settings("expired")), "certificate-expired");
    });

    testThen("a pinned key: the right one passes, another does not", async () => {
      const harness = get();
      const right = await open({ ...harness.settings("good"), pins: [harness.pin] });
      // What policy's pins are held against while a connection stands, over each transport.
      expect((await right.signIn()).proof?.key).toBe(harness.pin);
      await refusal(
        await open({ ...harness.settings("good"), pins: [Buffer.alloc(32).toString("base64")] }),
        "certificate-pin-mismatch",
      );
    });

    testThen("never without encryption", async () => {
      const { cleartext } = get();
      if (cleartext) await refusal(await open(cleartext), "tls-required");
    });

    testThen("can be cancelled while a server says nothing", async () => {
      const door = await get().door();
      door.blackhole();
      const client = await open(door.settings);
      const abort = new AbortController();
      const attempt = client.connection.connect({ availability: "available" }, abort.signal);
      const outcome = expect(attempt).rejects.toMatchObject({ code: "cancelled" });
      setTimeout(() => abort.abort(), 100);
      await outcome;
      await door.restore();
      await client.signIn();
    });

    testThen("a client that is not signed in sends nothing", async () => {
      const client = await open();
      await expect(client.say(get().unknownAddress(), "hello")).rejects.toMatchObject({ code: "offline" });
    });
  });
}
