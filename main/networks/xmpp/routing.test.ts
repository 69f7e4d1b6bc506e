import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineExtension, type Extension, type ExtensionParts } from "./extension.ts";
import { extensions } from "./extensions.ts";
import { everyone, type SenderKind } from "./senders.ts";
import { startTestSession, type TestSession } from "./testing/session.ts";

/**
 * Nothing reaches a handler from a sender that it does not name, shown for every handler of every extension: each is
 * replaced by one that notes its calls, and offered the stanza that it takes from senders of every kind, honest and
 * spoofed.
 */

const roster =
  "<item jid='bob@example.test' subscription='both'/><item jid='carol@far.test' subscription='to'/><item jid='kept@rooms.example.test' subscription='from'/>";

/** Senders, with the kind that each of them is, whatever it looks like. */
const senders: Readonly<Record<SenderKind, readonly string[]>> = {
  account: ["alice@example.test", "ALICE@Example.TEST"],
  device: ["alice@example.test/phone", "alice@example.test/desk"],
  server: ["example.test", "example.test/announce", "EXAMPLE.test"],
  service: ["evil.test", "rooms.example.test", "alice.example.test", "example.test.evil.test", "xn--bcher-kva.example"],
  subscriber: [
    "bob@example.test",
    "bob@example.test/x",
    "BOB@example.test/alice@example.test",
    "kept@rooms.example.test",
  ],
  contact: ["carol@far.test", "carol@far.test/x"],
  occupant: ["hall@rooms.example.test/alice", "hall@rooms.example.test/alice@example.test"],
  room: ["hall@rooms.example.test", "alice@rooms.example.test"],
  stranger: [
    "mallory@evil.test",
    "mallory@evil.test/alice@example.test",
    "alice@evil.test",
    "alice@example.test.evil.test",
    "alice@sub.example.test",
    "bob@evil.test/x",
    "\u0430lice@example.test",
    "alice.b@example.test",
    "hall@rooms.evil.test/alice",
  ],
};
const kinds = Object.keys(senders) as SenderKind[];
const anySender = fc
  .constantFrom(...kinds)
  .chain((kind) => fc.tuple(fc.constant(kind), fc.constantFrom(...senders[kind])));

interface Claim {
  readonly name: string;
  readonly from: readonly SenderKind[];
  readonly stanza: (from: string) => string;
}

/** All handlers of all extensions, each in the place of the extension's own. */
function spied(): { readonly claims: Claim[]; readonly calls: string[]; readonly extensions: readonly Extension[] } {
  const claims: Claim[] = [];
  const calls: string[] = [];
  const note = (name: string) => (): undefined => void calls.push(name);
  const spy = (extension: Extension): Extension =>
    defineExtension({
      ...extension,
      attach: (session) => {
        const { requests, envelopes, message, messageRead, presence }: ExtensionParts = extension.attach(session);
        const claim = (name: string, from: readonly SenderKind[], stanza: (from: string) => string): string => {
          claims.push({ name: `${extension.name} ${name}`, from, stanza });
          return `${extension.name} ${name}`;
        };
        const each = <T extends { readonly from: readonly SenderKind[] }>(
          handlers: Readonly<Record<string, T>> = {},
          replace: (key: string, handler: T) => T,
        ) => Object.fromEntries(Object.entries(handlers).map(([key, handler]) => [key, replace(key, handler)]));
        return {
          requests: each(requests, (key, handler) => {
            const [type, xmlns] = key.split(" ");
            const stanza = (from: string) => `<iq type='${type}' id='r' from='${from}'><x xmlns='${xmlns}'/></iq>`;
            return { ...handler, answer: note(claim(`request ${key}`, handler.from, stanza)) };
          }),
          envelopes: each(envelopes, (xmlns, handler) => {
            const stanza = (from: string) => `<message from='${from}' id='e'><x xmlns='${xmlns}'/></message>`;
            return { ...handler, holds: () => true, open: note(claim(`envelope ${xmlns}`, handler.from, stanza)) };
          }),
          message: each(message, (xmlns, handler) => {
            const stanza = (from: string) => `<message from='${from}' id='m'><x xmlns='${xmlns}'/></message>`;
            return { ...handler, read: note(claim(`message ${xmlns}`, handler.from, stanza)) };
          }),
          presence: each(presence, (xmlns, handler) => {
            const stanza = (from: string) => `<presence from='${from}'><x xmlns='${xmlns}'/></presence>`;
            return { ...handler, read: note(claim(`presence ${xmlns}`, handler.from, stanza)) };
          }),
          ...(messageRead
            ? {
                messageRead: {
                  ...messageRead,
                  read: note(
                    claim("end of a message", messageRead.from, (from) => {
                      const [xmlns = "urn:example:nothing"] = messageRead.about ?? [];
                      return `<message from='${from}' id='d'><x xmlns='${xmlns}'/></message>`;
                    }),
                  ),
                },
              }
            : {}),
        };
      },
    });
  return { claims, calls, extensions: extensions.map(spy) };
}

async function spiedSession(): Promise<{ session: TestSession; claims: readonly Claim[]; calls: string[] }> {
  const { claims, calls, extensions: all } = spied();
  const roomServices: Extension = {
    name: "A service for rooms",
    features: [],
    attach: (session) => {
      session.roomServices.add("rooms.example.test");
      return {};
    },
  };
  const session = await startTestSession({ extensions: [...all, roomServices], roster });
  return { session, claims, calls };
}

describe("a handler", () => {
  it("of every extension is called for the senders that it names, and for nobody else", async () => {
    const { session, claims, calls } = await spiedSession();
    expect(claims.length).toBeGreaterThan(40);
    fc.assert(
      fc.property(fc.constantFrom(...claims), anySender, ({ name, from, stanza }, [kind, jid]) => {
        calls.length = 0;
        session.feed(stanza(jid));
        // Presence of services and of own devices is not followed at all.
        const isFollowed = !name.includes(" presence ") || !["account", "device", "server", "service"].includes(kind);
        const isKnown = !name.includes(" presence ") || kind === "subscriber" || kind === "contact";
        expect(calls.includes(name)).toBe(from.includes(kind) && isFollowed && isKnown);
      }),
      { numRuns: 3_000 },
    );
  });

  it("is never called for an address that is none", async () => {
    const { session, claims, calls } = await spiedSession();
    for (const { stanza } of claims)
      for (const jid of ["", "@", "/", "alice@", "@example.test", "alice@example.test/", "a b@example.test"])
        session.feed(stanza(jid));
    expect(calls).toEqual([]);
  });

  it("names nobody by default: there is no handler without its senders", async () => {
    const { claims } = await spiedSession();
    for (const { from } of claims) {
      expect(from.length).toBeGreaterThan(0);
      expect(everyone).toEqual(expect.arrayContaining([...from]));
    }
  });
});

describe("a notification of a node", () => {
  const event = (from: string, node: string): string =>
    `<message from='${from}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${node}'><item id='1'><x xmlns='urn:x'/></item></items></event></message>`;

  it("reaches whoever takes on the node, from the senders that it names, with who sent it", async () => {
    const noted: string[] = [];
    const nodes: Extension = {
      name: "XEP-0000: Nodes",
      features: [],
      attach: () => ({
        nodes: {
          "urn:x:node": {
            from: ["account", "subscriber"],
            notified: (items, { jid }) => noted.push(`${jid.full} ${items.map(({ attrs }) => attrs["id"]).join()}`),
          },
        },
      }),
    };
    const { feed, events } = await startTestSession({ extensions: [nodes], roster });
    for (const jid of Object.values(senders).flat()) feed(event(jid, "urn:x:node"));
    feed(event("bob@example.test", "urn:x:other"));
    expect(noted).toEqual([
      "alice@example.test 1",
      "alice@example.test 1",
      "bob@example.test 1",
      "bob@example.test/x 1",
      "bob@example.test/alice@example.test 1",
      "kept@rooms.example.test 1",
    ]);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["refused"]));
  });
});
