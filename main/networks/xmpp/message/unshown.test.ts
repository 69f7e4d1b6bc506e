import { describe, expect, it } from "vitest";
import type { IncomingMessage } from "../../facets/messages.ts";
import { startTestSession, type TestSession } from "../testing/session.ts";
import { Unnamed } from "./unnamed.ts";

/**
 * A message that cannot be shown is a line that says so; whatever programs tell each other is silent. Stanzas in,
 * events out.
 */
const bob = "bob@example.test";
const start = () => startTestSession({ roster: `<item jid='${bob}' subscription='both'/>` });

const nsOmemo = "eu.siacs.conversations.axolotl";
const payload = (xmlns: string) =>
  `<encrypted xmlns='${xmlns}'><header sid='1'><key rid='2'>AA</key><iv>AA</iv></header><payload>AA</payload></encrypted>`;
const eme = (namespace: string, name = "") =>
  `<encryption xmlns='urn:xmpp:eme:0' namespace='${namespace}'${name && ` name='${name}'`}/>`;
const asks = "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>";
const wholeBody = (xmlns: string) => `<fallback xmlns='urn:xmpp:fallback:0' for='${xmlns}'/>`;
const propose = (inner = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>") =>
  `<propose xmlns='urn:xmpp:jingle-message:0' id='call-1'>${inner}</propose>`;
const react = (inner: string) => `<reactions xmlns='urn:xmpp:reactions:0' id='m1'>${inner}</reactions>`;
const share = (source: string) =>
  `<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'><name>plan.pdf</name></file><sources>${source}</sources></file-sharing>`;
const url = "https://files.example.test/plan.pdf";
const html = (inner: string) =>
  `<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>${inner}</body></html>`;
const web = `<url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/>`;

function messagesOf({ events }: TestSession): readonly IncomingMessage[] {
  return events.flatMap((event) => (event.type === "message" ? [event.message] : []));
}

async function read(
  inner: string,
  attributes = `from='${bob}/x' type='chat' id='m2'`,
): Promise<readonly IncomingMessage[]> {
  const test = await start();
  test.feed(`<message ${attributes} to='alice@example.test/desk'>${inner}</message>`);
  return messagesOf(test);
}

describe("a line says what somebody did:", () => {
  it.each([
    ["OMEMO", payload(nsOmemo), { kind: "encrypted", what: "OMEMO" }],
    ["OMEMO 2", payload("urn:xmpp:omemo:2"), { kind: "encrypted", what: "OMEMO" }],
    ["OMEMO that says so first", eme(nsOmemo, "OMEMO") + payload(nsOmemo), { kind: "encrypted", what: "OMEMO" }],
    ["OpenPGP", "<openpgp xmlns='urn:xmpp:openpgp:0'>AA</openpgp>", { kind: "encrypted", what: "OpenPGP" }],
    ["the former OpenPGP", "<x xmlns='jabber:x:encrypted'>AA</x>", { kind: "encrypted", what: "OpenPGP" }],
    ["S/MIME", "<e2e xmlns='urn:ietf:params:xml:ns:xmpp-e2e'>AA</e2e>", { kind: "encrypted", what: "S/MIME" }],
    ["a method by its name", eme("urn:example:cipher", "Rot13"), { kind: "encrypted", what: "Rot13" }],
    ["a method without a name", eme("urn:example:cipher"), { kind: "encrypted", what: "urn:example:cipher" }],
    ["a reaction", react("<reaction>👍</reaction><reaction>🎉</reaction>"), { kind: "reaction", what: "👍 🎉" }],
    ["a reaction taken back", react(""), { kind: "reaction-removed" }],
    ["a call", propose(), { kind: "call" }],
    ["a call by invitation", "<invite xmlns='urn:xmpp:call-invites:0' id='i'/>", { kind: "call" }],
    [
      "a file from program to program",
      propose("<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"),
      { kind: "file" },
    ],
    ["a file without an address", share(""), { kind: "file", what: "plan.pdf" }],
    ["a call for attention", "<attention xmlns='urn:xmpp:attention:0'/>", { kind: "attention" }],
    [
      "a location",
      "<geoloc xmlns='http://jabber.org/protocol/geoloc'><lat>48.1</lat><lon>2.3</lon></geoloc>",
      { kind: "location", what: "48.1, 2.3" },
    ],
    ["a form", "<x xmlns='jabber:x:data' type='form'/>", { kind: "other", what: "jabber:x:data" }],
    ["anything else", "<poll xmlns='urn:example:poll'/>", { kind: "other", what: "urn:example:poll" }],
    [
      "a message passed on",
      "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='eve@x.example'><body>hi</body></message></forwarded>",
      { kind: "other", what: "urn:xmpp:forward:0" },
    ],
  ])("%s", async (_, inner, notice) => {
    expect(await read(inner + asks)).toEqual([
      expect.objectContaining({
        peer: bob,
        direction: "in",
        body: "",
        notice,
        wantsDelivered: false,
        wantsRead: false,
      }),
    ]);
  });

  it.each(["", " type='normal'", " type='headline'"])("also where the message is of the type%s", async (type) => {
    expect(await read("<attention xmlns='urn:xmpp:attention:0'/>", `from='${bob}/x'${type}`)).toMatchObject([
      { notice: { kind: "attention" } },
    ]);
  });
});

describe("text of another program", () => {
  it.each([
    ["encrypted", `<body>I sent you an OMEMO encrypted message</body>${payload(nsOmemo)}${eme(nsOmemo)}`, "encrypted"],
    [
      "encrypted, with a subject",
      `<subject>Secret</subject><body>This message is encrypted</body><x xmlns='jabber:x:encrypted'>AA</x>`,
      "encrypted",
    ],
    ["OTR", "<body>?OTR:AAMC=.</body>", "encrypted"],
    ["the beginning of OTR", "<body>?OTRv23?\nBob would like to talk off the record</body>", "encrypted"],
    [
      "what OTR says went wrong",
      "<body>?OTR Error: You sent encrypted data, but I wasn't expecting it.</body>",
      "encrypted",
    ],
    ["OTR with a subject", "<subject>Lunch</subject><body>?OTR:AAMC=.</body>", "encrypted"],
    [
      "keys for OMEMO with a word for who cannot read it",
      `<body>I sent you an OMEMO encrypted message</body><encrypted xmlns='${nsOmemo}'><header sid='1'/></encrypted>${eme(nsOmemo)}`,
      "encrypted",
    ],
    ["blanks beside a reaction", `<body> \n</body>${react("<reaction>👍</reaction>")}`, "reaction"],
    [
      "an encrypted correction",
      `<body>Not for you</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>${payload(nsOmemo)}`,
      "encrypted",
    ],
    [
      "a reaction",
      `<body>Bob reacted with 👍</body>${react("<reaction>👍</reaction>")}${wholeBody("urn:xmpp:reactions:0")}`,
      "reaction",
    ],
    [
      "a sticker",
      `<body>😘</body><sticker xmlns='urn:xmpp:stickers:0' pack='p'/>${share(web)}${wholeBody("urn:xmpp:stickers:0")}`,
      "sticker",
    ],
    [
      "an attention",
      `<body>Nudge!</body><attention xmlns='urn:xmpp:attention:0'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:attention:0'><body/></fallback>`,
      "attention",
    ],
  ])("is not taken for what somebody wrote: %s", async (_, inner, kind) => {
    expect(await read(inner)).toMatchObject([{ body: "", notice: { kind } }]);
  });

  it("in the place of something that nobody knows stands below the line that says so", async () => {
    expect(
      await read(`<body>Bob made a poll</body>${wholeBody("urn:example:poll")}<poll xmlns='urn:example:poll'/>`),
    ).toMatchObject([{ body: "Bob made a poll", notice: { kind: "other", what: "urn:example:poll" } }]);
  });

  it("that is only a part of the body leaves the rest", async () => {
    const [message] = await read(
      "<body>> quoted\nmine</body><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='9'/></fallback><reply xmlns='urn:xmpp:reply:0' id='m1'/>",
    );
    expect(message).toMatchObject({ body: "> quoted\nmine" });
    expect(message).not.toHaveProperty("notice");
  });
});

describe("what can be shown is", () => {
  it.each([
    ["a subject alone", "<subject>Lunch?</subject>", "Lunch?"],
    ["a subject above the body", "<subject>Lunch</subject><body>At noon?</body><thread>t</thread>", "Lunch\nAt noon?"],
    ["a subject that says the same", "<subject>Lunch</subject><body>Lunch</body>", "Lunch"],
    [
      "the subject in the person's language",
      "<subject xml:lang='de'>Essen</subject><subject xml:lang='en'>Lunch</subject>",
      "Lunch",
    ],
    ["a link to a file", `<x xmlns='jabber:x:oob'><url>${url}</url></x>`, url],
    [
      "a link with a word about it",
      `<x xmlns='jabber:x:oob'><url>${url}</url><desc>The plan</desc></x>`,
      `The plan\n${url}`,
    ],
    ["a link that the body has", `<body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x>`, url],
    ["a file on the web", share(web), url],
    [
      "a link in the place of the body",
      `<body>${url}</body><x xmlns='jabber:x:oob'><url>${url}</url></x>${wholeBody("jabber:x:oob")}`,
      url,
    ],
    [
      "a link that the body for others lacks",
      `<body>Bob sent a file</body><x xmlns='jabber:x:oob'><url>${url}</url></x>${wholeBody("jabber:x:oob")}`,
      url,
    ],
    ["a message with a mark for copies", "<body>hi</body><private xmlns='urn:xmpp:carbons:2'/>", "hi"],
    ["a message with a mark of an archive", "<body>hi</body><archived xmlns='urn:xmpp:mam:2'/>", "hi"],
    [
      "formatted text alone",
      html("<p>Come <b>to\n lunch</b></p><ul><li>at noon<br/>sharp</li></ul><img alt=':-)' src='cid:x'/>"),
      "Come to lunch\nat noon\nsharp\n:-)",
    ],
    ["formatted text under a subject", `<subject>Lunch</subject>${html("at noon")}`, "Lunch\nat noon"],
    ["the body rather than formatted text", `<body>plain</body>${html("formatted")}`, "plain"],
    [
      "a file on the web for others, too",
      `<body>A file, see ${url}</body>${share(web)}${wholeBody("urn:xmpp:sfs:0")}`,
      url,
    ],
    ["a signed message", "<body>hi</body><x xmlns='jabber:x:signed'>AA</x>", "hi"],
    ["a text that only looks like OTR", "<body>?OTRANTO is in Apulia</body>", "?OTRANTO is in Apulia"],
  ])("%s", async (_, inner, body) => {
    const [message, ...more] = await read(inner);
    expect([message?.body, more]).toEqual([body, []]);
    expect(message).not.toHaveProperty("notice");
  });

  it("what somebody wrote beside something that cannot be shown", async () => {
    expect(await read("<body>Are you there?</body><attention xmlns='urn:xmpp:attention:0'/>")).toMatchObject([
      { body: "Are you there?", notice: { kind: "attention" } },
    ]);
  });
});

describe("programs among themselves are silent:", () => {
  it.each([
    ["typing", "<composing xmlns='http://jabber.org/protocol/chatstates'/>"],
    [
      "typing on a device that says more",
      "<composing xmlns='http://jabber.org/protocol/chatstates'/><device xmlns='urn:example:device'/>",
    ],
    ["a receipt", "<received xmlns='urn:xmpp:receipts' id='m1'/>"],
    ["a read marker", "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/><store xmlns='urn:xmpp:hints'/>"],
    [
      "keys for OMEMO",
      `<encrypted xmlns='${nsOmemo}'><header sid='1'><key rid='2'>AA</key></header></encrypted>${eme(nsOmemo)}<store xmlns='urn:xmpp:hints'/>`,
    ],
    [
      "an empty OMEMO 2 message",
      `${eme("urn:xmpp:omemo:2")}<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/></encrypted>`,
    ],
    ["a call that ends", "<retract xmlns='urn:xmpp:jingle-message:0' id='c'/>"],
    ["a call that is taken", "<proceed xmlns='urn:xmpp:jingle-message:0' id='c'/>"],
    ["an event of a node", "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'/></event>"],
    ["nothing at all", ""],
    ["a thread", "<thread>t</thread>"],
    ["what is not to be kept", "<cursor xmlns='urn:example:whiteboard'/><no-store xmlns='urn:xmpp:hints'/>"],
    ["a legacy event", "<x xmlns='jabber:x:event'><composing/></x>"],
    [
      "a status of a room",
      "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='member'/></x>",
      "from='den@rooms.example.test'",
    ],
    ["the end of a conference", "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>"],
    ["a copy inside of a copy", "<forwarded xmlns='urn:xmpp:carbons:2'/>"],
  ])("%s", async (_, inner, attributes?: string) => {
    expect(await read(inner, attributes)).toEqual([]);
  });

  it("a headline that nobody knows", async () => {
    expect(await read("<feed xmlns='urn:example:feed'/>", `from='${bob}/x' type='headline'`)).toEqual([]);
  });

  it("a service, unless it asks something of the person", async () => {
    expect(await read("<feed xmlns='urn:example:feed'/>", "from='pubsub.example.test'")).toEqual([]);
    expect(
      await read("<confirm xmlns='http://jabber.org/protocol/http-auth' id='1'/>", "from='www.example.test'"),
    ).toMatchObject([{ peer: "www.example.test", notice: { kind: "other" } }]);
  });

  it("what nobody knows is told once in ten minutes, for each person on the list", async () => {
    let now = 1_000_000_000_000;
    const test = await startTestSession({
      environment: { now: () => now },
      roster: `<item jid='${bob}' subscription='both'/><item jid='carol@example.test' subscription='none'/>`,
    });
    const send = (from: string) =>
      test.feed(`<message from='${from}/x' type='chat'><move xmlns='urn:example:chess'/></message>`);
    send(bob);
    send(bob);
    send("carol@example.test");
    send("mallory@evil.test");
    expect(messagesOf(test).map(({ peer }) => peer)).toEqual([bob, "carol@example.test"]);
    now += 10 * 60_000;
    send(bob);
    expect(messagesOf(test)).toHaveLength(3);
  });

  it("and once in ten minutes of the archive's time, with what was told live and what a page brings again", () => {
    const start = 1_000_000_000_000;
    const minutes = (n: number): number => start + n * 60_000;
    const unnamed = new Unnamed(() => start);
    const mayTell: Unnamed["mayTell"] = (draft, peer, what) => unnamed.mayTell(draft, peer, what);
    const tell = (via: "live" | "archive", id: string, at?: number): boolean =>
      mayTell({ via, id, at, wantsDelivered: false, wantsRead: false }, bob, "urn:example:chess");
    expect([tell("live", "a"), tell("live", "b")]).toEqual([true, false]);
    // What the limit kept back live does not come out of the archive; what it told may be the archive's to keep.
    expect([
      tell("archive", "b", minutes(1)),
      tell("archive", "a", minutes(0)),
      tell("archive", "b", minutes(1)),
    ]).toEqual([false, true, false]);
    // Long ago counts as then, and neither as now nor for what comes now.
    expect([-60, -55, -50, -45].map((n) => tell("archive", `old${n}`, minutes(n)))).toEqual([true, false, true, false]);
    expect([tell("archive", "old-50", minutes(-50)), tell("live", "c")]).toEqual([true, false]);
  });

  it("but each kind of it, and each one of which its sender wants to know whether the person has it", async () => {
    const test = await start();
    const send = (inner: string) => test.feed(`<message from='${bob}/x' type='chat' id='m'>${inner}</message>`);
    send("<active xmlns='http://jabber.org/protocol/chatstates'/><move xmlns='urn:example:chess'/>");
    send("<poll xmlns='urn:example:poll'/>");
    send("<move xmlns='urn:example:chess'/>");
    for (const ask of ["<request xmlns='urn:xmpp:receipts'/>", "<markable xmlns='urn:xmpp:chat-markers:0'/>"])
      send(`<poll xmlns='urn:example:poll'/>${ask}`);
    const poll = "urn:example:poll";
    expect(messagesOf(test).map(({ notice }) => notice?.what)).toEqual(["urn:example:chess", poll, poll, poll]);
  });
});

describe("another own device", () => {
  const sent = (inner: string, to = bob) =>
    `<message from='alice@example.test' to='alice@example.test/desk'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='alice@example.test/phone' to='${to}' type='chat' id='m3'>${inner}</message></forwarded></sent></message>`;

  it.each([
    [
      "encrypts",
      `<body>I sent you an OMEMO encrypted message</body>${payload(nsOmemo)}`,
      { kind: "encrypted", what: "OMEMO" },
    ],
    ["reacts", react("<reaction>👍</reaction>"), { kind: "reaction", what: "👍" }],
    ["calls", propose(), { kind: "call" }],
  ])("%s: a line that the person did it there, no text of the program's", async (_, inner, notice) => {
    const test = await start();
    test.feed(sent(inner));
    expect(messagesOf(test)).toEqual([
      expect.objectContaining({ peer: bob, direction: "out", via: "carbon", body: "", notice }),
    ]);
  });
});

describe("a session that begins without a word before", () => {
  const initiate = (from: string, inner: string) =>
    `<iq type='set' id='i' from='${from}' to='alice@example.test/desk'>${inner}</iq>`;
  const session =
    "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'><content><description xmlns='urn:xmpp:jingle:apps:rtp:1'/></content></jingle>";

  it("is refused, and told where it is somebody's on the list", async () => {
    const test = await start();
    test.feed(initiate(`${bob}/x`, session));
    test.feed(initiate("eve@evil.test/x", session));
    test.feed(initiate(`${bob}/x`, "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s'/>"));
    test.feed(initiate(`${bob}/x`, "<si xmlns='http://jabber.org/protocol/si' id='f'/>"));
    expect(messagesOf(test)).toMatchObject([
      { peer: bob, id: "s", notice: { kind: "call" } },
      { peer: bob, id: "f", notice: { kind: "file" } },
    ]);
    expect(test.sent).toHaveLength(4);
    for (const reply of test.sent) expect(reply).toContain("<service-unavailable");
  });
});
