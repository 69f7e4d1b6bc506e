import { beforeEach, describe, expect, it } from "vitest";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { noRules } from "../../connection-rules.ts";
import { openClient, type TestClient } from "../testing/client.ts";
import { useScene } from "../testing/scene.ts";
import type { ScriptedServer } from "../testing/scripted-server.ts";
import type { SipResponse } from "../wire/message.ts";

let server: ScriptedServer;
let client: TestClient;
let number = 0;

useScene((scene) => {
  ({ server, client } = scene);
});

/** Sends a request and resolves with its answer. `callId`: given again, it is one of the same call. */
const answerTo = (
  method: string,
  lines: readonly string[],
  body: string | Uint8Array = "",
  callId?: string,
): Promise<SipResponse> =>
  server.ask(method, [...(callId === undefined ? [] : [`Call-ID: ${callId}`]), ...lines], body);

/** Everything that came as a message until one that is sent now, which is read after it. */
async function arrived(): Promise<readonly { readonly body: string; readonly notice?: MessageNotice }[]> {
  number += 1;
  const mark = `mark ${number}`;
  await answerTo("MESSAGE", ["Content-Type: text/plain"], mark);
  await client.event("message", (e) => e.message.body === mark);
  return client.events.flatMap((e) =>
    e.type === "message" && !e.message.body.startsWith("mark ")
      ? [{ body: e.message.body, ...(e.message.notice === undefined ? {} : { notice: e.message.notice }) }]
      : [],
  );
}

const message = (type: string, body: string | Uint8Array, lines: readonly string[] = []) =>
  answerTo("MESSAGE", [`Content-Type: ${type}`, ...lines], body);
const envelope = (inner: string): string =>
  `From: <sip:bob@example.test>\r\nTo: <sip:alice@example.test>\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: e1\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\n${inner}`;
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]);
const multipart = (...parts: readonly string[]): string =>
  `preamble\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join("")}--b--\r\nepilogue`;
const linked = `<file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp"><file-info type="thumbnail"><file-name>t.png</file-name></file-info><file-info type="file"><file-name>Plan.pdf</file-name><data url="http://x.test/1"/></file-info></file>`;

describe("what stands beside a text", () => {
  const both = envelope(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${multipart("\r\nlook", "Content-Type: image/png\r\n\r\nx")}`,
  );

  it("is told once, however often the message comes", async () => {
    expect((await message("message/cpim", both)).status).toBe(200);
    expect((await message("message/cpim", both)).status).toBe(200);
    expect(await arrived()).toEqual([{ body: "", notice: { kind: "file", what: "image/png" } }, { body: "look" }]);
  });

  it("is not told of a message that is refused", async () => {
    const long = multipart(`\r\n${"x".repeat(70_000)}`, "Content-Type: image/png\r\n\r\nx");
    expect((await message("multipart/mixed; boundary=b", long)).status).toBe(413);
    expect(await arrived()).toEqual([]);
  });
});

describe("a message that cannot be shown", () => {
  it.each<[string, string, string | Uint8Array, readonly string[], MessageNotice]>([
    ["an image", "image/png", png, [], { kind: "file", what: "image/png" }],
    [
      "an image with a name",
      "image/png",
      png,
      ['Content-Disposition: render; filename="a/Holiday.png"'],
      { kind: "file", what: "Holiday.png" },
    ],
    ["a document", "application/pdf;name=Plan.pdf", png, [], { kind: "file", what: "Plan.pdf" }],
    ["a link to a file", "application/vnd.gsma.rcs-ft-http+xml", linked, [], { kind: "file", what: "Plan.pdf" }],
    [
      "a link to a file that cannot be read",
      "application/vnd.gsma.rcs-ft-http+xml",
      "<!DOCTYPE a><a/>",
      [],
      { kind: "file", what: "" },
    ],
    [
      "content elsewhere",
      'message/external-body; access-type="URL"; URL="http://x.test/a/Film.mp4?x=y"',
      "",
      [],
      { kind: "file", what: "Film.mp4" },
    ],
    [
      "S/MIME",
      "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
      png,
      [],
      { kind: "encrypted", what: "S/MIME" },
    ],
    [
      "S/MIME that is only signed",
      "application/pkcs7-mime; smime-type=signed-data",
      png,
      [],
      { kind: "other", what: "application/pkcs7-mime" },
    ],
    [
      "OpenPGP",
      "multipart/encrypted; boundary=b",
      multipart("Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1"),
      [],
      { kind: "encrypted", what: "OpenPGP" },
    ],
    [
      "LIME",
      'multipart/encrypted; boundary=b; protocol="application/lime"',
      multipart("Content-Type: application/lime\r\n\r\nx"),
      [],
      { kind: "encrypted", what: "LIME" },
    ],
    [
      "LIME that only its part names",
      "multipart/encrypted; boundary=b",
      multipart("Content-Type: application/lime\r\n\r\nx"),
      [],
      { kind: "encrypted", what: "LIME" },
    ],
    [
      "a protocol that nobody knows",
      'multipart/encrypted; boundary=b; protocol="application/x-seal"',
      multipart("\r\nx"),
      [],
      { kind: "encrypted", what: "application/x-seal" },
    ],
    ["HTML alone", "text/html", "<b>hi</b>", [], { kind: "other", what: "text/html" }],
    ["a card", "text/vcard", "BEGIN:VCARD", [], { kind: "other", what: "text/vcard" }],
    ["a place", "application/vnd.gsma.rcspushlocation+xml", "<x/>", [], { kind: "location" }],
    ["what nobody knows", "application/x-new+json", "{}", [], { kind: "other", what: "application/x-new+json" }],
    ["text in another charset", "text/plain;charset=iso-8859-1", "x", [], { kind: "other", what: "text/plain" }],
    ["an unknown encoding", "text/plain", "x", ["Content-Encoding: br"], { kind: "other" }],
    [
      "parts without a text",
      "multipart/mixed; boundary=b",
      multipart("Content-Type: image/gif\r\n\r\nGIF"),
      [],
      { kind: "file", what: "image/gif" },
    ],
    ["parts that are none", "multipart/mixed", "x", [], { kind: "other", what: "multipart/mixed" }],
    [
      "an image in an envelope",
      "message/cpim",
      envelope("Content-Type: image/png\r\n\r\nx"),
      [],
      { kind: "file", what: "image/png" },
    ],
    [
      "bytes in an envelope",
      "message/cpim",
      Buffer.concat([Buffer.from(envelope("Content-Type: image/png\r\n\r\n")), png]),
      [],
      { kind: "file", what: "image/png" },
    ],
  ])(
    "%s: its sender is told, and so is the person, and nobody that it was read",
    async (_, type, body, lines, notice) => {
      const answer = await message(type, body, lines);
      expect([answer.status, answer.headers.get("accept") ?? answer.headers.get("accept-encoding")]).toEqual([
        415,
        expect.stringMatching(/text\/plain|deflate/),
      ]);
      expect(await arrived()).toEqual([{ body: "", notice }]);
      for (const event of client.events)
        if (event.type === "message" && event.message.notice)
          expect(event.message).toMatchObject({ wantsDelivered: false, wantsRead: false });
      expect(server.received.filter((m) => m.kind === "request" && m.method === "MESSAGE")).toEqual([]);
    },
  );

  it("makes one line however often the same request comes, also over another connection", async () => {
    const lines = ["From: <sip:bob@example.test>;tag=b", "CSeq: 1 MESSAGE", "Content-Type: image/png"];
    for (let n = 0; n < 2; n += 1) {
      expect(
        (await answerTo("MESSAGE", [...lines, `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKsame${n}`], png, "same"))
          .status,
      ).toBe(n === 0 ? 415 : 482);
    }
    server.cut();
    await client.event("connection-lost");
    await client.signIn();
    expect(
      (await answerTo("MESSAGE", [...lines, "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKother"], png, "same"))
        .status,
    ).toBe(415);
    expect(await arrived()).toHaveLength(1);
    // The same message in another request, as a program sends it that tries again.
    await message("message/cpim", envelope("Content-Type: image/png\r\n\r\nx"));
    await message("message/cpim", envelope("Content-Type: image/png\r\n\r\nx"));
    expect(await arrived()).toHaveLength(2);
  });

  it.each<[string, string, string, string, readonly MessageNotice[]]>([
    [
      "alternatives",
      "multipart/alternative; boundary=b",
      multipart("Content-Type: text/plain\r\n\r\nhé", "Content-Type: text/html\r\n\r\n<b>"),
      "hé",
      [],
    ],
    [
      "a signature",
      'multipart/signed; boundary="b"',
      multipart("Content-Type: text/plain\r\n\r\nsigned", "Content-Type: application/pkcs7-signature\r\n\r\nx"),
      "signed",
      [],
    ],
    [
      "encoded parts",
      "multipart/mixed; boundary=b",
      multipart(
        "Content-Transfer-Encoding: base64\r\n\r\naGkgw6k=",
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9 =\r\nx \t\r\ny",
      ),
      "hi é\né x\r\ny",
      [],
    ],
    [
      "another charset in a part",
      "multipart/mixed; boundary=b",
      multipart("Content-Type: text/plain;charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n=E9"),
      "é",
      [],
    ],
    [
      "a file beside it",
      "multipart/mixed; boundary=b",
      multipart("\r\nlook", 'Content-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\nx'),
      "look",
      [{ kind: "file", what: "a.png" }],
    ],
    [
      "recipients beside it (RFC 5365)",
      "multipart/mixed; boundary=b",
      multipart("\r\nall", "Content-Type: application/resource-lists+xml\r\n\r\n<x/>"),
      "all",
      [],
    ],
    [
      "parts in an envelope",
      "message/cpim",
      envelope(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${multipart("\r\ninside é")}`),
      "inside é",
      [],
    ],
    [
      "an encoded envelope",
      "message/cpim",
      envelope("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGkgw6k="),
      "hi é",
      [],
    ],
  ])("is read where it holds a text: %s", async (_, type, body, text, notices) => {
    expect((await message(type, body)).status).toBe(200);
    expect(await arrived()).toEqual([...notices.map((notice) => ({ body: "", notice })), { body: text }]);
  });

  it("is read by its subject where that is all that it says", async () => {
    expect((await message("text/plain", "", ["Subject: Lunch?"])).status).toBe(200);
    expect((await message("text/plain", "")).status).toBe(200);
    expect(await arrived()).toEqual([{ body: "Lunch?" }]);
  });

  it.each(["?OTR:AAMC=.", "?OTRv23?\nBob would like to talk off the record", "?OTR Error: not expected"])(
    "is no word of a person's where it is OTR, in an envelope, too: %j",
    async (text) => {
      expect((await message("text/plain", text)).status).toBe(200);
      expect((await message("message/cpim", envelope(`Content-Type: text/plain\r\n\r\n${text}`))).status).toBe(200);
      const told = { body: "", notice: { kind: "encrypted", what: "OTR" } };
      expect(await arrived()).toEqual([told, told]);
      for (const event of client.events)
        if (event.type === "message" && event.message.notice)
          expect(event.message).toMatchObject({ wantsDelivered: false, wantsRead: false });
    },
  );

  it("of a program for a program makes no line", async () => {
    expect((await message("application/im-iscomposing+xml", "<x/>")).status).toBe(400);
    expect(await arrived()).toEqual([]);
  });
});

const sdp = (...media: readonly string[]): string =>
  ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", ...media, ""].join("\r\n");
const invite = (lines: readonly string[] = [], body = sdp("m=audio 4000 RTP/AVP 0"), callId?: string) =>
  answerTo("INVITE", ["Content-Type: application/sdp", "Contact: <sip:bob@127.0.0.1:5070>", ...lines], body, callId);

describe("a call", () => {
  beforeEach(() => client.connection.contacts.add("bob@example.test", undefined, []));

  it.each<[string, readonly string[], string | undefined, MessageNotice]>([
    ["with sound", [], undefined, { kind: "call" }],
    ["with pictures", [], sdp("m=audio 4000 RTP/AVP 0", "m=video 4002 RTP/AVP 96"), { kind: "call" }],
    ["without an offer", [], "", { kind: "call" }],
    ["that requires what is not known", ["Require: 100rel, x-new"], undefined, { kind: "call" }],
    ["for a chat session", [], sdp("m=message 7654 TCP/MSRP *", "a=accept-types:text/plain"), { kind: "session" }],
    [
      "with a file",
      [],
      sdp("m=message 7654 TCP/MSRP *", 'a=file-selector:name:"My plan.pdf" type:application/pdf size:4092'),
      { kind: "file", what: "My plan.pdf" },
    ],
    [
      "from a conference",
      ["Contact: <sip:team@conference.example.test>;isfocus"],
      undefined,
      { kind: "invitation", what: "team@conference.example.test" },
    ],
  ])("%s leaves the person's other devices ringing and makes a line", async (_, lines, body, notice) => {
    const contact = lines.some((line) => line.startsWith("Contact")) ? [] : ["Contact: <sip:bob@127.0.0.1:5070>"];
    const answer = await answerTo(
      "INVITE",
      ["Content-Type: application/sdp", ...contact, ...lines],
      body ?? sdp("m=audio 4000 RTP/AVP 0"),
    );
    expect([answer.status, answer.reason]).toEqual([488, "Not Acceptable Here"]);
    expect(answer.headers.get("warning")).toMatch(/^304 /);
    expect(answer.headers.get("allow")).not.toContain("INVITE");
    expect(await arrived()).toEqual([{ body: "", notice }]);
  });

  it("that is repeated, forked, tried again or given up is one line", async () => {
    const via = "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKring";
    const call = ["From: <sip:bob@example.test>;tag=b", "CSeq: 7 INVITE", via];
    expect((await invite(call, undefined, "ring")).status).toBe(488);
    expect((await invite(call, undefined, "ring")).status).toBe(488);
    expect((await invite([...call.slice(0, 2), `${via}2`], undefined, "ring")).status).toBe(482);
    expect(
      (await answerTo("CANCEL", ["From: <sip:bob@example.test>;tag=b", "CSeq: 7 CANCEL", via], "", "ring")).status,
    ).toBe(200);
    server.request("ACK", ["Call-ID: ring", "CSeq: 7 ACK", via]);
    expect((await answerTo("CANCEL", ["CSeq: 8 CANCEL"], "", "ring")).status).toBe(481);
    // Another offer after the refusal.
    expect((await invite(["From: <sip:bob@example.test>;tag=b", "CSeq: 8 INVITE"], undefined, "ring")).status).toBe(
      488,
    );
    expect(await arrived()).toHaveLength(1);
    expect((await invite([], undefined, "another")).status).toBe(488);
    expect(await arrived()).toHaveLength(2);
  });

  it("that belongs to another dialog, or is for somebody else or from nobody, makes none", async () => {
    expect((await invite(["To: <sip:alice@example.test>;tag=ours"])).status).toBe(481);
    expect((await answerTo("BYE", ["To: <sip:alice@example.test>;tag=ours"])).status).toBe(405);
    expect((await invite(["From: nobody;tag=x"])).status).toBe(480);
    expect((await invite(["From: <sip:alice@example.test>;tag=x"])).status).toBe(488);
    expect(await arrived()).toEqual([]);
  });

  it("of a stranger is answered as if nobody was here, and still told", async () => {
    client.connection.close();
    client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, new Map(), {
      rules: { ...noRules, hiding: () => true },
    });
    await client.signIn();
    const answer = await invite();
    expect([answer.status, answer.headers.get("user-agent"), answer.headers.get("allow")]).toEqual([
      480,
      undefined,
      undefined,
    ]);
    expect(await arrived()).toEqual([{ body: "", notice: { kind: "call" } }]);
  });

  it.each([
    [
      "Refer-To: <sip:team@conference.example.test;method=INVITE>",
      { kind: "invitation", what: "team@conference.example.test" },
    ],
    ["Refer-To: <https://meet.example.test/room>", { kind: "invitation", what: "https://meet.example.test/room" }],
    [
      "Refer-To: <sip:team;room=2@conference.example.test;method=INVITE?Subject=Plan>",
      { kind: "invitation", what: "team;room=2@conference.example.test" },
    ],
    [
      "Refer-To: <sip:conference.example.test;method=INVITE?Subject=Plan>",
      { kind: "invitation", what: "conference.example.test" },
    ],
    [
      "Refer-To: <https://meet.example.test/room;lang=fr?pin=1>",
      { kind: "invitation", what: "https://meet.example.test/room;lang=fr?pin=1" },
    ],
    ["Refer-To: <>", { kind: "other", what: "REFER" }],
  ] as const)("elsewhere that somebody is sent to (%s) is an invitation", async (line, notice) => {
    expect((await answerTo("REFER", [line])).status).toBe(405);
    expect(await arrived()).toEqual([{ body: "", notice }]);
  });

  it("is no method that OPTIONS names", async () => {
    const answer = await answerTo("OPTIONS", []);
    expect([answer.status, answer.headers.get("allow")]).toEqual([200, expect.not.stringContaining("INVITE")]);
  });
});
