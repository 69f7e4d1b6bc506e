import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { maxBodyLength } from "../../../shared/model/message.ts";
import type { ArchiveMark } from "../facets/archive.ts";
import { archived } from "./archived.ts";
import { newInstallation, patience } from "./client.ts";
import type { Harness } from "./harness.ts";
import { openedClients } from "./opened-clients.ts";
import { settled } from "./settled.ts";

const bodies: readonly (readonly [string, string])[] = [
  ["plain words", "Good morning"],
  ["emoji and other 4-byte characters", "👩🏽‍🚀 𝄞 𠜎 ✓"],
  ["other scripts, composed and decomposed", "Zażółć gęślą jaźń · e\u0301 · مرحبا · 日本語"],
  ["newlines and tabs", "one\ntwo\n\n\tfour"],
  ["XML specials", `<b>&amp; "quotes" 'too' ]]> <!-- --> &#0;`],
  ["what looks like headers", "Content-Type: text/html\r\n\r\nContent-Length: 0".replaceAll("\r\n", "\n")],
  ["10 kB", "lorem ipsum ✓ ".repeat(700)],
];

/** Messages both ways, their states, typing and receipts. */
export function describeMessages(get: () => Harness): void {
  const { opened, signedIn } = openedClients(get);

  describe("messages", () => {
    test("arrive whole both ways, whatever is in them", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      for (const [from, to] of [[alice, bob] as const, [bob, alice] as const]) {
        for (const [what, body] of bodies) {
          const id = await from.say(to.address, body);
          const message = await to.message((candidate) => candidate.id === id);
          expect(message, what).toMatchObject({ peer: from.address, direction: "in", body, delayed: false });
        }
      }
    });

    test("the longest that the model allows arrives, or is refused with a code", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      const [body, id] = ["x".repeat(maxBodyLength), randomUUID()];
      const { failure } = await settled(alice, id, () => alice.say(bob.address, body, { id }));
      if (failure !== undefined) expect(["too-large", "message-too-long"]).toContain(failure);
      else expect((await bob.message((message) => message.id === id)).body).toHaveLength(body.length);
      await alice.say(bob.address, "still here");
      await bob.message((message) => message.body === "still here");
    });

    test("stay in order", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
      for (const line of lines) await alice.say(bob.address, line);
      await bob.message((message) => message.body === "line 29");
      for (const line of lines) await bob.message((message) => message.body === line);
      expect(bob.messages().map((message) => message.body)).toEqual(lines);
    });

    test("are reported as sent once the server has them", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      const id = await alice.say(bob.address, "on its way");
      const { peer } = await alice.event("delivery", (event) => event.id === id && event.state === "sent");
      expect(peer).toBe(bob.address);
    });

    test("to nobody fail with a code", async () => {
      const alice = await signedIn();
      const id = await alice.say(get().unknownAddress(), "anybody there?");
      const { error } = await alice.event("delivery", (event) => event.id === id && event.state === "failed");
      expect(["recipient-unknown", "recipient-unreachable"]).toContain(error?.code);
    });

    test("with the same id are the same message", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      const id = await alice.say(bob.address, "once");
      await alice.say(bob.address, "once", { id });
      await alice.say(bob.address, "then");
      await bob.message((message) => message.body === "then");
      expect(bob.messages().map((message) => message.body)).toEqual(["once", "then"]);
    });

    test("typing is seen, and ends", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      if (!alice.connection.messages.sendTyping) throw new Error("typing is no option: both networks have it");
      // some networks only tell those who have talked
      await alice.say(bob.address, "hello");
      await bob.message((message) => message.body === "hello");
      await bob.say(alice.address, "hello yourself");
      await alice.message((message) => message.body === "hello yourself");
      alice.connection.messages.sendTyping(bob.address, true);
      await bob.event("typing", (event) => event.peer === alice.address && event.active);
      alice.connection.messages.sendTyping(bob.address, false);
      await bob.event("typing", (event) => event.peer === alice.address && !event.active);
    });

    test("receipts: delivered and read, for who asked", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      if (!alice.connection.messages.sendReceipt) throw new Error("receipts are no option: both networks have them");
      // lets each side know what the other understands
      const first = await bob.say(alice.address, "hello", { wantReceipts: true });
      await alice.message((message) => message.id === first);
      const id = await alice.say(bob.address, "tell me", { wantReceipts: true });
      const message = await bob.message((candidate) => candidate.id === id);
      expect(message.wantsDelivered).toBe(true);
      bob.connection.messages.sendReceipt?.({ to: alice.address, messageId: id, kind: "delivered" });
      await alice.event("delivery", (event) => event.id === id && event.state === "delivered");
      if (message.wantsRead) {
        bob.connection.messages.sendReceipt?.({ to: alice.address, messageId: id, kind: "read" });
        // Where markers say so it is true of all before it, too.
        if (get().readsUpTo) await alice.event("read-up-to", (event) => event.id === id && event.peer === bob.address);
        else await alice.event("delivery", (event) => event.id === id && event.state === "read");
      }
      const unasked = await alice.say(bob.address, "do not tell me", { wantReceipts: false });
      expect((await bob.message((candidate) => candidate.id === unasked)).wantsDelivered).toBe(false);
    });
  });

  describe("archive", () => {
    test("is read from where one left off, oldest first, own messages too", async () => {
      const harness = get();
      const [alice, account] = [await signedIn(), await harness.newAccount()];
      const installation = newInstallation();
      const bob = opened(account, installation);
      await bob.signIn();
      if (!bob.connection.archive) return;
      for (const [from, to, body] of [
        [alice, bob, "one"],
        [bob, alice, "two"],
        [alice, bob, "three"],
      ] as const) {
        await from.say(to.address, body);
        await to.message((message) => message.body === body);
      }
      await expect.poll(() => archived(bob)).toMatchObject({ bodies: ["one", "two", "three"] });
      const elsewhere = opened(account);
      await elsewhere.signIn();
      const lines = elsewhere.messages().filter((message) => message.via === "archive");
      expect(lines.map(({ body, direction }) => `${direction} ${body}`)).toEqual(["in one", "out two", "in three"]);
      expect(new Set(lines.map((message) => message.peer))).toEqual(new Set([alice.address]));
      expect(lines.every((message) => message.archiveId !== undefined && message.at !== undefined)).toBe(true);
      const again = opened(account);
      await again.signIn();
      let mark: ArchiveMark | undefined;
      await again.connection.archive?.catchUp(
        undefined,
        async (page) => void (mark = page.mark),
        AbortSignal.timeout(patience),
      );
      expect(mark).toBeDefined();
      await alice.say(bob.address, "four");
      await bob.message((message) => message.body === "four");
      await expect.poll(() => archived(again, mark)).toMatchObject({ bodies: ["four"] });
    });
  });

  describe("two devices", () => {
    test("both get what comes in; what one sends, the other shows as own", async () => {
      const harness = get();
      const [alice, account] = [await signedIn(), await harness.newAccount()];
      const [desk, phone] = [opened(account), opened(account)];
      await desk.signIn();
      await phone.signIn();
      const toBoth = await alice.say(account.address, "to both of you");
      await Promise.all([
        desk.message((message) => message.id === toBoth),
        phone.message((message) => message.id === toBoth),
      ]);
      if (!harness.copies) return;
      const id = await desk.say(alice.address, "from the desk");
      const copy = await phone.message((message) => message.id === id);
      expect(copy).toMatchObject({ peer: alice.address, direction: "out", via: "carbon", body: "from the desk" });
      expect(desk.messages().some((message) => message.id === id)).toBe(false);
    });

    test("a message to oneself is no error", async () => {
      const alice = await signedIn();
      const id = randomUUID();
      await alice.say(alice.address, "note to self", { id });
      await alice.event("delivery", (event) => event.id === id && event.state === "sent");
    });
  });
}
