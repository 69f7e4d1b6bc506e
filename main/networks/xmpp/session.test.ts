import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { startTestSession } from "./testing/session.ts";

const both = "<item jid='bob@example.test' subscription='both'/>";

describe("requests", () => {
  it("fail with the session, and late replies are nobody's", async () => {
    const { session, answer, events } = await startTestSession();
    const pending = session.roster.remove("bob@example.test");
    session.end(new HallwayError("connection-lost"));
    await expect(pending).rejects.toMatchObject({ code: "connection-lost" });
    answer("jabber:iq:roster", "");
    expect(events).toEqual([]);
  });

  it.each(["mallory@evil.test", "alice@example.test/phone", "alice@evil.test", "/"])(
    "to the own account are not answered by %s",
    async (from) => {
      const { session, answer, events } = await startTestSession();
      let done = false;
      const pending = session.roster.remove("bob@example.test").finally(() => {
        done = true;
      });
      answer("jabber:iq:roster", "", from);
      await Promise.resolve();
      expect(done).toBe(false);
      expect(events.map((e) => e.type)).toEqual(["refused"]);
      session.end(new HallwayError("cancelled"));
      await expect(pending).rejects.toMatchObject({ code: "cancelled" });
    },
  );

  it.each([undefined, "alice@example.test", "alice@example.test/desk", "example.test"])(
    "to the own account are answered by %s",
    async (from) => {
      const { session, answer } = await startTestSession();
      const pending = session.roster.remove("bob@example.test");
      answer("jabber:iq:roster", "", from);
      await expect(pending).resolves.toBeUndefined();
    },
  );
});

describe("whatever comes", () => {
  const names = fc.constantFrom("message", "presence", "iq", "other");
  const jids = fc.constantFrom(
    "",
    "/",
    "@",
    "bob@example.test/x",
    "alice@example.test",
    "alice@example.test/desk",
    "example.test",
    "a@b@c",
    "\u00a0@x",
    "mallory@evil.test",
  );
  const types = fc.constantFrom(
    "",
    "get",
    "set",
    "result",
    "error",
    "chat",
    "groupchat",
    "subscribe",
    "unavailable",
    "unsubscribe",
    "weird",
  );
  const namespaces = fc.constantFrom(
    "jabber:client",
    "jabber:iq:roster",
    "urn:xmpp:carbons:2",
    "urn:xmpp:mam:2",
    "urn:xmpp:forward:0",
    "urn:xmpp:receipts",
    "urn:xmpp:chat-markers:0",
    "urn:xmpp:sid:0",
    "urn:xmpp:delay",
    "urn:xmpp:idle:1",
    "http://jabber.org/protocol/chatstates",
    "http://jabber.org/protocol/disco#info",
    "http://jabber.org/protocol/nick",
    "urn:ietf:params:xml:ns:xmpp-stanzas",
    "urn:xmpp:blocking",
    "urn:xmpp:time",
  );
  const tags = fc.constantFrom(
    "query",
    "item",
    "body",
    "show",
    "status",
    "sent",
    "received",
    "result",
    "forwarded",
    "message",
    "error",
    "composing",
    "delay",
    "stanza-id",
    "idle",
    "nick",
    "request",
    "displayed",
    "block",
    "fin",
  );
  const quiet = (t: string) => t.replace(/[&<>'"]/g, "");
  const { node } = fc.letrec<{ node: string }>((tie) => ({
    node: fc
      .tuple(
        tags,
        namespaces,
        jids,
        types,
        fc.array(
          fc.oneof(
            { maxDepth: 4 },
            fc.string({ maxLength: 5 }).map((t) => quiet(t).replace(/[^ -~]/g, "")),
            tie("node"),
          ),
          { maxLength: 3 },
        ),
      )
      .map(
        ([tag, ns, jid, id, children]) =>
          `<${tag} xmlns='${ns}' id='${id}' jid='${jid}' from='${jid}' by='${jid}' stamp='${id}' subscription='${id}'>${children.join("")}</${tag}>`,
      ),
  }));
  const stanza = fc
    .tuple(names, jids, jids, types, fc.array(node, { maxLength: 3 }))
    .map(
      ([name, from, to, type, children]) =>
        `<${name}${from === "" ? "" : ` from='${from}'`}${to === "" ? "" : ` to='${to}'`}${type === "" ? "" : ` type='${type}'`} id='x'>${children.join("")}</${name}>`,
    );

  it("nothing is thrown, no promise is left, and addresses in events are addresses", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stanza, { maxLength: 10 }), async (stanzas) => {
        const { feed, events, session } = await startTestSession({ roster: both, offers: ["urn:xmpp:mam:2"] });
        for (const text of stanzas) feed(text);
        for (const event of events) {
          if ("address" in event) expect(event.address).toMatch(/^[^\s@/]+@[^\s@/]+$/u);
          if ("peer" in event) expect(event.peer).toMatch(/^(?:[^\s@/]+@)?[^\s@/]+$/u);
          if (event.type === "message") expect(event.message.peer).not.toBe("mallory@evil.test/x");
          if (event.type === "roster-item") expect(event.item.groups.every((g) => g.length > 0)).toBe(true);
        }
        session.dispose();
      }),
      { numRuns: 500 },
    );
  });
});

describe("requests of strangers", () => {
  it("by thousands do not silence whoever asks later, now or in a later session", async () => {
    const { session, feed, events } = await startTestSession();
    for (let n = 0; n < 3_000; n += 1) feed(`<presence type='subscribe' from='x${n}@evil.test'/>`);
    expect(events.filter(({ type }) => type === "subscription-request")).toHaveLength(3_000);
    expect(events).toContainEqual({ type: "refused", what: "requests of more people than are remembered" });
    const ask = () => {
      events.length = 0;
      feed("<presence type='subscribe' from='colleague@example.test'><status>Hello from HR</status></presence>");
      return events;
    };
    expect(ask()).toEqual([
      { type: "subscription-request", address: "colleague@example.test", name: undefined, text: "Hello from HR" },
    ]);
    session.end(new HallwayError("connection-lost"));
    expect(ask()).toHaveLength(1);
    events.length = 0;
    feed("<presence type='unsubscribe' from='colleague@example.test'/>");
    expect(events).toEqual([{ type: "subscription-settled", address: "colleague@example.test" }]);
  });
});
