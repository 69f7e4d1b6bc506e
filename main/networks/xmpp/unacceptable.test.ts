import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { everyone, subscribers } from "./senders.ts";
import { createTestCertificate, type TestCertificate } from "./testing/certificate.ts";
import { openTestClient, type TestClient } from "./testing/client.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "./testing/scripted-server.ts";
import { startTestSession } from "./testing/session.ts";

let certificate: TestCertificate;
let cleanups: (() => unknown)[] = [];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  const all = cleanups.reverse();
  cleanups = [];
  for (const clean of all) await clean();
});

async function signedIn(
  options: ScriptOptions = {},
): Promise<{ readonly script: ScriptedServer; readonly client: TestClient }> {
  const script = await startScriptedServer({ certificate, ...options });
  cleanups.push(() => script.stop());
  const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem });
  cleanups.push(() => client.connection.close());
  await client.connection.connect({ availability: "available" }, new AbortController().signal);
  // The last that is asked for at the beginning: after it nothing comes of itself.
  await script.client.until((e) => e.getChild("query", "http://jabber.org/protocol/disco#items") !== undefined);
  return { script, client };
}
/** How many stanzas the client says that it has had (XEP-0198). */
async function countedBy({ client }: ScriptedServer): Promise<number> {
  const before = client.elements.length;
  client.write("<r xmlns='urn:xmpp:sm:3'/>");
  const answer = await client.until((e) => e.name === "a" && client.elements.indexOf(e) >= before);
  return Number(answer.attrs["h"]);
}
const bodies = ({ events }: TestClient) => events.flatMap((e) => (e.type === "message" ? [e.message.body] : []));
const next =
  "<message from='bob@example.test/x' to='alice@example.test' type='chat' id='n'><body>next</body></message>";
const deep = `${"<a xmlns='x:y'>".repeat(70)}${"</a>".repeat(70)}`;
const payloads: readonly (readonly [string, string])[] = [
  ["an attribute of 70 kB", `<html xmlns='h'><img src='${"A".repeat(70_000)}'/></html>`],
  ["a tag of over 1 MiB", `<img xmlns='h' src='${"A".repeat(1_100_000)}'/>`],
  ["70 levels", deep],
  ["300 attributes", `<a xmlns='x:y' ${Array.from({ length: 300 }, (_, i) => `b${i}=''`).join(" ")}/>`],
  [
    "300 namespaces",
    `<a xmlns='x:y' ${Array.from({ length: 300 }, (_, i) => `xmlns:b${i}='n'`).join(" ")}><b299:c/></a>`,
  ],
  [
    "attributes with names of objects",
    "<a xmlns='x:y' __proto__='z' constructor='z' hasOwnProperty='z' toString='z'/>",
  ],
  [
    "elements with names of objects",
    "<__proto__ xmlns='__proto__'/><constructor xmlns='constructor'/><x xmlns='toString'/>",
  ],
  ["a prefix that is not declared", "<p:x><y/></p:x>"],
  ["a name with two colons", "<a:b:c/>"],
  ["a name of 70 kB", `<${"n".repeat(70_000)} xmlns='x:y'/>`],
  ["a name of over 1 MiB", `<${"n".repeat(1_100_000)} xmlns='x:y'/>`],
  ["100,000 children", `<a xmlns='x:y'>${"<b/>".repeat(100_000)}</a>`],
  ["over 1 MiB of text", `<a xmlns='x:y'>${"t".repeat(1_200_000)}</a>`],
  ["over 1 MiB of references", `<a xmlns='x:y'>${"&apos;".repeat(200_000)}</a>`],
];
const inside = (payload: string, attributes = "") =>
  `<message from='mallory@evil.test/x' to='alice@example.test' type='chat' id='p'${attributes}><body>hi</body>${payload}</message>`;

describe("an item over a limit costs itself: its text is kept, it counts, and the next one arrives", () => {
  for (const [what, payload] of payloads) {
    it(what, async () => {
      const { script, client } = await signedIn();
      const before = await countedBy(script);
      script.client.write(`${inside(payload)}${next}`);
      expect(await countedBy(script)).toBe(before + 2);
      expect(bodies(client)).toEqual(["hi", "next"]);
      expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
    });
  }

  it("a message whose own start tag is over a limit", async () => {
    const { script, client } = await signedIn();
    script.client.write(
      `${inside("", ` x='${"A".repeat(70_000)}'`)}${inside("", ` x='${"A".repeat(1_100_000)}'`)}${next}`,
    );
    await client.until("message", ({ message }) => message.body === "next");
    // Of the second it is not even known whom it is from: it must not pass for one of the account's own.
    expect(
      client.events.flatMap((e) =>
        e.type === "message" ? [[e.message.peer, e.message.direction, e.message.body]] : [],
      ),
    ).toEqual([
      ["mallory@evil.test", "in", "hi"],
      ["bob@example.test", "in", "next"],
    ]);
    expect(client.events).toContainEqual({ type: "refused", what: "a stanza that was too large to be read" });
  });

  it("a message of a contact of which nothing is left is a line, one in a while, and of a stranger none", async () => {
    const roster = "<item jid='bob@example.test' subscription='both'/>";
    const { feed, events } = await startTestSession({ roster });
    const lost = `<a xmlns='x:y'>${"t".repeat(1_200_000)}</a><body>behind</body>`;
    const from = (who: string, inner: string) => feed(`<message from='${who}/x' type='chat'>${inner}</message>`);
    const lines = () =>
      events.flatMap((e) => (e.type === "message" ? [[e.message.peer, e.message.body, e.message.notice?.kind]] : []));
    from("bob@example.test", lost);
    for (let n = 0; n < 3; n++) from("bob@example.test", lost);
    from("mallory@evil.test", lost);
    from("bob@example.test", `<composing xmlns='http://jabber.org/protocol/chatstates'/>${lost}`);
    from("bob@example.test", `<event xmlns='http://jabber.org/protocol/pubsub#event'>${lost}</event>`);
    from("bob@example.test", "<body>next</body>");
    expect(lines()).toEqual([
      ["bob@example.test", "", "too-large"],
      ["bob@example.test", "next", undefined],
    ]);
    expect(events.filter((e) => e.type === "refused")).toHaveLength(7);
  });

  it.each([
    ["carbon", (inner: string) => `<received xmlns='urn:xmpp:carbons:2'>${inner}</received>`],
    ["sent elsewhere", (inner: string) => `<sent xmlns='urn:xmpp:carbons:2'>${inner}</sent>`],
  ])("a copy of which nothing is left is a line, too (%s)", async (kind, envelope) => {
    const { feed, events } = await startTestSession({ roster: "<item jid='bob@example.test' subscription='both'/>" });
    const [from, to] = ["bob@example.test/x", "alice@example.test/x"];
    const ends = kind === "carbon" ? `from='${from}' to='${to}'` : `from='${to}' to='${from}'`;
    const lost = `<a xmlns='x:y'>${"t".repeat(1_200_000)}</a>`;
    const inner = `<message xmlns='jabber:client' ${ends} type='chat'>${lost}</message>`;
    const forwarded = `<forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded>`;
    feed(`<message from='alice@example.test'>${envelope(forwarded)}</message>`);
    expect(events.flatMap((e) => (e.type === "message" ? [e.message] : []))).toMatchObject([
      { peer: "bob@example.test", direction: kind === "carbon" ? "in" : "out", notice: { kind: "too-large" } },
    ]);
  });

  it("a text that is too long is shown as far as it goes", async () => {
    const { script, client } = await signedIn();
    script.client.write(
      `<message from='bob@example.test' to='alice@example.test'><body>${"&apos;".repeat(200_000)}</body></message>${next}`,
    );
    await client.until("message", ({ message }) => message.body === "next");
    expect(bodies(client)[0]).toMatch(/^'{60000,}…$/);
  });

  it.each(["presence", "iq"])("a %s", async (kind) => {
    const { script, client } = await signedIn();
    for (const [, payload] of payloads)
      script.client.write(`<${kind} from='mallory@evil.test/x' type='subscribe' id='p'>${payload}</${kind}>`);
    script.client.write(next);
    await client.until("message");
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });

  it("that comes before signing in is over is taken, and does not stand in its way", async () => {
    const early = (n: number) =>
      `<iq type='get' id='early' from='mallory@evil.test/x'><query xmlns='x'/></iq>${next.replace("next", `early ${n}`)}`;
    const { script, client } = await signedIn({
      features: "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
      respond: (e, { write }) => {
        if (e.getChild("session")) write(early(1));
        if (e.name === "enable") write(early(2));
        return undefined;
      },
    });
    await client.until("message", ({ message }) => message.body === "early 2");
    expect(bodies(client)).toEqual(["early 1", "early 2"]);
    const answers = script.client.elements.filter((e) => e.name === "iq" && e.attrs["id"] === "early").length;
    expect(answers).toBe(2);
    const before = await countedBy(script);
    script.client.write(next);
    expect(await countedBy(script)).toBe(before + 1);
  });

  it("after a resumption, too", async () => {
    let taken = 0;
    const { script, client } = await signedIn({
      respond: (e, { count }) =>
        e.name === "r" && count === 0
          ? ""
          : e.name === "resume"
            ? `<resumed xmlns='urn:xmpp:sm:3' previd='previous' h='${taken}'/>${payloads.map(([, payload]) => inside(payload)).join("")}${next}`
            : undefined,
    });
    taken = script.client.count;
    script.client.destroy();
    await client.until("connection-lost");
    expect(await client.connection.connect({ availability: "available" }, new AbortController().signal)).toMatchObject({
      resumed: true,
    });
    await client.until("message", ({ message }) => message.body === "next");
    expect(bodies(client)).toEqual([...payloads.map(() => "hi"), "next"]);
    expect(client.events.filter((e) => e.type === "connection-lost")).toHaveLength(1);
  });
});

describe("a request that is over a limit", () => {
  const contact = "<item jid='bob@example.test' subscription='both'/>";
  const info = "http://jabber.org/protocol/disco#info";

  it("is answered with an error to whoever may ask, and to nobody else differently than ever", async () => {
    const { feed, sent } = await startTestSession({ roster: contact });
    feed(`<iq type='get' id='1' from='bob@example.test/x'><query xmlns='${info}'>${deep}</query></iq>`);
    feed(`<iq type='get' id='2' from='mallory@evil.test/x'><query xmlns='${info}'>${deep}</query></iq>`);
    expect(sent).toEqual([
      expect.stringContaining("<policy-violation"),
      expect.stringContaining("<service-unavailable"),
    ]);
  });

  it("by an id that is too long is not echoed", async () => {
    const { feed, sent, events } = await startTestSession({ roster: contact });
    feed(`<iq type='get' id='${"i".repeat(60_000)}' from='mallory@evil.test/x'><query xmlns='${info}'/></iq>`);
    expect(sent).toEqual([]);
    expect(events).toEqual([{ type: "refused", what: "a request whose id is too long to be echoed" }]);
  });

  it("costs a contact list what is over the limit, and not the contact", async () => {
    const { session } = await startTestSession({
      roster: `<item jid='bob@example.test' name='${"n".repeat(70_000)}' subscription='both'/>${contact.replace("bob", "carol")}`,
    });
    expect([...session.roster.items.keys()]).toEqual(["bob@example.test", "carol@example.test"]);
  });

  it("does not take half a contact list for the whole", async () => {
    const items = Array.from(
      { length: 200_000 },
      (_, n) => `<item jid='contact-${n}@a-rather-long-domain.example.test' name='Contact number ${n}'/>`,
    ).join("");
    const { client } = await signedIn({
      respond: (e) =>
        e.getChild("query", "jabber:iq:roster")
          ? `<iq type='result' id='${e.attrs["id"]}'><query xmlns='jabber:iq:roster'>${items}</query></iq>`
          : undefined,
    });
    await client.until("refused");
    expect(client.events.some((e) => e.type === "roster" || e.type === "connection-lost")).toBe(false);
  });
});

describe("what fails in us costs its stanza", () => {
  const failing = {
    name: "XEP-0000: Failing",
    features: [],
    attach: () => ({
      requests: {
        "get urn:fails": {
          from: subscribers,
          answer: () => {
            throw new TypeError("a fault");
          },
        },
      },
      message: {
        "urn:fails": {
          from: everyone,
          read: () => {
            throw new TypeError("a fault");
          },
        },
      },
      presence: {
        "urn:fails": {
          from: everyone,
          read: () => {
            throw new TypeError("a fault");
          },
        },
      },
      envelopes: {
        "urn:fails:too": {
          from: everyone,
          holds: () => true,
          open: () => {
            throw new TypeError("a fault");
          },
        },
      },
    }),
  };

  it("and those who may know of us are told that it failed", async () => {
    const { feed, sent, events } = await startTestSession({
      extensions: [failing],
      roster: "<item jid='bob@example.test' subscription='both'/>",
    });
    feed("<message from='bob@example.test/x' type='chat' id='1'><body>a</body><x xmlns='urn:fails'/></message>");
    feed("<message from='mallory@evil.test/x' type='chat' id='2'><body>b</body><x xmlns='urn:fails'/></message>");
    feed("<message from='bob@example.test/x' type='error' id='3'><x xmlns='urn:fails:too'/></message>");
    feed("<presence from='bob@example.test/x'><x xmlns='urn:fails'/></presence>");
    feed("<iq type='get' from='bob@example.test/x' id='4'><x xmlns='urn:fails'/></iq>");
    feed("<message from='bob@example.test/x' type='chat' id='5'><body>c</body></message>");
    expect(sent).toEqual([
      expect.stringMatching(/<message type="error" id="1" to="bob.*internal-server-error/),
      expect.stringMatching(/<iq type="error" id="4"/),
    ]);
    expect(events.flatMap((e) => (e.type === "message" ? [e.message.body] : []))).toEqual(["c"]);
  });

  it("an error whose condition is named like something that objects have is an error like others", async () => {
    const { feed, events } = await startTestSession();
    for (const condition of ["constructor", "__proto__", "toString"])
      feed(
        `<message from='bob@example.test' type='error' id='1'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
      );
    expect(events).toHaveLength(3);
    for (const event of events)
      expect(event).toMatchObject({ type: "delivery", state: "failed", error: { code: "server-error" } });
  });
});

describe("copies and archives", () => {
  const forwarded = (payload: string) =>
    `<forwarded xmlns='urn:xmpp:forward:0'>${inside(payload).replace("<message", "<message xmlns='jabber:client'")}</forwarded>`;

  it.each(payloads)("keep the text of a message with %s", async (_, payload) => {
    const { feed, events } = await startTestSession();
    feed(
      `<message from='alice@example.test'><received xmlns='urn:xmpp:carbons:2'>${forwarded(payload)}</received></message>`,
    );
    expect(events).toContainEqual(
      expect.objectContaining({ type: "message", message: expect.objectContaining({ body: "hi", via: "carbon" }) }),
    );
  });

  it.each(payloads)("of an archive give the text of a message with %s", async (_, payload) => {
    const { session, feed, answer, sent } = await startTestSession({ offers: ["urn:xmpp:mam:2"] });
    const pages: string[][] = [];
    const reading = session.facets
      .archive?.()
      ?.catchUp(
        undefined,
        async ({ messages }) => void pages.push(messages.map(({ body }) => body)),
        new AbortController().signal,
      );
    const queryid = /queryid="([^"]+)"/.exec(sent.join(""))?.[1];
    for (const [id, text] of [
      ["1", payload],
      ["2", ""],
    ] as const)
      feed(
        `<message from='alice@example.test'><result xmlns='urn:xmpp:mam:2' queryid='${queryid}' id='${id}'>${forwarded(text)}</result></message>`,
      );
    answer("urn:xmpp:mam:2", "<fin xmlns='urn:xmpp:mam:2' complete='true'/>");
    await reading;
    expect(pages).toEqual([["hi", "hi"]]);
  });
});
