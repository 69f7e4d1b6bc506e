import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCpim } from "../../../cpim/message.ts";
import { Capabilities } from "../capabilities.ts";
import { defineFeature } from "../feature.ts";
import { features } from "../features.ts";
import { writeRequest } from "../outgoing-request.ts";
import { SipFramer } from "../transports/framer.ts";
import { bodyOf } from "../wire/body.ts";
import { parseMessage, type SipRequest } from "../wire/message.ts";
import { envelope } from "./envelope.ts";
import { MessageReader, MessageStamps } from "./message-reader.ts";

const [own, peer] = ["alice@example.test", "bob@example.test"];
const about = { id: undefined, at: undefined };
const taken: Uint8Array[] = [];
/** A content type of bytes, as files and S/MIME will be. */
const bytes = defineFeature({
  name: "bytes",
  payloads: [
    {
      type: "application/x-bytes",
      read: ({ content }) => {
        taken.push(content);
        return [];
      },
    },
  ],
});
const reader = new MessageReader({
  own,
  payloads: new Capabilities([...features, bytes]).payloads,
  stamps: new MessageStamps(() => 0),
});

/** A body as it comes out of the framer at the other side. */
function sent(type: string, content: Uint8Array): SipRequest {
  const headers = ["Via: SIP/2.0/TCP h;branch=z9hG4bK1", "From: <sip:a@b>;tag=1", "To: <sip:c@d>", "Call-ID: x"];
  const wire = writeRequest({
    method: "MESSAGE",
    uri: "sip:c@d",
    headers: [...headers, "CSeq: 1 MESSAGE"],
    body: { type, content },
  });
  const [frame] = new SipFramer().feed(wire);
  if (frame?.type !== "message") throw new Error("no message");
  return parseMessage(frame.head, frame.body) as SipRequest;
}

describe("a body of bytes", () => {
  it("comes to its payload type unharmed, alone and in an envelope", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async (content) => {
        taken.length = 0;
        const head = { from: own, to: peer, at: 0, id: "m" };
        const plain = await reader.open(sent("application/x-bytes", content), peer, about);
        reader.read(plain, about);
        const wrapped = envelope(head, "application/x-bytes", content);
        reader.read(await reader.open(sent("message/cpim", wrapped), peer, about), about);
        expect(taken.map((one) => Buffer.from(one).toString("hex"))).toEqual(
          [content, content].map((one) => Buffer.from(one).toString("hex")),
        );
        expect([...parseCpim((await bodyOf(sent("message/cpim", wrapped))).content).content]).toEqual([...content]);
      }),
    );
  });

  it("is text only where its type says so, and then only in UTF-8", async () => {
    const latin1 = Buffer.from("caf\u00e9", "latin1");
    const read = async (type: string, content: Uint8Array) =>
      reader.read(await reader.open(sent(type, content), peer, about), about);
    await expect(read("text/plain", latin1)).rejects.toThrow("body that is not UTF-8");
    await expect(read("text/plain;charset=iso-8859-1", latin1)).rejects.toThrow("charset other than UTF-8");
    expect(await read("text/plain", Buffer.from("café"))).toMatchObject([{ kind: "text", text: "café" }]);
    await expect(read("image/png", latin1)).rejects.toMatchObject({ notices: [{ kind: "file" }] });
  });

  it("in an envelope that requires what is not understood is not read (RFC 3862 section 4.8)", async () => {
    const cpim = (require: string) =>
      Buffer.from(
        `From: <im:bob@example.test>\r\nNS: x <urn:x>\r\nNS: imdn <urn:ietf:params:imdn>\r\nRequire: ${require}\r\n\r\nContent-Type: text/plain\r\n\r\nhi`,
      );
    const read = async (require: string) =>
      reader.read(await reader.open(sent("message/cpim", cpim(require)), peer, about), about);
    expect(await read("Subject,imdn.Message-ID")).toMatchObject([{ kind: "text", text: "hi" }]);
    for (const require of ["x.Vital", "Subject, Unheard", "nobody.declared"])
      await expect(read(require)).rejects.toMatchObject({ status: 415, notices: [{ what: "message/cpim" }] });
  });
});
