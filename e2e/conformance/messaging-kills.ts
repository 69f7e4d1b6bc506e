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
/** Stages up to the queue, four of them before anything is stored, and from the queue to the network. */
const toQueueStages = 5;
const toNetworkStages = 2;
const oneSignIn = { timeout: 20_000, interval: 50 };
const severalSignIns = { timeout: 150_000, interval: 50 };
const patience = { timeout: 60_000, interval: 50 };

interface Run extends KilledProgram {
  ready: boolean;
  bodies: readonly string[];
}

/** Kill tests around every stage of sending and receiving, over a real server. */
export function describeKills(get: () => Harness): void {
  test("what was acknowledged survives a death between any two stages, in both directions, once", async () => {
    const harness = get();
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
      for (let index = 0; index <= receiveStages; index += 1) {
        const body = `theirs ${index}.`;
        const dying = run({ kill: { list: "receive", index, token: body } });
        await vi.waitFor(() => expect(dying.ready).toBe(true), patience);
        theirs.push(await say(friend, account.address, body));
        expect(await dying.ended).toBe("SIGKILL");
      }
      const own: Said[] = [];
      const ways = [
        ...Array.from({ length: toQueueStages }, (_, index) => ({ list: "to-queue", index })),
        ...Array.from({ length: toNetworkStages + 1 }, (_, index) => ({ list: "to-network", index })),
      ];
      for (const { list, index } of ways) {
        const said = { id: randomUUID(), body: `own ${list} ${index}.` };
        own.push(said);
        const dying = run({ kill: { list, index, token: said.body }, say: said });
        expect(await dying.ended).toBe("SIGKILL");
      }
      const stored = own.slice(toQueueStages - 1).map(({ body }) => body);
      // What the server could not hand over it has said so of: it was not acknowledged, and is said again.
      for (const one of theirs) await handOver(friend, account.address, one);
      const expected = [...theirs.map(({ body }) => body), ...stored].sort();
      // A server that still waits for the answer of a dead program hands over again at a later sign-in.
      await vi.waitFor(async () => {
        last?.kill("SIGKILL");
        await last?.ended;
        const living = run();
        last = living;
        await vi.waitFor(() => expect([...living.bodies].sort()).toEqual(expected), oneSignIn);
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
  }, 400_000);
}

interface Said {
  readonly id: string;
  readonly body: string;
}

async function say(client: TestClient, to: string, body: string): Promise<Said> {
  return { id: await client.say(to, body), body };
}

/** Says it again until the server has taken it. */
async function handOver(client: TestClient, to: string, { id, body }: Said): Promise<void> {
  const outcome = () =>
    client.events.findLast((event) => event.type === "delivery" && event.id === id && event.state !== "waiting");
  await vi.waitFor(async () => {
    const event = outcome();
    if (event?.type === "delivery" && event.state === "failed") await client.say(to, body, { id });
    expect(event).toMatchObject({ type: "delivery", state: expect.not.stringMatching("failed") });
  }, patience);
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
