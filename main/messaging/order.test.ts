import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import type { Delivery } from "./delivery.ts";
import type { OutgoingSaying } from "./outgoing.ts";
import { placed } from "./placed.test-helper.ts";
import { Acknowledgements, acknowledge } from "./receive/acknowledge.ts";
import { gather } from "./receive/gather.ts";
import { inOrder, unprotect } from "./receive/unprotect.ts";
import { Queue } from "./send/queue.ts";
import { compose, type Stage } from "./stage.ts";

const account = "account-1";
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Sayings: a peer, and how late a stage answers, in turns of the loop. */
const sayings = fc.array(
  fc.record({ peer: fc.constantFrom("a", "b", "c"), lateness: fc.nat(12), fails: fc.boolean() }),
  {
    maxLength: 25,
  },
);

async function late(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
}

/** The numbers of each peer, in the order in which they came out. */
function byPeer(out: readonly { readonly peer: string; readonly n: number }[]): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const { peer, n } of out) (found[peer] ??= []).push(n);
  return found;
}

const incoming = (peer: string, n: number): IncomingMessage => ({
  peer,
  author: { isSelf: false },
  direction: "in",
  id: `${n}`,
  archiveId: `archive-${n}`,
  body: `${n}`,
  at: undefined,
  delayed: false,
  via: "live",
  wantsDelivered: false,
  wantsRead: false,
});

describe("order", () => {
  it("holds for items of one key, whatever their stage does with each", async () => {
    await fc.assert(
      fc.asyncProperty(sayings, async (all) => {
        const items = all.map((saying, n) => ({ ...saying, n }));
        const out: (typeof items)[number][] = [];
        const stage: Stage<(typeof items)[number]> = async (item, next) => {
          await late(item.lateness);
          if (item.fails) throw new Error("a bad item costs that item");
          await next(item);
        };
        const ordered = inOrder<(typeof items)[number], string>(({ peer }) => [peer], stage);
        await Promise.allSettled(items.map((item) => ordered(item, async (passed) => void out.push(passed))));
        expect(byPeer(out)).toEqual(byPeer(items.filter(({ fails }) => !fails)));
      }),
      { numRuns: 40 },
    );
  });

  it("holds for what is received, however long it takes to read; the archive's mark follows arrival", async () => {
    await fc.assert(
      fc.asyncProperty(sayings, async (all) => {
        const shown: { peer: string; n: number }[] = [];
        const marks: (string | undefined)[] = [];
        const heard = {
          stored: (_account: string, ids: readonly (string | undefined)[]) => void marks.push(...ids),
          notStored: () => void marks.push("gap"),
        };
        const acknowledgements = new Acknowledgements({ heard, keeps: () => true });
        const isStored = new Set<string>();
        const list = compose<Delivery, Delivery | undefined>([
          unprotect({
            log,
            methods: [
              {
                protect: async () => undefined,
                async unprotect(event) {
                  const saying = event.type === "message" ? all[Number(event.message.body)] : undefined;
                  await late(saying?.lateness ?? 0);
                  if (saying?.fails) throw new Error("cannot be read");
                  return undefined;
                },
              },
            ],
          }),
          gather(),
          async (delivery, next) => {
            for (const { event } of delivery.items)
              if (event.type === "message") {
                shown.push({ peer: event.message.peer, n: Number(event.message.body) });
                isStored.add(event.message.body);
              }
            return next(delivery);
          },
          acknowledge,
        ]);
        const runs = all.map(async ({ peer }, n) => {
          const event = { type: "message", message: incoming(peer, n) } as const;
          const acknowledgement = acknowledgements.of(account, event) ?? expect.unreachable("none of them is too many");
          const delivery = { accountId: account, protocol: "xmpp", items: [{ event }] } as const;
          const passed = list({ ...delivery, acknowledgements: [acknowledgement] }, async () => undefined);
          expect(await acknowledgement.done).toBe(true);
          // Nothing is acknowledged before it is stored.
          expect(isStored.has(`${n}`)).toBe(true);
          await passed;
        });
        await Promise.all(runs);
        await acknowledgements.idle();
        expect(byPeer(shown)).toEqual(byPeer(all.map(({ peer }, n) => ({ peer, n }))));
        expect(marks).toEqual(all.map((_, n) => `archive-${n}`));
      }),
      { numRuns: 40 },
    );
  });

  it("holds for what is sent in a conversation, however long it takes to protect", async () => {
    await fc.assert(
      fc.asyncProperty(sayings, async (all) => {
        const out: { peer: string; n: number }[] = [];
        const queue = new Queue({
          check: () => undefined,
          clearance: () => undefined,
          async leave(item) {
            const n = item.kind === "text" ? Number(item.body) : 0;
            const { peer = "", lateness = 0, fails = false } = all[n] ?? {};
            await late(lateness);
            if (fails) throw new HallwayError("too-large");
            out.push({ peer, n });
          },
        });
        const failed: number[] = [];
        queue.failures.add(({ item }) => void failed.push(Number(item.body)));
        queue.release(account, []);
        const items = all.map(({ peer }, n): OutgoingSaying => {
          const conversationId = `${account}|${peer}`;
          return placed({ kind: "text", id: `id-${n}`, conversationId, body: `${n}`, at: n } as const);
        });
        for (const item of items) queue.add(item);
        while (out.length + failed.length < all.length) await setImmediate();
        expect(byPeer(out)).toEqual(byPeer(all.flatMap(({ peer, fails }, n) => (fails ? [] : [{ peer, n }]))));
      }),
      { numRuns: 40 },
    );
  });
});

it("lets a stage hand an item on once", async () => {
  const twice: Stage<string> = async (item, next) => {
    await next(item);
    await next(item);
  };
  await expect(compose([twice])("item", async () => undefined)).rejects.toThrow("twice");
});
