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
import type { MessengerOrders } from "../peers/killed-messenger-peer.ts";

/** Stages of receiving; the program dies before each of them and after the last. */
const receiveStages = 9;
/** Place of `store` among them; `acknowledge` follows it. */
const storeStage = 4;
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

/** Deaths of the program, as places in the lists of stages. */
interface Deaths {
  readonly receive: readonly number[];
  readonly toQueue: readonly number[];
  readonly toNetwork: readonly number[];
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

/** Kill tests around every stage of sending and receiving, over a real server. */
export function describeKills(get: () => Harness): void {
  const deaths = {
    receive: places(receiveStages + 1),
    toQueue: places(toQueueStages),
    toNetwork: places(toNetworkStages + 1),
  };
  test(
    "what was acknowledged survives a death between any two stages, in both directions, once",
    () => surviveDeaths(get(), deaths),
    400_000,
  );
}

/**
 * Kill tests around storing, over a server that keeps nothing of what it has handed over: what was acknowledged too
 * early is lost there, and no archive brings it back.
 */
export function describeKillsWithoutArchive(get: () => Harness): void {
  const deaths = {
    receive: [storeStage, storeStage + 1, storeStage + 2],
    toQueue: [],
    toNetwork: [toNetworkStages],
  };
  test(
    "what was acknowledged survives a death around storing where no archive brings it back",
    () => surviveDeaths(get(), deaths),
    400_000,
  );
}

async function surviveDeaths(harness: Harness, deaths: Deaths): Promise<void> {
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
    for (const index of deaths.receive) {
      const body = `theirs ${index}.`;
      const isAroundStoring = index === storeStage || index === storeStage + 1;
      const dying = run({ kill: { list: "receive", index, token: body, after: isAroundStoring ? markIsWritten : 0 } });
      await vi.waitFor(() => expect(dying.ready).toBe(true), patience);
      theirs.push({ since: friend.now(), id: await friend.say(account.address, body), body });
      expect(await dying.ended).toBe("SIGKILL");
    }
    const ways = [
      ...deaths.toQueue.map((index) => ({ list: "to-queue", index })),
      ...deaths.toNetwork.map((index) => ({ list: "to-network", index })),
    ];
    const stored: string[] = [];
    for (const { list, index } of ways) {
      const said = { id: randomUUID(), body: `own ${list} ${index}.` };
      const dying = run({ kill: { list, index, token: said.body }, say: said });
      expect(await dying.ended).toBe("SIGKILL");
      if (list === "to-network" || index === toQueueStages - 1) stored.push(said.body);
    }
    const expected = [...theirs.map(({ body }) => body), ...stored].sort();
    // A server that still waits for the answer of a dead program hands over again at a later sign-in.
    await vi.waitFor(async () => {
      last?.kill("SIGKILL");
      await last?.ended;
      const living = run();
      last = living;
      await vi.waitFor(async () => {
        for (const one of theirs) await sayAgain(friend, account.address, one);
        expect([...living.bodies].sort()).toEqual(expected);
      }, oneSignIn);
    }, severalSignIns);
    await vi.waitFor(() => {
      const came = friend.messages().filter(({ direction }) => direction === "in");
      expect(came.map(({ body }) => body).sort()).toEqual([...stored].sort());
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
