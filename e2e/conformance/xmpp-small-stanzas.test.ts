import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestClient } from "../../main/networks/conformance/client.ts";
import { createXmppStage, type XmppStage } from "./xmpp-stage.ts";

let stage: XmppStage;
beforeAll(async () => {
  stage = await createXmppStage();
});
afterAll(() => stage.stop());

/**
 * Sends as main/accounts does: in order, and after a loss what waits once more, unless the archive has it. Answers how
 * many streams were lost.
 */
async function insist(client: TestClient, to: string, bodies: ReadonlyMap<string, string>): Promise<number> {
  const isDecided = (id: string): boolean =>
    client.events.some(
      (event) =>
        (event.type === "delivery" && event.id === id && event.state !== "waiting") ||
        (event.type === "message" && event.message.via === "archive" && event.message.id === id),
    );
  for (let losses = 0; losses < 10; losses += 1) {
    const since = client.now();
    const isLost = (): boolean => client.events.slice(since).some(({ type }) => type === "connection-lost");
    for (const [id, body] of bodies)
      if (!isLost() && !isDecided(id)) await client.say(to, body, { id }).catch(() => undefined);
    await expect.poll(() => isLost() || [...bodies.keys()].every(isDecided)).toBe(true);
    if (!isLost()) return losses;
    await client.signIn();
  }
  return 10;
}

test("a server that takes less than usual, and does not say so, costs the message that is too long for it and nothing else", async () => {
  const server = await stage.server({ stanzaLimit: 40_000 });
  const [alice, bob] = [await stage.client(server), await stage.client(server)];
  await Promise.all([alice.signIn(), bob.signIn()]);
  const ids = ["first", "too long", "third", "fourth"].map(
    (what) => [randomUUID(), what === "too long" ? "x".repeat(50_000) : what] as const,
  );
  // Prosody closes while more is coming: where the reset overtakes its words, the stream ended without a word once.
  expect(await insist(alice, bob.address, new Map(ids))).toBeLessThanOrEqual(3);
  const states = (id: string | undefined): readonly string[] =>
    alice.events.flatMap((event) =>
      event.type === "delivery" && event.id === id ? [event.error?.code ?? event.state] : [],
    );
  expect(states(ids[1]?.[0]).at(-1)).toBe("too-large");
  for (const [id, body] of ids) if (body.length < 100) await bob.message((message) => message.id === id);
  // What is as long is not even sent.
  await expect(alice.say(bob.address, "y".repeat(50_000))).rejects.toMatchObject({ code: "too-large" });
  const last = await alice.say(bob.address, "y".repeat(30_000));
  await bob.message((message) => message.id === last);
});
