import { beforeEach, describe, expect, it, vi } from "vitest";
import { Announcement, Capabilities } from "../capabilities.ts";
import type { FeatureSession, MethodHandler } from "../feature.ts";
import { features } from "../features.ts";
import { parseMessage, type SipRequest } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";

const bob = "bob@example.test";
const capabilities = new Capabilities(features);
let called: string[];
let publication: { accepted: boolean };
let session: FeatureSession;

beforeEach(() => {
  called = [];
  publication = { accepted: false };
  const note =
    <T>(name: string, answer: T) =>
    (...about: readonly unknown[]): T => {
      called.push([name, ...about.filter((one) => typeof one === "string")].join(" "));
      return answer;
    };
  session = {
    packages: capabilities.packages,
    announced: new Announcement(capabilities, publication),
    messages: { receive: note("receive", Promise.resolve({ status: 200 })), invited: note("invited", undefined) },
    contactPresence: { heard: note("heard", undefined), asked: note("asked", undefined) },
    presenceAgent: { answer: note("answer", { status: 202 }), askedBy: note("asked by", undefined) },
    subscriptions: { find: () => undefined },
    isForUs: (uri) => uri === "sip:alice@example.test",
  };
});

function request(method: string, lines: readonly string[] = [], uri = "sip:alice@example.test"): SipRequest {
  const to = lines.some((line) => line.startsWith("To:")) ? [] : ["To: <sip:alice@example.test>"];
  const head = [
    `${method} ${uri} SIP/2.0`,
    "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK1",
    "From: <sip:bob@example.test>;tag=b",
    ...to,
    "Call-ID: 1",
    `CSeq: 1 ${method}`,
    ...lines,
  ];
  return parseMessage(Buffer.from(head.join("\r\n")), new Uint8Array()) as SipRequest;
}

function handler(method: string): MethodHandler {
  const found = capabilities.methods.get(method);
  if (!found) throw new Error(`no ${method}`);
  return found.attach(session);
}
const answered = async (one: SipRequest, from: string | undefined = bob): Promise<number> =>
  ((await handler(one.method).answer(one, from)) as Reply).status;
const elsewhere = "sip:carol@example.test";
const inDialog = ["To: <sip:alice@example.test>;tag=a"];

describe("MESSAGE", () => {
  it("for us is a sign of life of whoever sends it, and of nobody where nobody does", async () => {
    expect(await answered(request("MESSAGE"))).toBe(200);
    expect(called).toEqual([`heard ${bob}`, `receive ${bob}`]);
    called = [];
    expect((await handler("MESSAGE").answer(request("MESSAGE"), undefined)).status).toBe(200);
    expect(called).toEqual(["receive"]);
  });

  it("for somebody else is not received, and is no sign of life", async () => {
    expect(await answered(request("MESSAGE", [], elsewhere))).toBe(404);
    expect(called).toEqual([]);
  });
});

describe("SUBSCRIBE", () => {
  const presence = ["Event: Presence;id=1"];

  it("to our presence is answered by its notifier, and says that they know of presence", async () => {
    expect(await answered(request("SUBSCRIBE", presence))).toBe(202);
    expect(called).toEqual([`asked ${bob}`, `answer ${bob}`]);
    called = [];
    expect((await handler("SUBSCRIBE").answer(request("SUBSCRIBE", presence), undefined)).status).toBe(202);
    expect(called).toEqual(["answer"]);
  });

  it("goes on in a dialog, whatever it is addressed to, and begins none for somebody else", async () => {
    expect(await answered(request("SUBSCRIBE", [...presence, ...inDialog], elsewhere))).toBe(202);
    called = [];
    expect(await answered(request("SUBSCRIBE", presence, elsewhere))).toBe(404);
    expect(called).toEqual([]);
  });

  it.each([[["Event: presence.winfo"]], [["Event: dialog"]], [[]]])(
    "to what we do not notify of (%j) is refused",
    async (lines) => {
      const reply = await handler("SUBSCRIBE").answer(request("SUBSCRIBE", lines), bob);
      expect(reply).toEqual({ status: 489, headers: ["Allow-Events: presence"] });
    },
  );

  it("is not ours to answer where a server takes our presence, nor told of then", async () => {
    publication.accepted = true;
    expect(await answered(request("SUBSCRIBE", presence))).toBe(405);
    handler("SUBSCRIBE").unseen?.(request("SUBSCRIBE", presence), bob);
    expect(called).toEqual([]);
  });

  it("of a stranger who learns nothing is told of where it is for us and for our presence", () => {
    const unseen = (lines: readonly string[], uri?: string) =>
      handler("SUBSCRIBE").unseen?.(request("SUBSCRIBE", lines, uri), bob);
    unseen(presence, elsewhere);
    unseen(["Event: dialog"]);
    expect(called).toEqual([]);
    unseen(presence);
    expect(called).toEqual([`asked by ${bob}`]);
  });
});

describe.each(["INVITE", "REFER"])("%s", (method) => {
  const refused = method === "INVITE" ? 488 : 405;
  const wanted = ["Refer-To: <sip:team@example.test>"];

  it("for us is told of once, seen or not, and refused", async () => {
    expect(await answered(request(method, wanted))).toBe(refused);
    handler(method).unseen?.(request(method, wanted), bob);
    expect(called).toEqual([`invited ${bob}`, `invited ${bob}`]);
  });

  it("for somebody else, from nobody or in a dialog is not told of", async () => {
    const others = [request(method, wanted, elsewhere), request(method, [...wanted, ...inDialog])];
    const statuses: number[] = [];
    for (const other of others) {
      statuses.push(await answered(other));
      handler(method).unseen?.(other, bob);
    }
    handler(method).unseen?.(request(method, wanted), undefined);
    await handler(method).answer(request(method, wanted), undefined);
    expect(statuses).toEqual(method === "INVITE" ? [404, 481] : [405, 405]);
    expect(called).toEqual([]);
  });
});

describe("NOTIFY and CANCEL", () => {
  it("of what we do not have is said not to be there", async () => {
    expect([await answered(request("NOTIFY")), await answered(request("CANCEL"))]).toEqual([481, 481]);
    const notify = vi.fn(() => ({ status: 200 }));
    session = { ...session, subscriptions: { find: () => ({ notify }) } };
    const one = request("NOTIFY");
    expect(await answered(one)).toBe(200);
    expect(notify.mock.calls).toEqual([[one]]);
  });
});
