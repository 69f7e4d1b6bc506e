import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { openClient, patience, type TestClient } from "./client.ts";
import type { Harness } from "./harness.ts";
import { rounds, timeFor } from "./rounds.ts";

/** Cuts where nothing else is said. */
const usual = 100;
/** A message to the server and its answer take about this long; the cut falls somewhere in it, in milliseconds. */
const longestDelay = 12;
/** Longest time that the cuts may take where HALLWAY_TIMES asks for no more, in milliseconds. */
const longest = 240_000;

/** A message, as often as it has to be said. */
interface Own {
  readonly id: string;
  readonly body: string;
}

/**
 * Connections that are cut while messages go both ways. It takes real servers and is no part of every suite, for it is
 * long. `cuts`: as many, unless HALLWAY_TIMES says otherwise.
 */
export function describeCuts(name: string, get: () => Harness, cuts = usual): void {
  const clients: TestClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });

  const cutAgainAndAgain = async (): Promise<void> => {
    const harness = get();
    const { count, between } = rounds(cuts);
    const door = await harness.door();
    const alice = openClient(harness, await harness.newAccount(), door.settings);
    const bob = openClient(harness, await harness.newAccount());
    clients.push(alice, bob);
    await alice.signIn();
    await bob.signIn();
    const own: Own[] = [];
    const theirs: Own[] = [];
    const answer = (): Own => {
      const message = { id: randomUUID(), body: `theirs ${theirs.length}` };
      theirs.push(message);
      return message;
    };
    for (let cut = 0; cut < count; cut++) {
      // Where nothing is kept, the sender of a message whose answer is cut off is told so, by some after half a minute.
      if (!harness.keepsMessages) await arrive(bob, alice, [answer(), answer(), answer()]);
      const since = alice.now();
      for (let many = between(1, 3); many > 0; many--) {
        const message = { id: randomUUID(), body: `own ${own.length}` };
        own.push(message);
        void hand(alice, bob, message);
        if (harness.keepsMessages) void hand(bob, alice, answer());
      }
      await setTimeout(between(0, longestDelay));
      door.cut();
      await alice.event("connection-lost", () => true, since);
      await alice.signIn();
      for (const message of own) if (isOpen(alice, message)) await hand(alice, bob, message);
    }
    await until(async () => {
      const open = own.filter((message) => isOpen(alice, message));
      for (const message of open) await hand(alice, bob, message);
      return open.length === 0;
    });
    await expect.poll(() => missing(alice, bob, own)).toEqual([]);
    await expect.poll(() => missing(bob, alice, theirs)).toEqual([]);
    expect(bodies(bob)).toEqual(said(own));
    expect(bodies(alice, harness.handsOverInOrder)).toEqual(said(theirs, harness.handsOverInOrder));
  };

  describe(`${name}: a connection that is cut again and again, at any moment`, () => {
    test("loses nothing, doubles nothing and keeps the order, either way", cutAgainAndAgain, timeFor(cuts, longest));
  });
}

/**
 * Gives a message to the network. Where the connection has just gone nothing was sent, and it is given again later
 * under the same id.
 */
async function hand(from: TestClient, to: TestClient, { id, body }: Own): Promise<void> {
  await from.say(to.address, body, { id }).catch(() => undefined);
}

async function arrive(from: TestClient, to: TestClient, messages: readonly Own[]): Promise<void> {
  for (const { id, body } of messages) await from.say(to.address, body, { id });
  for (const { id } of messages) await from.event("delivery", (event) => event.id === id && event.state === "sent");
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

function bodies(client: TestClient, inOrder = true): string[] {
  return said(client.messages(), inOrder);
}

function said(messages: readonly Pick<Own, "body">[], inOrder = true): string[] {
  const all = messages.map(({ body }) => body);
  return inOrder ? all : all.sort();
}

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patience; !(await done()); await setTimeout(100))
    if (Date.now() > end) throw new Error("some were never taken");
}
