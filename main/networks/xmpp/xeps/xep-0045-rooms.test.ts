import { describe, expect, it } from "vitest";
import type { IncomingMessage } from "../../facets/messages.ts";
import { startTestSession, type TestSession } from "../testing/session.ts";

const start = () =>
  startTestSession({
    roster: "<item jid='bob@example.test' subscription='both'/><item jid='dan@far.example' subscription='both'/>",
  });
const messagesOf = ({ events }: TestSession): readonly IncomingMessage[] =>
  events.flatMap((event) => (event.type === "message" ? [event.message] : []));
const mark = "<x xmlns='http://jabber.org/protocol/muc#user'/>";
const carbon = (kind: "received" | "sent", from: string, to: string, inner: string) =>
  `<message from='alice@example.test' to='alice@example.test/desk'><${kind} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='${from}' to='${to}' type='chat' id='pm'>${inner}</message></forwarded></${kind}></message>`;
const invite = (room: string, inviter: string, more = "") =>
  `<message from='${room}' to='alice@example.test'><x xmlns='http://jabber.org/protocol/muc#user'><invite from='${inviter}'><reason>Come in</reason></invite></x>${more}</message>`;
const room = "den@rooms.example.test";

/** The server says that there are rooms on a service of its. */
async function knowService(test: TestSession): Promise<void> {
  test.answer(
    "http://jabber.org/protocol/disco#items",
    "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='rooms.example.test'/></query>",
  );
  await new Promise(setImmediate);
  test.answer(
    "http://jabber.org/protocol/disco#info",
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/></query>",
  );
  await new Promise(setImmediate);
}

describe("a private message in a room", () => {
  it("is no chat with the room, but a line with its service that says who wrote in which room", async () => {
    const test = await start();
    test.feed(carbon("received", `${room}/Carol`, "alice@example.test/phone", `<body>psst</body>${mark}`));
    test.feed(carbon("sent", "alice@example.test/phone", `${room}/Carol`, `<body>what?</body>${mark}`));
    expect(messagesOf(test)).toMatchObject([
      {
        peer: "rooms.example.test",
        direction: "in",
        body: "psst",
        notice: { kind: "room-message", what: room, who: "Carol" },
      },
      {
        peer: "rooms.example.test",
        direction: "out",
        body: "what?",
        notice: { kind: "room-message", what: room, who: "Carol" },
      },
    ]);
  });

  it("is one without a mark, too, where the server says that rooms are there", async () => {
    const test = await start();
    await knowService(test);
    test.feed(carbon("received", `${room}/Carol`, "alice@example.test/phone", "<body>psst</body>"));
    expect(messagesOf(test)).toMatchObject([
      { peer: "rooms.example.test", author: { address: "rooms.example.test" }, notice: { kind: "room-message" } },
    ]);
  });

  it("keeps whom it came from beside it, so that it is known who is heard", async () => {
    const test = await start();
    test.feed(`<message from='mallory@corp.example/x' type='chat' id='m1'><body>hi</body>${mark}</message>`);
    test.feed("<message from='bob@example.test/x' type='chat' id='m2'><body>hi</body></message>");
    expect(messagesOf(test)).toMatchObject([
      { peer: "corp.example", through: "mallory@corp.example" },
      { peer: "bob@example.test" },
    ]);
    expect(messagesOf(test)[1]).not.toHaveProperty("through");
  });

  it("of somebody on the list or of the own server is a message of theirs, whatever they mark it with", async () => {
    const test = await start();
    for (const from of ["bob@example.test/x", "eve@example.test/x", "dan@far.example/x"])
      test.feed(`<message from='${from}' type='chat'><body>hi</body>${mark}</message>`);
    expect(messagesOf(test).map(({ peer, notice }) => [peer, notice])).toEqual([
      ["bob@example.test", undefined],
      ["eve@example.test", undefined],
      ["dan@far.example", undefined],
    ]);
  });

  it("and what is said in the room is nobody's message to the person", async () => {
    const test = await start();
    test.feed(`<message from='${room}/Carol' type='groupchat'><body>hello all</body></message>`);
    expect(messagesOf(test)).toEqual([]);
  });
});

describe("an invitation that a room passes on", () => {
  it.each([
    ["somebody on the list", "bob@example.test/x", "bob@example.test"],
    ["somebody elsewhere", "dan@far.example", "dan@far.example"],
    ["a stranger", "eve@odd.example", "eve@odd.example"],
  ])("is of %s, where the own server says that rooms are there", async (_, inviter, peer) => {
    const test = await start();
    await knowService(test);
    test.feed(invite(room, inviter, `<body>${inviter} invites you</body>`));
    expect(messagesOf(test)).toEqual([
      expect.objectContaining({
        peer,
        through: room,
        direction: "in",
        body: "Come in",
        notice: { kind: "invitation", what: room },
      }),
    ]);
  });

  it.each([
    ["a person of the same server", "mallory@far.example", "far.example"],
    ["a service of that server", "den@rooms.far.example", "rooms.far.example"],
    ["an unknown service below the own server", "den@pages.example.test", "pages.example.test"],
  ])("is no word of who is named by %s", async (_, from, peer) => {
    const test = await start();
    await knowService(test);
    for (const kind of ["invite", "decline"])
      test.feed(
        `<message from='${from}' to='alice@example.test'><x xmlns='http://jabber.org/protocol/muc#user'><${kind} from='dan@far.example'><reason>text</reason></${kind}></x></message>`,
      );
    expect(messagesOf(test)).toMatchObject([
      { peer, through: from, body: "text", notice: { kind: "invitation", who: "dan@far.example" } },
      { peer, through: from, body: "text", notice: { kind: "other", who: "dan@far.example" } },
    ]);
  });

  it.each(["bob@example.test", "alice@example.test", ""])(
    "is the word of any other service, not of %j",
    async (inviter) => {
      const test = await start();
      await knowService(test);
      test.feed(invite("den@rooms.evil.example", inviter));
      expect(messagesOf(test)).toMatchObject([
        { peer: "rooms.evil.example", notice: { kind: "invitation", what: "den@rooms.evil.example" } },
      ]);
      expect(messagesOf(test)[0]?.notice?.who).toBe(inviter === "" ? undefined : inviter);
    },
  );

  it("for an occupant, as Prosody's, is a line with the service that has their name; the room is nobody who invites", async () => {
    const test = await start();
    await knowService(test);
    test.feed(invite(room, `${room}/Carol`));
    test.feed(invite("den@rooms.far.example", "den@rooms.far.example/Carol"));
    expect(messagesOf(test)).toMatchObject([
      { peer: "rooms.example.test", body: "Come in", notice: { kind: "invitation", what: room, who: "Carol" } },
      {
        peer: "rooms.far.example",
        body: "Come in",
        notice: { kind: "invitation", what: "den@rooms.far.example", who: "Carol" },
      },
    ]);
  });

  it.each([
    [room, "bob@example.test", "bob@example.test"],
    [room, `${room}/Bob`, "rooms.example.test"],
    ["den@rooms.evil.example", "bob@example.test", "rooms.evil.example"],
  ])("and its refusal in %s by %s is told, with the reason", async (from, who, peer) => {
    const test = await start();
    await knowService(test);
    test.feed(
      `<message from='${from}' to='alice@example.test'><x xmlns='http://jabber.org/protocol/muc#user'><decline from='${who}'><reason>Busy</reason></decline></x></message>`,
    );
    expect(messagesOf(test)).toMatchObject([{ peer, direction: "in", body: "Busy", notice: { kind: "other" } }]);
  });

  it("is one line where it stands there twice, in either order", async () => {
    const direct = `<x xmlns='jabber:x:conference' jid='${room}'>Come in</x>`;
    const inside = invite(room, "bob@example.test");
    for (const text of [
      invite(room, "bob@example.test", direct),
      inside.replace("<x ", `${direct}<x `),
      invite(room, "bob@example.test", mark),
      inside.replace("<x ", `${mark}<x `),
    ]) {
      const test = await start();
      await knowService(test);
      test.feed(text);
      expect(messagesOf(test)).toMatchObject([
        {
          peer: "bob@example.test",
          author: { address: "bob@example.test", isSelf: false },
          notice: { kind: "invitation", what: room },
        },
      ]);
    }
  });

  it("that goes out from another own device stands with who is invited", async () => {
    const test = await start();
    const inner = "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='bob@example.test'/></x>";
    test.feed(carbon("sent", "alice@example.test/phone", room, inner));
    expect(messagesOf(test)).toMatchObject([
      { peer: "bob@example.test", direction: "out", notice: { kind: "invitation", what: room } },
    ]);
  });
});

describe("a direct invitation", () => {
  it("is a line of who invites, with what they say of it", async () => {
    const test = await start();
    test.feed(
      `<message from='bob@example.test/x'><x xmlns='jabber:x:conference' jid='${room}' reason='We start'/></message>`,
    );
    test.feed(
      `<message from='bob@example.test/x' type='chat'><body>Join us, we start</body><x xmlns='jabber:x:conference' jid='${room}' reason='we start'/></message>`,
    );
    expect(messagesOf(test)).toMatchObject([
      {
        peer: "bob@example.test",
        author: { address: "bob@example.test" },
        body: "We start",
        notice: { kind: "invitation", what: room },
      },
      { peer: "bob@example.test", body: "Join us, we start", notice: { kind: "invitation", what: room } },
    ]);
  });

  it("of the room itself is no person", async () => {
    const test = await start();
    test.feed(`<message from='${room}'><x xmlns='jabber:x:conference' jid='${room}'/></message>`);
    expect(messagesOf(test)).toMatchObject([
      { peer: "rooms.example.test", notice: { kind: "invitation", what: room } },
    ]);
  });

  it("of somebody in a room, to another, is no person, and says who", async () => {
    const test = await start();
    test.feed(
      `<message from='den@rooms.far.example/Carol' type='chat'><x xmlns='jabber:x:conference' jid='lab@rooms.far.example'/>${mark}</message>`,
    );
    expect(messagesOf(test)).toMatchObject([
      { peer: "rooms.far.example", notice: { kind: "invitation", what: "lab@rooms.far.example", who: "Carol" } },
    ]);
  });

  it("keeps its reason where the body stands for it", async () => {
    const test = await start();
    const body = "<body>You are invited</body><fallback xmlns='urn:xmpp:fallback:0' for='jabber:x:conference'/>";
    test.feed(
      `<message from='bob@example.test/x'><x xmlns='jabber:x:conference' jid='${room}' reason='We start'/>${body}</message>`,
    );
    expect(messagesOf(test)).toMatchObject([
      {
        peer: "bob@example.test",
        author: { address: "bob@example.test" },
        body: "We start",
        notice: { kind: "invitation", what: room },
      },
    ]);
  });
});
