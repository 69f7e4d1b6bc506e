import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toErrorInfo } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import { maxBodyLength } from "../../../shared/model/message.ts";
import type { MessagesFacet } from "../facets/messages.ts";
import { newInstallation, type TestClient } from "./client.ts";
import type { Harness } from "./harness.ts";
import { openedClients } from "./opened-clients.ts";
import { maxLosses, settled } from "./settled.ts";

/**
 * Items of one network that are well framed and still cannot be taken as they are; each must cost itself and nothing
 * else.
 */
export interface UnacceptableItems {
  readonly incoming: readonly IncomingItem[];
  /** Beside `oversizedItems`, which every network is given. */
  readonly outgoing: readonly OutgoingItem[];
}

/** An item that a stranger puts on the wire, past any client of ours. */
export interface IncomingItem {
  readonly what: string;
  /** Text of the item that is shown all the same; absent where none is within the limits. */
  readonly text?: string;
  /** Why this server passes it on to nobody; absent where it does. */
  readonly keptBack?: string | undefined;
  /** Sends it to an account. Resolves when the server has it; may reject where it is kept back. */
  send(to: Address): Promise<void>;
}

/** An own item that is beyond a limit of the server. */
export interface OutgoingItem {
  readonly what: string;
  /** Sends it under this id. Resolves once it is written, rejects with the reason why it is not. */
  send(from: TestClient, to: Address, id: string): Promise<void>;
  /** The method without which there is no such item. */
  readonly needs?: keyof MessagesFacet;
  /** Does the network report what becomes of it, as `delivery` events with the id? */
  readonly reported: boolean;
}

/** Texts that are within the model's limit and may be beyond the server's: each `&` is five bytes in XML. */
const wide = "&".repeat(60_000);
const oversizedItems: readonly OutgoingItem[] = [
  { what: "a message", reported: true, send: async (from, to, id) => void (await from.say(to, wide, { id })) },
  {
    what: "the longest message",
    reported: true,
    send: async (from, to, id) => void (await from.say(to, "&".repeat(maxBodyLength), { id })),
  },
  {
    what: "a correction",
    reported: true,
    needs: "correct",
    send: async ({ connection }, to, id) =>
      connection.messages.correct?.({ id, to, targetId: randomUUID(), body: wide, at: Date.now() }),
  },
  {
    what: "a status",
    reported: false,
    send: ({ connection }) => connection.presence.set({ availability: "available", status: wide }),
  },
  { what: "a contact's name", reported: false, send: ({ connection }, to) => connection.contacts.add(to, wide, []) },
  {
    what: "a contact's groups",
    reported: false,
    send: async ({ connection }, to) => {
      await connection.contacts.add(to, undefined, []);
      await connection.contacts.update(to, "Name", [wide, `${wide}2`]);
    },
  },
];

/** Reasons of an item that is too large, here or for the server. */
const tooLarge: readonly string[] = ["too-large", "message-too-long"];

/** The rule for both networks and both directions: after any unacceptable item, the next one arrives. */
export function describeUnacceptable(get: () => Harness, items: UnacceptableItems): void {
  const { opened, signedIn } = openedClients(get);
  const losses = ({ events }: TestClient): number => events.filter(({ type }) => type === "connection-lost").length;
  const nextArrives = async (from: TestClient, to: TestClient): Promise<void> => {
    const id = await from.say(to.address, "the next one");
    await to.message((message) => message.id === id);
  };

  const sent = async (item: IncomingItem, to: Address): Promise<void> => {
    const sending = item.send(to);
    await (item.keptBack === undefined ? sending : sending.catch(() => undefined));
  };

  describe("after an unacceptable item the next one arrives", () => {
    for (const item of items.incoming) {
      const { what, keptBack } = item;
      const title = keptBack === undefined ? what : `${what}, which stays with the server: ${keptBack}`;
      test(`incoming: ${title}`, async () => {
        const [alice, bob] = [await signedIn(), await signedIn()];
        const since = alice.now();
        await sent(item, alice.address);
        await nextArrives(bob, alice);
        if (keptBack !== undefined) {
          expect(alice.events.slice(since).filter(({ type }) => type === "refused")).toEqual([]);
          expect(alice.messages().map(({ body }) => body)).toEqual(["the next one"]);
        } else if (item.text === undefined) await alice.event("refused", () => true, since);
        else await alice.message(({ body, direction }) => direction === "in" && body === item.text);
        expect(losses(alice)).toBe(0);
      });
    }

    test("incoming: all of them while away", async () => {
      const [account, bob] = [await get().newAccount(), await signedIn()];
      const installation = newInstallation();
      const before = opened(account, installation);
      await before.signIn();
      await before.connection.disconnect();
      before.connection.close();
      for (const item of items.incoming) await sent(item, account.address);
      const id = await bob.say(account.address, "the last one");
      // What is not kept for later fails, whatever came before it.
      const state = get().keepsMessages ? "sent" : "failed";
      await bob.event("delivery", (event) => event.id === id && event.state === state);
      const later = opened(account, installation);
      await later.signIn();
      if (state === "sent") await later.message((message) => message.id === id);
      await nextArrives(bob, later);
      expect(losses(later)).toBe(0);
    });

    for (const item of [...oversizedItems, ...items.outgoing]) {
      test(`outgoing: ${item.what}`, async () => {
        const [alice, bob] = [await signedIn(), await signedIn()];
        if (item.needs !== undefined && alice.connection.messages[item.needs] === undefined) return;
        if (item.reported) {
          const id = randomUUID();
          const { failure } = await settled(alice, id, () => item.send(alice, bob.address, id));
          if (failure !== undefined) expect(tooLarge).toContain(failure);
        } else
          await item
            .send(alice, bob.address, randomUUID())
            .catch((error: unknown) => expect(toErrorInfo(error).code).toBe("too-large"));
        await nextArrives(alice, bob);
        expect(losses(alice)).toBeLessThanOrEqual(item.reported ? maxLosses : 0);
      });
    }
  });
}
