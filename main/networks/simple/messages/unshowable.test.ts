import { describe, expect, it } from "vitest";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { Arrivals } from "./arrivals.test-helper.ts";

const arrivals = new Arrivals();

const message = (type: string, body: string | Uint8Array, lines: readonly string[] = []) =>
  arrivals.answerTo("MESSAGE", [`Content-Type: ${type}`, ...lines], { body });
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
    expect(await arrivals.all()).toEqual([{ body: "", notice: { kind: "file", what: "image/png" } }, { body: "look" }]);
  });

  it("is not told of a message that is refused", async () => {
    const long = multipart(`\r\n${"x".repeat(70_000)}`, "Content-Type: image/png\r\n\r\nx");
    expect((await message("multipart/mixed; boundary=b", long)).status).toBe(413);
    expect(await arrivals.all()).toEqual([]);
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
      expect(await arrivals.all()).toEqual([{ body: "", notice }]);
      for (const event of arrivals.client.events)
        if (event.type === "message" && event.message.notice)
          expect(event.message).toMatchObject({ wantsDelivered: false, wantsRead: false });
      expect(arrivals.server.received.filter((m) => m.kind === "request" && m.method === "MESSAGE")).toEqual([]);
    },
  );

  it("makes one line however often the same request comes, also over another connection", async () => {
    const lines = ["From: <sip:bob@example.test>;tag=b", "CSeq: 1 MESSAGE", "Content-Type: image/png"];
    for (let n = 0; n < 2; n += 1) {
      expect(
        (
          await arrivals.answerTo("MESSAGE", [...lines, `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKsame${n}`], {
            body: png,
            callId: "same",
          })
        ).status,
      ).toBe(n === 0 ? 415 : 482);
    }
    arrivals.server.cut();
    await arrivals.client.event("connection-lost");
    await arrivals.client.signIn();
    expect(
      (
        await arrivals.answerTo("MESSAGE", [...lines, "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKother"], {
          body: png,
          callId: "same",
        })
      ).status,
    ).toBe(415);
    expect(await arrivals.all()).toHaveLength(1);
    // The same message in another request, as a program sends it that tries again.
    await message("message/cpim", envelope("Content-Type: image/png\r\n\r\nx"));
    await message("message/cpim", envelope("Content-Type: image/png\r\n\r\nx"));
    expect(await arrivals.all()).toHaveLength(2);
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
    expect(await arrivals.all()).toEqual([...notices.map((notice) => ({ body: "", notice })), { body: text }]);
  });

  it("is read by its subject where that is all that it says", async () => {
    expect((await message("text/plain", "", ["Subject: Lunch?"])).status).toBe(200);
    expect((await message("text/plain", "")).status).toBe(200);
    expect(await arrivals.all()).toEqual([{ body: "Lunch?" }]);
  });

  it.each(["?OTR:AAMC=.", "?OTRv23?\nBob would like to talk off the record", "?OTR Error: not expected"])(
    "is no word of a person's where it is OTR, in an envelope, too: %j",
    async (text) => {
      expect((await message("text/plain", text)).status).toBe(200);
      expect((await message("message/cpim", envelope(`Content-Type: text/plain\r\n\r\n${text}`))).status).toBe(200);
      const told = { body: "", notice: { kind: "encrypted", what: "OTR" } };
      expect(await arrivals.all()).toEqual([told, told]);
      for (const event of arrivals.client.events)
        if (event.type === "message" && event.message.notice)
          expect(event.message).toMatchObject({ wantsDelivered: false, wantsRead: false });
    },
  );

  it("of a program for a program makes no line", async () => {
    expect((await message("application/im-iscomposing+xml", "<x/>")).status).toBe(400);
    expect(await arrivals.all()).toEqual([]);
  });
});
