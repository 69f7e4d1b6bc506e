import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openClient, type TestClient } from "../testing/client.ts";
import { useScene } from "../testing/scene.ts";
import { friendly, type ScriptedServer } from "../testing/scripted-server.ts";
import type { SipMessage } from "../wire/message.ts";

let server: ScriptedServer;
let client: TestClient;
let number = 0;

useScene((scene) => {
  ({ server, client } = scene);
});

interface Item {
  readonly method?: string;
  readonly from?: string;
  readonly lines?: readonly string[];
  readonly type?: string;
  readonly body?: string | Buffer;
}

/** Writes a request as it is given, byte for byte, and resolves with what it is answered. */
async function answerTo({
  method = "MESSAGE",
  from = "From: <sip:bob@example.test>;tag=t",
  lines = [],
  type = "text/plain",
  body = "hi",
}: Item): Promise<number> {
  number += 1;
  const callId = `item-${number}`;
  const head = [
    `${method} sip:alice@example.test SIP/2.0`,
    `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK${callId}`,
    from,
    "To: <sip:alice@example.test>",
    `Call-ID: ${callId}`,
    `CSeq: ${number} ${method}`,
    ...lines,
    ...(type === "" ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  server.raw(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]));
  const answer = await server.got((m: SipMessage) => m.kind === "response" && m.callId === callId);
  return answer.kind === "response" ? answer.status : 0;
}

/** The rule of the house: the connection lives, and what comes next is read as if nothing had been. */
async function nextArrives(): Promise<void> {
  const body = `next ${number}`;
  expect(await answerTo({ body })).toBe(200);
  await client.event("message", (e) => e.message.body === body && e.message.peer === "bob@example.test");
  expect(client.events.filter((e) => e.type === "connection-lost")).toEqual([]);
}

const notNeeded: readonly (readonly [string, Item])[] = [
  ["white space within a type", { type: "text / plain ; charset=utf-8" }],
  ["a Latin-1 display name", { from: 'From: "Jos\xe9" <sip:bob@example.test>;tag=t' }],
  ["a display name in KOI8-R", { from: 'f: "\xe9\xd7\xc1\xce" <sip:bob@example.test>;tag=t' }],
  [
    "a display name with an address in it",
    { from: 'From: "ceo@example.test <sip:ceo@example.test>" <sip:bob@example.test>;tag=t' },
  ],
  ["a display name with a comma and no quotes", { from: "From: Smith, Bob <sip:bob@example.test>;tag=t" }],
  ["a display name in an encoded word", { from: "From: =?koi8-r?B?6dfBzg==?= <sip:bob@example.test>;tag=t" }],
  [
    "a From with many blanks",
    { from: `From:${" ".repeat(1_000)}"Bob"${" ".repeat(1_000)}<sip:bob@example.test>;tag=t` },
  ],
  ["a folded From", { from: "From: Bob\r\n <sip:bob@example.test>\r\n\t;tag=t" }],
  ["a Latin-1 subject", { lines: ["Subject: caf\xe9"] }],
  ["a Latin-1 header of no known name", { lines: ["X-D\xe9partement: 1"] }],
  ["a line without a colon", { lines: ["garbage"] }],
  ["a line of a colon alone", { lines: [":"] }],
  ["a blank in a name", { lines: ["X Odd: 1"] }],
  ["a folded line behind garbage", { lines: ["garbage", " From: <sip:mallory@example.test>"] }],
  ["a folded subject", { lines: ["s: one", "\ttwo", "  three"] }],
  ["a subject twice", { lines: ["Subject: a", "s: b"] }],
  [
    "empty values",
    { lines: ["Subject:", "Contact:", "Date:", "Message-ID:", "Accept:", "Require:", "P-Asserted-Identity:"] },
  ],
  ["a header of 60 kB", { lines: [`X-Long: ${"x".repeat(60_000)}`] }],
  ["a Date and a Contact that make no sense", { lines: ["Date: yesterday", "m: <<<>>,,;;", 'Contact: "'] }],
];

describe("a message with what nobody needs", () => {
  it.each(notNeeded)("is taken: %s", async (_, item) => {
    expect(await answerTo(item)).toBe(200);
    await client.event("message", (e) => e.message.body === "hi" && e.message.peer === "bob@example.test");
    await nextArrives();
  });

  it.each(["OPTIONS", "NOTIFY", "SUBSCRIBE", "INVITE", "CANCEL", "UNHEARD-OF"])(
    "is answered as without it: %s",
    async (method) => {
      const plain = await answerTo({ method, type: "", body: "" });
      for (const [, item] of notNeeded) expect(await answerTo({ method, type: "", body: "", ...item })).toBe(plain);
      await nextArrives();
    },
  );
});

const cpim = (head: string, type: string, content: string): Item => ({
  type: "message/cpim",
  body: `${head}\r\n\r\nContent-Type: ${type}\r\n\r\n${content}`,
});
const from = "From: <sip:bob@example.test>";

it.each<readonly [string, readonly string[]]>([
  ["a line without a colon", ["garbage"]],
  ["a name with a blank", ["X Odd: 1"]],
  ["a namespace without its brackets", ["NS: imdn urn:ietf:params:imdn", "imdn.Message-ID: 1"]],
  ["a Latin-1 subject", ["X-Name: Jos\xe9"]],
  ["200 headers", Array.from({ length: 200 }, () => "A: b")],
])("an envelope with what nobody needs is taken: %s", async (_, lines) => {
  const { type, body } = cpim([from, ...lines].join("\r\n"), "text/plain", "hi");
  expect(await answerTo({ ...(type ? { type } : {}), body: Buffer.from(String(body), "latin1") })).toBe(200);
  await client.event("message", (e) => e.message.body === "hi" && e.message.peer === "bob@example.test");
  await nextArrives();
});

describe("what cannot be taken costs itself and nothing else", () => {
  it.each<readonly [string, number, Item]>([
    ["more header lines than are read", 513, { lines: Array.from({ length: 300 }, (_, n) => `X-${n}: 1`) }],
    ["a longer header section than is read", 513, { lines: [`X-Long: ${"x".repeat(100_000)}`] }],
    ["a From of 100 kB", 513, { from: `From: "${"x".repeat(100_000)}" <sip:bob@example.test>;tag=t` }],
    ["a body over the limit", 413, { body: "x".repeat(1_048_577) }],
    ["a body far over the limit", 413, { body: "x".repeat(5_000_000) }],
    ["a text over the limit", 413, { body: "x".repeat(200_000) }],
    [
      "a body that decompresses to over the limit",
      413,
      { lines: ["Content-Encoding: gzip"], body: gzipSync(Buffer.alloc(3 << 20)) },
    ],
    ["no From", 400, { from: "X: y" }],
    ["an empty From", 400, { from: "From:" }],
    ["two Froms", 400, { lines: ["From: <sip:ceo@example.test>;tag=t"] }],
    ["two Froms, one of them compact", 400, { lines: ["f: <sip:ceo@example.test>;tag=t"] }],
    ["two types", 400, { lines: ["c: message/cpim"] }],
    ["a From that cannot be read", 400, { from: "From: <<<;;" }],
    ["a quote in From that does not end", 400, { from: 'From: "\x95\x5c" <sip:bob@example.test>;tag=t' }],
    ["a bare LF", 400, { lines: ["Subject: x\nFrom: <sip:ceo@example.test>;tag=t"] }],
    ["a bare CR", 400, { lines: ["Subject: x\rFrom: <sip:ceo@example.test>;tag=t"] }],
    ["a bare LF in From", 400, { from: "From: <sip:bob@example.test>;tag=t\nFrom: <sip:ceo@example.test>;tag=u" }],
    ["a NUL", 400, { lines: ["Subject: \0"] }],
    ["a NUL in From", 400, { from: "From: <sip:ceo\0@example.test>;tag=t" }],
    ["an escape character", 400, { lines: ["X: \u001b[2J"] }],
    ["two addresses in one From", 400, { from: "From: <sip:bob@example.test>, <sip:ceo@example.test>;tag=t" }],
    ["an address in the name of another", 400, { from: "From: x <sip:bob@example.test> <sip:ceo@example.test>;tag=t" }],
    [
      "a quote in the middle of a name",
      400,
      { from: 'From: x" <sip:ceo@example.test>;tag=t, " <sip:bob@example.test>' },
    ],
    ["an address behind the brackets", 400, { from: 'From: <sip:bob@example.test>;x="<sip:ceo@example.test>";tag=t' }],
    ["blanks without end in From", 400, { from: `From: Bob${" ".repeat(60_000)}x` }],
    ["blanks without end in a From over the limit", 513, { from: `From: Bob${" ".repeat(3_000_000)}x` }],
    ["escapes without end in From", 513, { from: `From: "${'\\"'.repeat(1_500_000)}` }],
    ["a trailing dot", 400, { from: "From: <sip:ceo@example.test.>;tag=t" }],
    ["an escaped letter", 400, { from: "From: <sip:%63eo@example.test>;tag=t" }],
    ["another port", 400, { from: "From: <sip:ceo@example.test:9999>;tag=t" }],
    ["a password", 400, { from: "From: <sip:ceo:x@example.test>;tag=t" }],
    ["an envelope in an envelope", 400, cpim(from, "message/cpim", `${from}\r\n\r\nContent-Type: text/plain\r\n\r\nx`)],
    ["a bare LF in an envelope", 400, cpim(`${from}\r\nSubject: x\nFrom: <sip:ceo@example.test>`, "text/plain", "x")],
    ["a text over the limit in an envelope", 413, cpim(from, "text/plain", "x".repeat(200_000))],
    [
      "a receipt over its limit",
      400,
      { type: "message/imdn+xml", body: `<imdn xmlns="urn:ietf:params:xml:ns:imdn">${"<x/>".repeat(5_000)}</imdn>` },
    ],
    [
      "typing over its limit",
      400,
      {
        type: "application/im-iscomposing+xml",
        body: `<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">${"<x>".repeat(100)}${"</x>".repeat(100)}</isComposing>`,
      },
    ],
    ["a charset that is not read", 415, { type: "text/plain;charset=koi8-r" }],
    ["an empty type", 415, { lines: ["Content-Type:"], type: "" }],
    ["bytes that are no text", 400, { body: Buffer.from([0xff, 0xfe]) }],
  ])("%s", async (_, status, item) => {
    expect(await answerTo(item)).toBe(status);
    await nextArrives();
    expect(client.events.filter((e) => e.type === "message" && e.message.notice === undefined)).toHaveLength(1);
  });

  it.each(["OPTIONS", "NOTIFY", "SUBSCRIBE", "INVITE", "UNHEARD-OF"])("%s over a limit", async (method) => {
    await client.connection.contacts.add("bob@example.test", "Bob", []);
    expect(await answerTo({ method, body: "x".repeat(1_100_000) })).toBe(413);
    expect(await answerTo({ method, lines: Array.from({ length: 300 }, (_, n) => `X-${n}: 1`) })).toBe(513);
    expect(await answerTo({ method, lines: ["X: a\nb"] })).toBe(400);
    await nextArrives();
  });

  it("tells a stranger no more than any other request does", async () => {
    const from = "From: <sip:mallory@evil.test>;tag=t";
    const plain = await answerTo({ method: "OPTIONS", from });
    expect(plain).toBe(480);
    expect(await answerTo({ method: "OPTIONS", from, lines: ["X: a\nb"] })).toBe(plain);
    expect(await answerTo({ method: "OPTIONS", from: "From: <sip:ceo@example.test.>;tag=t" })).toBe(plain);
    expect(await answerTo({ method: "OPTIONS", from: "From: <sip:evil.test>;tag=t" })).toBe(plain);
  });

  it("never comes back out with a control character in it", async () => {
    let wire = "";
    server.onBytes = (bytes) => {
      wire += Buffer.from(bytes).toString("latin1");
    };
    const names = ["Via", "From", "To", "Call-ID", "CSeq", "Subject", "Require", "Content-Type", "Reason", "Warning"];
    for (const name of names) {
      server.raw(
        `MESSAGE sip:alice@example.test SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK${name}\r\nFrom: <sip:bob@example.test>;tag=t\r\nTo: <sip:alice@example.test>\r\nCall-ID: ${name}\r\nCSeq: 1 MESSAGE\r\n${name}: x\nFrom: <sip:boss@example.test>;tag=9\rX\0\u007f\r\nContent-Length: 0\r\n\r\n`,
      );
    }
    await nextArrives();
    const heads = [...wire.matchAll(/SIP\/2\.0 400 .*?\r\n\r\n/gs)].map(([head]) => head);
    expect(heads.map((head) => /branch=z9hG4bK([A-Za-z-]+)/.exec(head)?.[1]).sort()).toEqual(names.sort());
    for (const head of heads) expect(head.replaceAll("\r\n", "")).not.toMatch(/[\0-\x08\n-\x1f\x7f]/);
  });
});

describe("an answer that cannot be read as it is", () => {
  const odd: readonly (readonly [string, readonly string[]])[] = [
    ["a line without a colon", ["garbage"]],
    ["a blank in a name", ["X Odd: 1"]],
    ["a Latin-1 name", ['Contact: "Andr\u00e9" <sip:x@y>', "Server: caf\u00e9"]],
    ["a bare LF", ["Server: a\nb"]],
    ["a NUL", ["Server: \0"]],
    ["too many lines", Array.from({ length: 300 }, (_, n) => `X-${n}: 1`)],
    ["a long head", [`X: ${"x".repeat(100_000)}`]],
    ["From twice", ["From: <sip:alice@example.test>;tag=2"]],
  ];

  it.each(odd)("counts as its status: %s", async (_, lines) => {
    server.script = (request, times) => {
      const answer = friendly(request, times);
      return answer && { ...answer, headers: [...(answer.headers ?? []), ...lines] };
    };
    const other = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" });
    try {
      await other.signIn();
      const id = "11111111-1111-4111-8111-111111111111";
      await other.connection.messages.send({
        id,
        to: "bob@example.test",
        body: "x",
        at: Date.now(),
        wantReceipts: false,
      });
      expect((await other.event("delivery", (e) => e.id === id)).state).toBe("sent");
      await other.connection.presence.set({ availability: "busy" });
      expect(other.events.filter((e) => e.type === "connection-lost")).toEqual([]);
    } finally {
      other.connection.close();
    }
  });

  it("counts as its status with a body over the limit, too", async () => {
    server.script = (request, times) =>
      request.method === "MESSAGE" ? { status: 200, body: "x".repeat(1_100_000) } : friendly(request, times);
    const id = "11111111-1111-4111-8111-111111111111";
    await client.connection.messages.send({
      id,
      to: "bob@example.test",
      body: "x",
      at: Date.now(),
      wantReceipts: false,
    });
    expect((await client.event("delivery", (e) => e.id === id)).state).toBe("sent");
    await nextArrives();
  });
});
