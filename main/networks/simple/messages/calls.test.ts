import { beforeEach, describe, expect, it } from "vitest";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { noRules } from "../../connection-rules.ts";
import { Arrivals } from "./arrivals.test-helper.ts";

const arrivals = new Arrivals();
const sdp = (...media: readonly string[]): string =>
  ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", ...media, ""].join("\r\n");
const invite = (lines: readonly string[] = [], body = sdp("m=audio 4000 RTP/AVP 0"), callId?: string) =>
  arrivals.answerTo("INVITE", ["Content-Type: application/sdp", "Contact: <sip:bob@127.0.0.1:5070>", ...lines], {
    body,
    callId,
  });

describe("a call", () => {
  beforeEach(() => arrivals.client.connection.contacts.add("bob@example.test", undefined, []));

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
    const answer = await arrivals.answerTo("INVITE", ["Content-Type: application/sdp", ...contact, ...lines], {
      body: body ?? sdp("m=audio 4000 RTP/AVP 0"),
    });
    expect([answer.status, answer.reason]).toEqual([488, "Not Acceptable Here"]);
    expect(answer.headers.get("warning")).toMatch(/^304 /);
    expect(answer.headers.get("allow")).not.toContain("INVITE");
    expect(await arrivals.all()).toEqual([{ body: "", notice }]);
  });

  it("that is repeated, forked, tried again or given up is one line", async () => {
    const via = "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKring";
    const call = ["From: <sip:bob@example.test>;tag=b", "CSeq: 7 INVITE", via];
    expect((await invite(call, undefined, "ring")).status).toBe(488);
    expect((await invite(call, undefined, "ring")).status).toBe(488);
    expect((await invite([...call.slice(0, 2), `${via}2`], undefined, "ring")).status).toBe(482);
    expect(
      (
        await arrivals.answerTo("CANCEL", ["From: <sip:bob@example.test>;tag=b", "CSeq: 7 CANCEL", via], {
          callId: "ring",
        })
      ).status,
    ).toBe(200);
    arrivals.server.request("ACK", ["Call-ID: ring", "CSeq: 7 ACK", via]);
    expect((await arrivals.answerTo("CANCEL", ["CSeq: 8 CANCEL"], { callId: "ring" })).status).toBe(481);
    // Another offer after the refusal.
    expect((await invite(["From: <sip:bob@example.test>;tag=b", "CSeq: 8 INVITE"], undefined, "ring")).status).toBe(
      488,
    );
    expect(await arrivals.all()).toHaveLength(1);
    expect((await invite([], undefined, "another")).status).toBe(488);
    expect(await arrivals.all()).toHaveLength(2);
  });

  it("that belongs to another dialog, or is for somebody else or from nobody, makes none", async () => {
    expect((await invite(["To: <sip:alice@example.test>;tag=ours"])).status).toBe(481);
    expect((await arrivals.answerTo("BYE", ["To: <sip:alice@example.test>;tag=ours"])).status).toBe(405);
    expect((await invite(["From: nobody;tag=x"])).status).toBe(480);
    expect((await invite(["From: <sip:alice@example.test>;tag=x"])).status).toBe(488);
    expect(await arrivals.all()).toEqual([]);
  });

  it("of a stranger is answered as if nobody was here, and still told", async () => {
    await arrivals.replaceClient({ rules: { ...noRules, hiding: () => true } });
    const answer = await invite();
    expect([answer.status, answer.headers.get("user-agent"), answer.headers.get("allow")]).toEqual([
      480,
      undefined,
      undefined,
    ]);
    expect(await arrivals.all()).toEqual([{ body: "", notice: { kind: "call" } }]);
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
    expect((await arrivals.answerTo("REFER", [line])).status).toBe(405);
    expect(await arrivals.all()).toEqual([{ body: "", notice }]);
  });

  it("is no method that OPTIONS names", async () => {
    const answer = await arrivals.answerTo("OPTIONS", []);
    expect([answer.status, answer.headers.get("allow")]).toEqual([200, expect.not.stringContaining("INVITE")]);
  });
});
