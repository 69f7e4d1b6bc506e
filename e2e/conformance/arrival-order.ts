import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { inlineSaslprep } from "../../build/inline-saslprep.ts";
import { createKilledProgram, type KilledProgram } from "../../main/history/killed-program.test-helper.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { rounds, timeFor } from "../../main/networks/conformance/rounds.ts";
import type { MessengerOrders } from "../peers/killed-messenger-peer.ts";

const patience = { timeout: 90_000, interval: 50 };
const longest = 180_000;
const burst = 200;
/** Milliseconds that storing takes at most during the stall, drawn for each delivery. */
const slow = 30;
/** The same in the burst. */
const slowest = 300;
const friends = 11;
const lines = 6;
/** The relay resets the connection so many milliseconds after the program wakes, at most. */
const longestWake = 60;

/** Somebody who writes to the program. */
export interface Friend {
  readonly address: string;
  /** Resolves when it is on its way. */
  say(to: string, body: string): Promise<void>;
  /** Resolves when all was taken; what the server has given up is said again under its id, in order. */
  settled(): Promise<void>;
  close(): void;
}

/** The program as it runs, with what each of its conversations holds. */
interface Running {
  readonly program: KilledProgram;
  ready: boolean;
  readonly conversations: Map<string, readonly string[]>;
}

/**
 * The order of what arrives at the whole of main, over a real server: in a burst, and where a stall ends with a reset.
 * `meet`: makes a friend with an account.
 */
export function describeArrivalOrder(get: () => Harness, meet: () => Promise<Friend>): void {
  const endings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function people(count: number): Promise<readonly Friend[]> {
    const all: Friend[] = [];
    for (let n = 0; n < count; n++) {
      const friend = await meet();
      endings.push(async () => friend.close());
      all.push(friend);
    }
    return all;
  }

  async function run(peers: readonly Friend[], slowly: number) {
    const harness = get();
    const start = await createKilledProgram(new URL("../peers/killed-messenger-peer.ts", import.meta.url), [
      inlineSaslprep,
    ]);
    const folder = await mkdtemp(join(tmpdir(), "hallway-order-"));
    const door = await harness.door();
    const account = await harness.newAccount();
    const [peer = "", ...others] = peers.map(({ address }) => address);
    const { protocol } = harness;
    const orders: MessengerOrders = { folder, account, protocol, server: door.settings, peer, others, slow: slowly };
    const program = start(JSON.stringify(orders));
    const running: Running = { program, ready: false, conversations: new Map() };
    createInterface({ input: program.stdout }).on("line", (line) => {
      const said = JSON.parse(line) as { readonly ready?: true; readonly peer?: string; readonly bodies?: string[] };
      if (said.ready) running.ready = true;
      if (said.bodies) running.conversations.set(said.peer ?? "", said.bodies);
    });
    endings.push(async () => {
      program.kill("SIGKILL");
      await program.ended;
      await rm(folder, { recursive: true });
    });
    await vi.waitFor(() => expect(running.ready).toBe(true), patience);
    return { running, door, address: account.address };
  }

  test(
    "a burst of 200 messages keeps its order while storing is slow",
    async () => {
      const peers = await people(1);
      const { running, address } = await run(peers, slowest);
      const said = Array.from({ length: burst }, (_, n) => `Line ${n}.`);
      for (const friend of peers) {
        await Promise.all(said.map((body) => friend.say(address, body)));
        await friend.settled();
        await vi.waitFor(() => expect(running.conversations.get(friend.address)).toEqual(said), patience);
      }
    },
    longest,
  );

  test(
    "what comes while the program stands still keeps its order in each conversation, though a reset follows",
    async () => {
      const { count, between } = rounds(1);
      const peers = await people(friends);
      const { running, door, address } = await run(peers, slow);
      const said: string[] = [];
      for (let round = 0; round < count; round++) {
        running.program.kill("SIGSTOP");
        for (let n = 0; n < lines; n++) {
          const body = `Line ${said.length}. ${"x".repeat(4_000)}`;
          said.push(body);
          for (const friend of peers) await friend.say(address, body);
        }
        running.program.kill("SIGCONT");
        await sleep(between(0, longestWake));
        door.cut();
        await Promise.all(peers.map((friend) => friend.settled()));
        for (const { address: peer } of peers)
          await vi.waitFor(() => expect(running.conversations.get(peer)).toEqual(said.slice(-200)), patience);
      }
    },
    timeFor(1, longest),
  );
}
