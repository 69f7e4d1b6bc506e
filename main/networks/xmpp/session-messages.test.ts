import { describe, expect, it } from "vitest";
import { startTestSession } from "./testing/session.ts";

describe("messages", () => {
  it("come from their sender's bare address, to us", async () => {
    const { feed, events } = await startTestSession();
    feed("<message from='BOB@example.test/x' to='alice@example.test' type='chat' id='1'><body>hi</body></message>");
    expect(events).toEqual([
      {
        type: "message",
        message: {
          peer: "bob@example.test",
          direction: "in",
          author: { address: "bob@example.test", isSelf: false },
          id: "1",
          archiveId: undefined,
          body: "hi",
          at: undefined,
          delayed: false,
          via: "live",
          wantsDelivered: false,
          wantsRead: false,
        },
      },
    ]);
  });

  it("from what is no address is not shown, and reported, live, as a copy and as a request", async () => {
    const { feed, events } = await startTestSession();
    const from = "from='\u{1f130}lice@example.test/x'";
    const message = `<message xmlns='jabber:client' ${from} to='alice@example.test' id='m'><body>x</body></message>`;
    const copy = `<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${message}</forwarded></received>`;
    feed(message);
    feed(`<message from='alice@example.test'>${copy}</message>`);
    feed(`<presence type='subscribe' ${from}/>`);
    expect(events).toEqual([
      { type: "refused", what: "a message from an address that is none" },
      { type: "refused", what: "a copy of a message that is not ours" },
      { type: "refused", what: "a presence from an address that is none" },
    ]);
  });

  it("for others, from rooms, without text or with an endless id say nothing, or little", async () => {
    const { feed, events } = await startTestSession();
    feed("<message from='bob@example.test' to='carol@example.test'><body>x</body></message>");
    feed("<message from='room@rooms.test/bob' type='groupchat'><body>x</body></message>");
    feed("<message from='bob@example.test'><body/></message>");
    feed("<x xmlns='other'/>");
    expect(events).toEqual([{ type: "refused", what: "a message for somebody else" }]);
    feed(`<message from='bob@example.test' id='${"i".repeat(300)}'><body>${"b".repeat(70_000)}</body></message>`);
    const last = events.at(-1);
    expect(last?.type === "message" && [last.message.id, last.message.body.length]).toEqual([undefined, 65_536]);
  });

  it.each([
    ["service-unavailable", "recipient-unreachable"],
    ["item-not-found", "recipient-unknown"],
    ["remote-server-not-found", "recipient-unknown"],
    ["policy-violation", "rejected-by-recipient"],
    ["forbidden", "not-allowed"],
    ["made-up", "server-error"],
  ])("that come back say why (%s)", async (condition, code) => {
    const { feed, events } = await startTestSession();
    feed(
      `<message type='error' id='m-1' from='bob@example.test'><body>hi</body><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
    );
    expect(events).toEqual([
      { type: "delivery", id: "m-1", peer: "bob@example.test", state: "failed", error: { code } },
    ]);
  });

  it("go out with what XML cannot carry taken out", async () => {
    const { session, sent } = await startTestSession();
    session.presence.announce({ availability: "available", status: "a\u0000b\uD800c🎉" });
    expect(sent[0]).toContain("<status>a\uFFFDb\uFFFDc🎉</status>");
  });
});

describe("texts in several languages", () => {
  const read = async (language: string | undefined, stanza: string) => {
    const { feed, events } = await startTestSession({
      roster: "<item jid='bob@example.test' subscription='both'/>",
      environment: language === undefined ? {} : { language },
    });
    feed(stanza);
    const [event] = events;
    if (event?.type === "message") return event.message.body;
    if (event?.type === "presence") return event.presence.status;
    return event?.type === "subscription-request" ? event.text : undefined;
  };
  const bodies = (attribute: string, ...all: string[]) =>
    `<message from='bob@example.test/x' type='chat' id='l'${attribute}>${all.join("")}</message>`;
  const [german, english, french, plain] = [
    "<body xml:lang='de'>Hallo</body>",
    "<body xml:lang='en'>Hello</body>",
    "<body xml:lang='fr'>Salut</body>",
    "<body>Ahoj</body>",
  ];

  // RFC 6121 section 5.2.3.
  it.each([
    ["the person's", "fr", bodies("", german, french, english), "Salut"],
    ["that of their country's language", "fr-CA", bodies("", german, french), "Salut"],
    ["English, who has not said another", undefined, bodies("", german, english), "Hello"],
    ["the one that names none", "fr", bodies("", german, plain, english), "Ahoj"],
    ["the first where none is better", "fr", bodies("", german, english), "Hallo"],
    ["what the stanza says of one that names none", "fr", bodies(" xml:lang='fr'", english, plain), "Ahoj"],
    [
      "none of another namespace",
      "en",
      bodies("", "<body xmlns='http://www.w3.org/1999/xhtml' xml:lang='en'>no</body>", german),
      "Hallo",
    ],
  ])("are read in one: %s", async (_, language, stanza, text) => {
    expect(await read(language, stanza)).toBe(text);
  });

  it("are read so in a status and in a request, too", async () => {
    const both =
      "<status xml:lang='cs'>Ve dvoře</status><status xml:lang='fr'>Dans la cour</status><status>In the yard</status>";
    for (const from of ["bob@example.test/x' id='p", "carol@example.test' type='subscribe"]) {
      expect(await read("fr", `<presence from='${from}'>${both}</presence>`)).toBe("Dans la cour");
      expect(await read("de", `<presence from='${from}'>${both}</presence>`)).toBe("In the yard");
    }
  });
});
