import { describe, expect, test } from "vitest";
import { befriend } from "./client.ts";
import type { Harness } from "./harness.ts";
import { openedClients } from "./opened-clients.ts";

/**
 * Suite for blocking: a blocked person sees nothing any more, and all devices of the account know it, where the network
 * has a list of its own.
 */
export function describeBlocking(get: () => Harness): void {
  describe("blocking", () => {
    const { opened, signedIn } = openedClients(get);

    test("a blocked contact sees nothing any more where the server keeps them away, and sees again once unblocked", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await befriend(alice, bob);
      await alice.connection.blocking?.block(bob.address);
      const since = bob.now();
      await alice.connection.presence.set({ availability: "away", status: "not for you" });
      await alice.connection.presence.set({ availability: "available", status: "for you" });
      await alice.connection.blocking?.unblock(bob.address);
      await bob.event(
        "presence",
        ({ address, presence }) => address === alice.address && presence.status === "for you",
        since,
      );
      const seen = bob.events
        .slice(since)
        .flatMap((event) =>
          event.type === "presence" && event.address === alice.address ? [event.presence.status] : [],
        );
      // A SIP server without rules of its own shows everybody to everybody.
      if (alice.connection.blocking?.everyDevice === true) expect(seen).not.toContain("not for you");
      else expect(seen.at(-1)).toBe("for you");
    });

    test("every device of the account knows who is blocked, and who no longer; each at once, and at its next sign-in", async () => {
      const account = await get().newAccount();
      const [first, second, bob] = [opened(account), opened(account), await signedIn()];
      for (const client of [first, second]) await client.signIn();
      if (first.connection.blocking?.everyDevice !== true) {
        await first.connection.blocking?.block(bob.address);
        expect(first.events.filter(({ type }) => type === "block-list" || type === "block-changed")).toEqual([]);
        return;
      }
      expect((await first.event("block-list")).addresses).toEqual([]);
      await second.event("block-list");
      await first.connection.blocking?.block(bob.address);
      await second.event("block-changed", ({ addresses, isBlocked }) => isBlocked && addresses.join() === bob.address);
      await second.connection.disconnect();
      const before = second.now();
      await second.signIn();
      expect((await second.event("block-list", undefined, before)).addresses).toEqual([bob.address]);
      await second.connection.blocking?.unblock(bob.address);
      await first.event("block-changed", ({ addresses, isBlocked }) => !isBlocked && addresses.join() === bob.address);
      // Not there any more is as good as unblocked.
      await first.connection.blocking?.unblock(bob.address);
    });

    test("what a blocked person says does not arrive where the server keeps them away; elsewhere it is for main/enforcement to drop", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      await alice.connection.blocking?.block(bob.address);
      const isKeptAway = alice.connection.blocking?.everyDevice === true;
      const unheard = await bob.say(alice.address, "unheard");
      if (isKeptAway) await bob.event("delivery", ({ id, state }) => id === unheard && state === "failed");
      else await alice.message(({ id }) => id === unheard);
      await alice.connection.blocking?.unblock(bob.address);
      await bob.say(alice.address, "heard");
      await alice.message(({ body }) => body === "heard");
      expect(alice.messages().map(({ body }) => body)).toEqual(isKeptAway ? ["heard"] : ["unheard", "heard"]);
    });
  });
}
