import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test, vi } from "vitest";
import { inlineSaslprep } from "../../build/inline-saslprep.ts";
import { createKilledProgram, type KilledProgram } from "../../main/history/killed-program.test-helper.ts";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { rounds, timeFor } from "../../main/networks/conformance/rounds.ts";
import type { MessengerOrders } from "../peers/killed-messenger-peer.ts";
import { storeStage } from "../peers/receive-stages.ts";

/** Stages of receiving; the program dies before each of them and after the last. */
const receiveStages = 9;
/** Stages up to the queue, four of them before anything is stored, and from the queue to the network. */
const toQueueStages = 5;
const toNetworkStages = 2;
/**
 * Milliseconds before a death around storing, longer than it takes until a mark in the server's archive is written
 * (`heard.ts`): one that moved too early is on disk by then.
 */
const markIsWritten = 800;
const oneSignIn = { timeout: 20_000, interval: 50 };
const severalSignIns = { timeout: 150_000, interval: 50 };
const patience = { timeout: 60_000, interval: 50 };

/** Longest time from the stage before a death to the death in rounds beyond the usual ones, in milliseconds. */
const longestPause = 60;
/** Time that the usual deaths may take, in milliseconds. */
const longest = 400_000;

/** Place in the lists of stages where the program dies. */
interface Death {
  readonly list: "receive" | "to-queue" | "to-network";
  readonly index: number;
  /** Milliseconds after the stage before it. */
  readonly after: number;
}

/** A message of the friend's. */
interface Said {
  readonly id: string;
  readonly body: string;
  /** Number of the friend's events when it was last said. */
  since: number;
}

interface Run extends KilledProgram {
  ready: boolean;
  bodies: readonly string[];
}

/** Every place, received messages first. */
const everyDeath: readonly Death[] = [
  ...places(receiveStages + 1).map((index) => ({
    list: "receive" as const,
    index,
    after: index === storeStage || index === storeStage + 1 ? markIsWritten : 0,
  })),
  ...places(toQueueStages).map((index) => ({ list: "to-queue" as const, index, after: 0 })),
  ...places(toNetworkStages + 1).map((index) => ({ list: "to-network" as const, index, after: 0 })),
];

/**
 * Kill tests around every stage of sending and receiving, over a real server. With HALLWAY_TIMES the program dies as
 * many times, in any place and after a pause drawn at random.
 */
export function describeKills(get: () => Harness): void {
  const usual = everyDeath.length;
  test(
    "what was acknowledged survives a death between any two stages, in both directions, once and in order",
    () => {
      const { count, between } = rounds(usual);
      const drawn = places(Math.max(0, count - usual)).map((): Death => {
        const place = everyDeath[between(0, usual)];
        if (!place) throw new Error("there is no such place");
        return { ...place, after: between(0, longestPause) };
      });
      const deaths = [...everyDeath.slice(0, count), ...drawn];
      const received = deaths.filter(({ list }) => list === "receive");
      return surviveDeaths(get(), [...received, ...deaths.filter(({ list }) => list !== "receive")]);
    },
    timeFor(usual, longest),
  );
}

/**
 * Kill tests around storing, over a server that keeps nothing of what it has handed over: what was acknowledged too
 * early is lost there, and no archive brings it back.
 */
export function describeKillsWithoutArchive(get: () => Harness): void {
  const around = [storeStage, storeStage + 1, storeStage + 2];
  test(
    "what was acknowledged survives a death around storing where no archive brings it back",
    async () => {
      const { count } = rounds(around.length);
      for (const round of places(count)) {
        const index = around[round % around.length] ?? storeStage;
        // Each has an account of its own: the server still has the session of a program that died before, gives it the
        // same message, and would bring that back.
        await surviveDeaths(get(), [{ list: "receive", index, after: markIsWritten }]);
      }
    },
    timeFor(around.length, longest),
  );
}

async function surviveDeaths(harness: Harness, deaths: readonly Death[]): Promise<void> {
  const start = await createKilledProgram(new URL("../peers/killed-messenger-peer.ts", import.meta.url), [
    inlineSaslprep,
  ]);
  const folder = await mkdtemp(join(tmpdir(), "hallway-kills-"));
  const account = await harness.newAccount();
  const friend = openClient(harness, await harness.newAccount());
  const { protocol } = harness;
  const orders = { folder, account, protocol, server: harness.settings("good"), peer: friend.address };
  const run = (more: Pick<MessengerOrders, "kill" | "say"> = {}): Run =>
    watch(start(JSON.stringify({ ...orders, ...more })));
  let last: Run | undefined;
  try {
    await friend.signIn();
    const theirs: Said[] = [];
    const stored: string[] = [];
    for (const [round, { list, index, after }] of deaths.entries()) {
      const body = `${round}: ${list} ${index}.`;
      const kill = { list, index, token: body, after };
      if (list === "receive") {
        const dying = run({ kill });
        await vi.waitFor(() => expect(dying.ready).toBe(true), patience);
        theirs.push({ since: friend.now(), id: await friend.say(account.address, body), body });
        expect(await dying.ended).toBe("SIGKILL");
        continue;
      }
      const dying = run({ kill, say: { id: randomUUID(), body } });
      expect(await dying.ended).toBe("SIGKILL");
      if (list === "to-network" || index === toQueueStages - 1) stored.push(body);
    }
    const expected = [...theirs.map(({ body }) => body), ...stored];
    const isInOrder = harness.handsOverInOrder;
    // A server that still waits for the answer of a dead program hands over again at a later sign-in.
    await vi.waitFor(async () => {
      last?.kill("SIGKILL");
      await last?.ended;
      const living = run();
      last = living;
      await vi.waitFor(async () => {
        for (const one of theirs) await sayAgain(friend, account.address, one);
        expect(inOrder(living.bodies, isInOrder)).toEqual(inOrder(expected, isInOrder));
      }, oneSignIn);
    }, severalSignIns);
    await vi.waitFor(() => {
      const came = friend.messages().filter(({ direction }) => direction === "in");
      expect(came.map(({ body }) => body)).toEqual(stored);
    }, patience);
  } finally {
    last?.kill("SIGKILL");
    await last?.ended;
    friend.connection.close();
    await rm(folder, { recursive: true });
  }
}

/**
 * Says again what the server has sent back since it was last said: it was not acknowledged. That may come late, when
 * the server gives up the session of a program that died.
 */
async function sayAgain(client: TestClient, to: string, said: Said): Promise<void> {
  const { id, body } = said;
  const at = client.events.findLastIndex(
    (event) => event.type === "delivery" && event.id === id && event.state !== "waiting",
  );
  const event = client.events[at];
  if (at < said.since || event?.type !== "delivery" || event.state !== "failed") return;
  const since = client.now();
  await client.say(to, body, { id });
  said.since = since;
}

/** As they came, or sorted where the server hands over in any order. */
function inOrder(bodies: readonly string[], isInOrder: boolean): readonly string[] {
  return isInOrder ? bodies : [...bodies].sort();
}

function places(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** A run with what it has said of itself. */
function watch(program: KilledProgram): Run {
  const run: Run = Object.assign(program, { ready: false, bodies: [] as readonly string[] });
  createInterface({ input: program.stdout }).on("line", (line) => {
    const said = JSON.parse(line) as { readonly ready?: true; readonly bodies?: readonly string[] };
    if (said.ready) run.ready = true;
    if (said.bodies) run.bodies = said.bodies;
  });
  return run;
}
