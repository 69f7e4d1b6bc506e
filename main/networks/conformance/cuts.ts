import { randomInt, randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { openClient, patience, type TestClient } from "./client.ts";
import type { Harness } from "./harness.ts";

const cuts = 100;
/** A message to the server and its answer take about this long; the cut falls somewhere in it, in milliseconds. */
const longestDelay = 12;

/** A message, as often as it has to be said. */
interface Own {
  readonly id: string;
  readonly body: string;
}

/**
 * A hundred connections that are cut while messages go both ways. It takes real servers and is no part of every suite,
 * for it is long.
 */
export function describeCuts(get: () => Harness): void {
  const clients: TestClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  describe("a connection that is cut a hundred times, at any moment", () => {
    test("loses nothing and doubles nothing, either way", async () => {
      const harness = get();
      const door = await harness.door();
      const alice = openClient(harness, await harness.newAccount(), door.settings);
      const bob = openClient(harness, await harness.newAccount());
      clients.push(alice, bob);
      await alice.signIn();
      await bob.signIn();
      const own: Own[] = [];
      const theirs: Own[] = [];
      for (let cut = 0; cut < cuts; cut++) {
        const since = alice.now();
        const many = randomInt(1, 3);
        for (let n = 0; n < many; n++) {
          const message = { id: randomUUID(), body: `own ${own.length}` };
          own.push(message);
          void hand(alice, bob, message);
          const answer = { id: randomUUID(), body: `theirs ${theirs.length}` };
          theirs.push(answer);
          void hand(bob, alice, answer);
        }
        await setTimeout(randomInt(0, longestDelay));
        door.cut();
        await alice.event("connection-lost", () => true, since);
        await alice.signIn();
        for (const message of own.slice(-10)) if (isOpen(alice, message)) await hand(alice, bob, message);
      }
      await until(async () => {
        const open = own.filter((message) => isOpen(alice, message));
        for (const message of open) await hand(alice, bob, message);
        return open.length === 0;
      });
      await expect.poll(() => missing(alice, bob, own)).toEqual([]);
      await expect.poll(() => missing(bob, alice, theirs)).toEqual([]);
      expect(bodies(bob)).toEqual(own.map(({ body }) => body).sort());
      expect(bodies(alice)).toEqual(theirs.map(({ body }) => body).sort());
    }, 240_000);
  });
}

/**
 * Gives a message to the network. Where the connection has just gone nothing was sent, and it is given again later
 * under the same id.
 */
async function hand(from: TestClient, to: TestClient, { id, body }: Own): Promise<void> {
  await from.say(to.address, body, { id }).catch(() => undefined);
}

/** Whether the server is not known to have it, as main/accounts decides. */
function isOpen(client: TestClient, { id }: Own): boolean {
  const last = client.events.findLast((event) => event.type === "delivery" && event.id === id);
  return last?.type !== "delivery" || last.state === "waiting";
}

/** Messages that have not arrived, each with what the sender was told of it. */
function missing(from: TestClient, to: TestClient, said: readonly Own[]): string[] {
  const came = new Set(to.messages().map(({ body }) => body));
  return said
    .filter(({ body }) => !came.has(body))
    .map(({ id, body }) => {
      const told = from.events.findLast((event) => event.type === "delivery" && event.id === id);
      return `${body}: ${told?.type === "delivery" ? (told.error?.code ?? told.state) : "nothing"}`;
    });
}

function bodies(client: TestClient): string[] {
  return client
    .messages()
    .map(({ body }) => body)
    .sort();
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patience; !(await done()); await setTimeout(100))
    if (Date.now() > end) throw new Error("some were never taken");
}
