import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { MessageChange } from "../facets/messages.ts";
import { archived } from "./archived.ts";
import { newInstallation, openClient, type TestClient } from "./client.ts";
import type { Harness, TestAccount } from "./harness.ts";

/** Messages that are corrected and taken back, where the network has that; where it has not, it does not say so. */
export function describeChanges(get: () => Harness): void {
  const clients: TestClient[] = [];
  const opened = (account: TestAccount): TestClient => {
    const client = openClient(get(), account, get().settings("good"), newInstallation());
    clients.push(client);
    return client;
  };
  const signedIn = async (account?: TestAccount): Promise<TestClient> => {
    const client = opened(account ?? (await get().newAccount()));
    await client.signIn();
    return client;
  };
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  const knowsThem = ({ connection }: TestClient): boolean => {
    const { correct, retract } = connection.messages;
    // Who has one of the two has both.
    expect(correct === undefined).toBe(retract === undefined);
    return correct !== undefined;
  };
  const correct = async (from: TestClient, to: TestClient, targetId: string, body: string): Promise<string> => {
    const id = randomUUID();
    await from.connection.messages.correct?.({ id, to: to.address, targetId, body, at: Date.now() });
    return id;
  };
  const retract = async (from: TestClient, to: TestClient, targetId: string): Promise<string> => {
    const id = randomUUID();
    await from.connection.messages.retract?.({
      id,
      to: to.address,
      targetId,
      at: Date.now(),
      fallback: "took a message back",
    });
    return id;
  };
  const changeOf = async (client: TestClient, id: string): Promise<MessageChange> =>
    (await client.event("change", ({ change }) => change.id === id)).change;

  describe("changes", () => {
    test("reach the other side as changes of the message, not as messages, and are reported as sent", async () => {
      const [alice, bob] = [await signedIn(), await signedIn()];
      if (!knowsThem(alice)) return;
      const first = await alice.say(bob.address, "light through yonder airlock");
      await bob.message((message) => message.id === first);
      const better = await correct(alice, bob, first, "light through yonder <window> ✓");
      expect(await changeOf(bob, better)).toMatchObject({
        kind: "correction",
        peer: alice.address,
        direction: "in",
        targetId: first,
        body: "light through yonder <window> ✓",
        via: "live",
      });
      await alice.event("delivery", (event) => event.id === better && event.state === "sent");
      const gone = await retract(alice, bob, first);
      expect(await changeOf(bob, gone)).toMatchObject({
        kind: "retraction",
        peer: alice.address,
        direction: "in",
        targetId: first,
      });
      await alice.event("delivery", (event) => event.id === gone && event.state === "sent");
      expect(bob.messages().map(({ body }) => body)).toEqual(["light through yonder airlock"]);
    });

    test("from another own device come as own", async () => {
      const harness = get();
      const [alice, account] = [await signedIn(), await harness.newAccount()];
      const [desk, phone] = [await signedIn(account), await signedIn(account)];
      if (!knowsThem(alice)) return;
      const first = await desk.say(alice.address, "tpyo");
      await phone.message((message) => message.id === first);
      const better = await correct(phone, alice, first, "typo");
      expect(await changeOf(desk, better)).toMatchObject({
        kind: "correction",
        peer: alice.address,
        direction: "out",
        targetId: first,
        via: "carbon",
      });
      expect(await changeOf(alice, better)).toMatchObject({ direction: "in", targetId: first, body: "typo" });
      const gone = await retract(desk, alice, first);
      expect(await changeOf(phone, gone)).toMatchObject({
        kind: "retraction",
        direction: "out",
        targetId: first,
        via: "carbon",
      });
    });

    test("are in the archive, after what they change, from both sides", async () => {
      const harness = get();
      const [alice, account] = [await signedIn(), await harness.newAccount()];
      const bob = await signedIn(account);
      if (!knowsThem(alice)) return;
      const one = await alice.say(bob.address, "one");
      await bob.message((message) => message.id === one);
      const two = await bob.say(alice.address, "two");
      await alice.message((message) => message.id === two);
      const ids = [await correct(alice, bob, one, "uno"), await retract(alice, bob, one)];
      for (const id of ids) await changeOf(bob, id);
      ids.push(await correct(bob, alice, two, "due"));
      for (const id of ids.slice(2)) await changeOf(alice, id);
      await expect.poll(() => archived(bob)).toMatchObject({ bodies: ["one", "two"], changes: ids.length });
      const later = await signedIn(account);
      for (const id of ids) await changeOf(later, id);
      const told = later.events.flatMap((event) =>
        event.type === "change"
          ? [[event.change.kind, event.change.direction, event.change.targetId, event.change.via]]
          : [],
      );
      expect(told).toEqual([
        ["correction", "in", one, "archive"],
        ["retraction", "in", one, "archive"],
        ["correction", "out", two, "archive"],
      ]);
      expect(later.messages().map(({ body }) => body)).toEqual(["one", "two"]);
    });
  });
}
