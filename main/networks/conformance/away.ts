import { describe, expect, test } from "vitest";
import { newInstallation, type TestClient } from "./client.ts";
import type { Harness, TestAccount } from "./harness.ts";
import { openedClients } from "./opened-clients.ts";

/** Suite for messages sent while one is away: they wait, and arrive as they were said. */
export function describeAway(get: () => Harness): void {
  const { opened, signedIn } = openedClients(get);

  /** A server that keeps nothing says so of each message. */
  const toldTheSender = async (alice: TestClient, away: TestAccount): Promise<void> => {
    const id = await alice.say(away.address, "for later");
    const { error } = await alice.event("delivery", (event) => event.id === id && event.state === "failed");
    expect(["recipient-unknown", "recipient-unreachable"]).toContain(error?.code);
  };

  describe("while away", () => {
    test("messages wait, arrive with the time they were said, once, in order, or the sender is told", async () => {
      const harness = get();
      if (!harness.keepsMessages) return toldTheSender(await signedIn(), await harness.newAccount());
      const [alice, account] = [await signedIn(), await harness.newAccount()];
      const installation = newInstallation();
      const before = opened(account, installation);
      await before.signIn();
      // each learns that the other understands receipts, which may change how the next ones are wrapped
      await before.say(alice.address, "hello", { wantReceipts: true });
      await alice.message((message) => message.body === "hello");
      await alice.say(account.address, "before", { wantReceipts: true });
      await before.message((message) => message.body === "before");
      await before.connection.disconnect();
      before.connection.close();
      const start = Date.now();
      for (const line of ["first", "second <&> ✓", "third"]) {
        const id = await alice.say(account.address, line, { wantReceipts: line !== "first" });
        await alice.event("delivery", (event) => event.id === id && event.state === "sent");
      }
      const end = Date.now();
      // Long enough that a time of arrival is no time of saying.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const later = opened(account, installation);
      await later.signIn();
      const third = await later.message((message) => message.body === "third");
      expect(
        later
          .messages()
          .map((message) => message.body)
          .filter((body) => body !== "before" && body !== "hello"),
      ).toEqual(["first", "second <&> ✓", "third"]);
      expect(third.delayed).toBe(true);
      expect(third.at).toBeGreaterThanOrEqual(start - 1_500);
      expect(third.at).toBeLessThan(end + 1_500);
    });

    test("a message stamped with an earlier time arrives with that time", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      const at = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
      const id = await alice.say(bob.address, "typed while offline", { at });
      const message = await bob.message((candidate) => candidate.id === id);
      expect(message.at).toBe(at);
    });
  });
}
