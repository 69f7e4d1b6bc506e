import { describe, expect, it } from "vitest";
import type { IncomingMessage } from "../../facets/messages.ts";
import { startTestSession } from "../testing/session.ts";

/** Lines about files, links, places, calls and ciphers, and about what stands beside them in the same message. */
const bob = "bob@example.test";

async function read(
  inner: string,
  attributes = `from='${bob}/x' type='chat' id='m2'`,
): Promise<readonly IncomingMessage[]> {
  const test = await startTestSession({ roster: `<item jid='${bob}' subscription='both'/>` });
  test.feed(`<message ${attributes} to='alice@example.test/desk'>${inner}</message>`);
  return test.events.flatMap((event) => (event.type === "message" ? [event.message] : []));
}
/** Body and notice of each message. */
const told = async (inner: string, attributes?: string) =>
  (await read(inner, attributes)).map(({ body, notice }) => [body, notice]);

describe("XEP-0380", () => {
  const eme = (namespace: string, name = "") =>
    `<encryption xmlns='urn:xmpp:eme:0' namespace='${namespace}'${name && ` name='${name}'`}/>`;
  it.each([
    ["eu.siacs.conversations.axolotl", "OMEMO"],
    ["urn:xmpp:omemo:0", "OMEMO"],
    ["urn:xmpp:omemo:1", "OMEMO"],
    ["urn:xmpp:omemo:2", "OMEMO"],
    ["urn:xmpp:openpgp:0", "OpenPGP"],
    ["jabber:x:encrypted", "OpenPGP"],
    ["urn:xmpp:otr:0", "OTR"],
    ["urn:ietf:params:xml:ns:xmpp-e2e", "S/MIME"],
    ["http://www.xmpp.org/extensions/xep-0200.html#ns", "XEP-0200"],
    ["urn:xmpp:mls:0", "MLS"],
  ])("names %s, whether it is there or only said, whatever the sender calls it", async (xmlns, method) => {
    const notice = { kind: "encrypted", what: method };
    expect(await told(`<body>x</body><any xmlns='${xmlns}'><payload/></any>`)).toEqual([["", notice]]);
    expect(await told(`<body>x</body>${eme(xmlns, "something else")}`)).toEqual([["", notice]]);
    expect(await told(`<any xmlns='${xmlns}'><payload/></any>${eme("urn:example:cipher", "Rot13")}`)).toEqual([
      ["", notice],
    ]);
  });

  it("takes nothing else of its namespace for encryption, and shows no name of which nothing is seen", async () => {
    expect(await told("<body>hi</body><other xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>")).toEqual([
      ["hi", undefined],
    ]);
    expect(await told(`<body>x</body>${eme("urn:example:cipher", "&#x200B;")}`)).toEqual([
      ["", { kind: "encrypted", what: "urn:example:cipher" }],
    ]);
    expect(await told("<body>x</body><encryption xmlns='urn:xmpp:eme:0'/>")).toEqual([["", { kind: "encrypted" }]]);
  });

  it("leaves a retraction one that stands beside it", async () => {
    const test = await startTestSession({ roster: `<item jid='${bob}' subscription='both'/>` });
    test.feed(
      `<message from='${bob}/x' type='chat' id='m3'><retract xmlns='urn:xmpp:message-retract:1' id='m1'/>${eme("urn:xmpp:omemo:2")}</message>`,
    );
    expect(test.events.filter(({ type }) => type === "message")).toEqual([]);
    expect(test.events.filter((event) => JSON.stringify(event).includes("retraction"))).toHaveLength(1);
  });
});

describe("XEP-0447", () => {
  const source = (target: string, attribute = "target") =>
    `<sources><url-data xmlns='http://jabber.org/protocol/url-data' ${attribute}='${target}'/></sources>`;
  const share = (inner: string) => `<file-sharing xmlns='urn:xmpp:sfs:0'>${inner}</file-sharing>`;
  const file = (xmlns: string, inner = "<name>plan.pdf</name>") => `<file xmlns='${xmlns}'>${inner}</file>`;
  const named = { kind: "file", what: "plan.pdf" };

  it.each([
    "urn:xmpp:file:metadata:0",
    "urn:xmpp:jingle:apps:file-transfer:5",
    "urn:xmpp:jingle:apps:file-transfer:4",
    "urn:xmpp:jingle:apps:file-transfer:3",
  ])("names a file by %s, and by what is said of it where it has no name", async (xmlns) => {
    expect(await told(share(file(xmlns)))).toEqual([["", named]]);
    expect(await told(share(file(xmlns, "<desc>The plan</desc>")))).toEqual([["", { kind: "file", what: "The plan" }]]);
    expect(
      await told(
        `<reference xmlns='urn:xmpp:reference:0'><media-sharing xmlns='urn:xmpp:sims:1'>${file(xmlns)}</media-sharing></reference>`,
      ),
    ).toEqual([["", named]]);
  });

  it.each([
    ["https://x.example/a", "target"],
    ["HTTP://x.example/a", "uri"],
    [`https://x.example/${"a".repeat(4_000 - 18)}`, "target"],
  ])("tells %s by its address", async (url, attribute) => {
    expect(await told(share(file("urn:xmpp:file:metadata:0") + source(url, attribute)))).toEqual([[url, undefined]]);
  });

  it.each([
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://x.example/a b",
    "x https://x.example/a",
    "https://",
    `https://x.example/${"a".repeat(4_001 - 18)}`,
  ])("opens no way to %s", async (url) => {
    expect(await told(share(file("urn:xmpp:file:metadata:0") + source(url)))).toEqual([["", named]]);
  });

  it("tells every file of a message, in either form, those without an address by their names", async () => {
    const one = (n: number): string => source(`https://x.example/${n}`);
    const shared = (inner: string): string =>
      `<reference xmlns='urn:xmpp:reference:0'><media-sharing xmlns='urn:xmpp:sims:1'>${inner}</media-sharing></reference>`;
    const mention = "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:alice@example.test'/>";
    const both = "https://x.example/1\nhttps://x.example/2";
    expect(await told(share(one(1)) + share(one(2)))).toEqual([[both, undefined]]);
    expect(await told(mention + shared(one(1)) + shared(one(2)))).toEqual([[both, undefined]]);
    expect(await told(`<body>https://x.example/1</body>${share(one(1))}${share(one(2))}`)).toEqual([[both, undefined]]);
    const xmlns = "urn:xmpp:file:metadata:0";
    const names = share(file(xmlns, "<name>a.pdf</name>")) + share(file(xmlns, "<name>b.pdf</name>"));
    expect(await told(names)).toEqual([["", { kind: "file", what: "a.pdf, b.pdf" }]]);
    expect(await told(share(one(1)) + names)).toEqual([
      ["https://x.example/1", { kind: "file", what: "a.pdf, b.pdf" }],
    ]);
    const many = Array.from({ length: 20 }, (_, n) => share(one(n))).join("");
    expect((await read(many))[0]?.body.split("\n")).toHaveLength(16);
  });

  it("leaves what somebody wrote beside it, and a mention that shares nothing", async () => {
    expect(await told(`<body>Look</body>${share(source("https://x.example/a"))}`)).toEqual([["Look", undefined]]);
    expect(
      await told(
        "<body>Hi Alice</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:alice@example.test'/>",
      ),
    ).toEqual([["Hi Alice", undefined]]);
  });
});

describe("XEP-0066 and XEP-0080", () => {
  const link = (url: string, about = "") =>
    `<x xmlns='jabber:x:oob'><url>${url}</url>${about && `<desc>${about}</desc>`}</x>`;
  const place = (inner: string) => `<geoloc xmlns='http://jabber.org/protocol/geoloc'>${inner}</geoloc>`;

  it("show no empty link, none that the text says already, and 4,000 characters of one", async () => {
    const unknown = ["", { kind: "other", what: "jabber:x:oob" }];
    expect([await told(link("  ")), await told(link("", "about nothing"))]).toEqual([[unknown], [unknown]]);
    expect(await told(`<body>hi</body>${link("https://x.example/")}`)).toEqual([["hi", undefined]]);
    expect(await told(link(" https://x.example/ ", "  "))).toEqual([["https://x.example/", undefined]]);
    const long = (length: number): string => `https://x.example/${"a".repeat(length - 18)}`;
    expect(await told(link(long(4_000)))).toEqual([[long(4_000), undefined]]);
    expect((await told(link(long(4_001))))[0]?.[0]).toHaveLength(4_000);
  });

  it("show every link of a message, also where the body has the first alone, and sixteen at most", async () => {
    const [a, b] = ["https://x.example/a", "https://x.example/b"];
    expect(await told(link(a) + link(" ") + link(b, "The plan"))).toEqual([[`${a}\nThe plan\n${b}`, undefined]]);
    expect(await told(`<body>${a}</body>${link(a)}${link(b)}`)).toEqual([[`${a}\n${b}`, undefined]]);
    const fallback = "<fallback xmlns='urn:xmpp:fallback:0' for='jabber:x:oob'/>";
    expect(await told(`<body>Two files: ${a}</body>${link(a)}${link(b)}${fallback}`)).toEqual([
      [`${a}\n${b}`, undefined],
    ]);
    const many = Array.from({ length: 20 }, (_, n) => link(`${a}${n}`)).join("");
    expect((await read(many))[0]?.body.split("\n")).toHaveLength(16);
  });

  it("tell a place by its coordinates, else by its words, else that there is one", async () => {
    const told1 = async (inner: string) => (await told(place(inner)))[0]?.[1];
    expect(await told1("<lat>48.1</lat><lon>2.3</lon><text>Paris</text>")).toEqual({
      kind: "location",
      what: "48.1, 2.3",
    });
    expect(await told1("<text>Paris</text>")).toEqual({ kind: "location", what: "Paris" });
    expect(await told1("<lat>48.1</lat>")).toEqual({ kind: "location", what: "48.1" });
    expect(await told1("")).toEqual({ kind: "location" });
  });
});

describe("XEP-0353 and XEP-0482", () => {
  const file = "<content><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></content>";
  it.each([
    ["<propose xmlns='urn:xmpp:jingle-message:0' id='c1'/>", "call"],
    ["<propose xmlns='urn:xmpp:jingle-message:1' id='c1'/>", "call"],
    [`<propose xmlns='urn:xmpp:jingle-message:1' id='c1'>words${file}</propose>`, "file"],
    ["<invite xmlns='urn:xmpp:call-invites:0' id='c1'/>", "call"],
  ])("tell of %s by the call's own number where the message has none", async (inner, kind) => {
    const attributes = `from='${bob}/x' type='chat'`;
    expect(await read(inner, attributes)).toMatchObject([{ id: "c1", body: "", notice: { kind } }]);
    expect(await read(inner)).toMatchObject([{ id: "m2", notice: { kind } }]);
  });

  it.each(["ringing", "proceed", "reject", "finish", "retract", "invite"])(
    "say nothing of `%s` in the one",
    async (name) => {
      expect(await read(`<${name} xmlns='urn:xmpp:jingle-message:0' id='c1'/>`)).toEqual([]);
    },
  );

  it.each(["retract", "accept", "reject", "left", "propose"])("say nothing of `%s` in the other", async (name) => {
    expect(await read(`<${name} xmlns='urn:xmpp:call-invites:0' id='c1'/>`)).toEqual([]);
  });
});

describe("XEP-0249", () => {
  const invite = (attributes: string, name = "x") => `<${name} xmlns='jabber:x:conference' ${attributes}/>`;
  const room = "den@rooms.example.test";
  const notice = { kind: "invitation", what: room };

  it("tells into which room and why, and the reason once", async () => {
    expect(await told(invite(`jid='${room}'`))).toEqual([["", notice]]);
    expect(await told(invite(`jid='${room}' reason='  '`))).toEqual([["", notice]]);
    expect(await told(invite(`jid='${room}' reason=' Tea '`))).toEqual([["Tea", notice]]);
    expect(await told(`<body>Come</body>${invite(`jid='${room}' reason='Tea'`)}`)).toEqual([["Come\nTea", notice]]);
    expect(await told(`<body>Come for Tea</body>${invite(`jid='${room}' reason='Tea'`)}`)).toEqual([
      ["Come for Tea", notice],
    ]);
  });

  it("is of whoever asks, and of the service only where the room itself does", async () => {
    expect(await read(invite(`jid='${room}'`))).toMatchObject([{ peer: bob }]);
    expect(await read(invite(`jid='${room}'`), `from='${room}' id='m2'`)).toMatchObject([
      { peer: "rooms.example.test" },
    ]);
  });

  it("is nothing else of its namespace", async () => {
    expect(await told(`<body>hi</body>${invite(`jid='${room}'`, "y")}`)).toEqual([["hi", undefined]]);
  });
});
