import { beforeEach, describe, expect, it, vi } from "vitest";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import type { NetworkEvent } from "../../events.ts";
import { Capabilities } from "../capabilities.ts";
import type { ContactStore } from "../contact-store.ts";
import { features } from "../features.ts";
import { formatImdn, type Imdn } from "../payloads/rfc-5438-imdn.ts";
import { parseMessage, type SipRequest } from "../wire/message.ts";
import { Arrival } from "./arrival.ts";
import { IncomingMessages } from "./incoming-messages.ts";
import type { Typing } from "./typing.ts";

const bob = "bob@example.test";
const carol = "carol@example.test";
let calls: number;
let events: NetworkEvent[];
let typing: { readonly heardFrom: ReturnType<typeof vi.fn>; readonly hear: ReturnType<typeof vi.fn> };
let store: { readonly setTakesCpim: ReturnType<typeof vi.fn>; readonly heardDevice: ReturnType<typeof vi.fn> };
let incoming: IncomingMessages;

beforeEach(() => {
  calls = 0;
  events = [];
  typing = { heardFrom: vi.fn(), hear: vi.fn() };
  store = { setTakesCpim: vi.fn(), heardDevice: vi.fn() };
  incoming = new IncomingMessages({
    own: "alice@example.test",
    store: store as unknown as ContactStore,
    typing: typing as unknown as Typing,
    emit: (event) => void events.push(event),
    now: () => 1_000_000,
    capabilities: new Capabilities(features),
  });
});

interface Said {
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly lines?: readonly string[];
  readonly method?: string;
}

function request({ body = "hi", type = "text/plain", lines = [], method = "MESSAGE" }: Said): SipRequest {
  calls += 1;
  const head = [
    `${method} sip:alice@example.test SIP/2.0`,
    `Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK${calls}`,
    ...(lines.some((line) => line.startsWith("From:")) ? [] : ["From: <sip:bob@example.test>;tag=b"]),
    "To: <sip:alice@example.test>",
    ...(lines.some((line) => line.startsWith("Call-ID:")) ? [] : [`Call-ID: call-${calls}`]),
    `CSeq: 1 ${method}`,
    `Content-Type: ${type}`,
    ...lines,
  ];
  return parseMessage(Buffer.from(head.join("\r\n")), Buffer.from(body)) as SipRequest;
}

const take = async (said: Said, from = bob): Promise<number> => (await incoming.receive(request(said), from)).status;
const messages = () => events.flatMap((event) => (event.type === "message" ? [event.message] : []));
const envelope = (id: string, headers: readonly string[] = [], inner = "Content-Type: text/plain\r\n\r\nhi"): Said => ({
  type: "message/cpim",
  body: [
    `From: <sip:${bob}>`,
    "To: <sip:alice@example.test>",
    "NS: imdn <urn:ietf:params:imdn>",
    ...(id === "" ? [] : [`imdn.Message-ID: ${id}`]),
    ...headers,
    "",
    inner,
  ].join("\r\n"),
});
const reports = "imdn.Disposition-Notification: Positive-Delivery , display";

describe("a text", () => {
  it("is as long as a text may be, and no longer", async () => {
    expect(await take({ body: "x".repeat(maxBodyLength) })).toBe(200);
    expect(await take({ body: "x".repeat(maxBodyLength + 1) })).toBe(413);
    expect(messages().map(({ body }) => body.length)).toEqual([maxBodyLength]);
  });

  it("asks for reports only where it has an id to report on", async () => {
    await take(envelope("m1", [reports]));
    await take(envelope("", [reports]));
    await take(envelope("m2"));
    await take({ lines: ["Message-ID: m3"] });
    expect(messages().map(({ id, wantsDelivered, wantsRead }) => [id, wantsDelivered, wantsRead])).toEqual([
      ["m1", true, true],
      [undefined, false, false],
      ["m2", false, false],
      ["m3", false, false],
    ]);
    expect([incoming.asked(bob, "m1"), incoming.asked(carol, "m1"), incoming.asked(bob, "m3")]).toEqual([
      { dateTime: undefined, delivered: true, read: true },
      undefined,
      undefined,
    ]);
  });

  it("of which it is asked for reports is remembered for the last 1,000 messages", async () => {
    for (let n = 0; n < 1_000; n += 1) await take(envelope(`m${n}`, [reports]));
    expect(incoming.asked(bob, "m0")).toBeDefined();
    await take(envelope("one more", [reports]));
    expect([incoming.asked(bob, "m0"), incoming.asked(bob, "m1")?.read]).toEqual([undefined, true]);
  });

  it("is a message of its own where another person uses the same id, and where it has none", async () => {
    await take({ lines: ["Message-ID: m1"] });
    await take({ lines: ["Message-ID: m1"] });
    await take({ lines: ["Message-ID: m1"] }, carol);
    await take({});
    await take({});
    expect(messages().map(({ peer, id }) => [peer, id])).toEqual([
      [bob, "m1"],
      [carol, "m1"],
      [bob, undefined],
      [bob, undefined],
    ]);
  });

  it("is known by its id for 2,000 messages", async () => {
    const say = (n: number) => take({ lines: [`Message-ID: m${n}`] });
    for (let n = 0; n < 2_000; n += 1) await say(n);
    await say(0);
    expect(messages()).toHaveLength(2_000);
    await say(2_000);
    await say(0);
    expect(messages()).toHaveLength(2_002);
  });

  it("ends their typing, and what is empty ends nothing", async () => {
    await take({ body: "" });
    await take({ body: "", lines: ["Subject:  "] });
    expect([typing.hear.mock.calls, typing.heardFrom.mock.calls]).toEqual([[], [[bob], [bob]]]);
    await take({ body: "", lines: ["Subject:  Lunch? "] });
    expect(typing.hear.mock.calls).toEqual([[bob, false, 0]]);
    expect(messages().map(({ body }) => body)).toEqual(["Lunch?"]);
  });

  it("has the stamp of a store taken off only where it comes from a store", async () => {
    const body = "[Offline message - Mon Jan  2 03:04:05 2026] hi";
    const date = "Date: Thu, 01 Jan 1970 00:01:00 GMT";
    await take({ body });
    await take({ body, lines: [date] });
    await take({ ...envelope("m1", [], `Content-Type: text/plain\r\n\r\n${body}`), lines: [date] });
    expect(messages().map((message) => message.body)).toEqual([body, "hi", body]);
  });
});

describe("what stands beside a text", () => {
  const parts = (count: number, text = true): Said => ({
    type: "multipart/mixed; boundary=b",
    body: `${text ? "--b\r\n\r\nlook\r\n" : ""}${"--b\r\nContent-Type: image/png\r\n\r\nx\r\n".repeat(count)}--b--`,
    lines: ["Message-ID: m1"],
  });

  it.each([true, false])(
    "makes five lines at most, and the id is of one thing alone (with a text: %s)",
    async (text) => {
      await take(parts(6, text));
      const lines = messages();
      expect(lines.filter(({ notice }) => notice?.kind === "file")).toHaveLength(5);
      expect(lines.map(({ id }) => id)).toEqual(
        text
          ? [undefined, undefined, undefined, undefined, undefined, "m1"]
          : ["m1", undefined, undefined, undefined, undefined],
      );
    },
  );
});

it("says of an envelope that requires what nobody understands that it is one, under its id", async () => {
  expect(await take(envelope("m1", ["Require: Sealed"]))).toBe(415);
  expect(messages()).toMatchObject([{ id: "m1", notice: { kind: "other", what: "message/cpim" } }]);
});

describe("a report on a message of ours", () => {
  const report = (imdn: Partial<Imdn>): Said => ({
    type: "message/imdn+xml",
    body: formatImdn(
      { messageId: "m1", dateTime: undefined, kind: "delivery", status: "delivered", ...imdn },
      "sip:bob@x",
    ),
  });
  const told = () => events.flatMap((event) => (event.type === "delivery" ? [event] : []));

  it.each<[Partial<Imdn>, object | undefined]>([
    [{}, { state: "delivered" }],
    [{ status: "failed" }, { state: "failed", error: { code: "recipient-unreachable" } }],
    [{ kind: "display", status: "displayed" }, { state: "read" }],
    [{ status: "displayed" }, undefined],
    [{ status: "error" }, undefined],
    [{ kind: "display", status: "delivered" }, undefined],
    [{ kind: "display", status: "failed" }, undefined],
    [{ kind: "processing", status: "delivered" }, undefined],
    [{ kind: "processing", status: "displayed" }, undefined],
    [{ kind: "processing", status: "failed" }, undefined],
    [{ kind: "processing", status: "stored" }, undefined],
    [{ messageId: "x".repeat(129) }, undefined],
  ])("%j says %j", async (imdn, expected) => {
    expect(await take(report(imdn))).toBe(200);
    expect(told()).toEqual(expected ? [{ type: "delivery", id: "m1", peer: bob, ...expected }] : []);
    expect(messages()).toEqual([]);
  });
});

describe("a device", () => {
  it.each<[string, Said, readonly unknown[], readonly unknown[]]>([
    ["that sends an envelope takes them", { ...envelope("m1"), lines: ["User-Agent: A"] }, [bob, true, "A"], []],
    ["that says so takes them", { lines: ["User-Agent: A", "Accept: text/plain, Message/CPIM"] }, [bob, true, "A"], []],
    ["that takes text alone does not", { lines: ["User-Agent: A", "Accept: text/plain"] }, [bob, false, "A"], []],
    ["that says nothing is heard", { lines: ["User-Agent: A"] }, [], [bob, "A"]],
    ["without a name is none", {}, [], []],
    ["that a store speaks for is none", { lines: ["User-Agent: A", "Date: Thu, 01 Jan 1970 00:01:00 GMT"] }, [], []],
  ])("%s", async (_, said, takes, heard) => {
    await take(said);
    expect(store.setTakesCpim.mock.calls).toEqual(takes.length > 0 ? [takes] : []);
    expect(store.heardDevice.mock.calls).toEqual(heard.length > 0 ? [heard] : []);
  });
});

describe("an invitation", () => {
  const call = { kind: "call" } as const;
  const invite = (callId: string, method = "INVITE") => request({ method, lines: [`Call-ID: ${callId}`] });

  it("is told once for each person, call and method, and never of oneself", () => {
    incoming.invited(invite("a"), bob, call);
    incoming.invited(invite("a"), bob, call);
    incoming.invited(invite("a"), carol, call);
    incoming.invited(invite("b"), bob, call);
    incoming.invited(invite("a", "REFER"), bob, call);
    incoming.invited(invite("c"), "alice@example.test", call);
    expect(messages().map(({ peer, id, notice }) => [peer, id, notice])).toEqual([
      [bob, "a", call],
      [carol, "a", call],
      [bob, "b", call],
      [bob, "a", call],
    ]);
  });
});

describe("one request that says the same twice", () => {
  it("does not wait for itself to be stored", async () => {
    const arrival = new Arrival(request({}), bob, () => undefined);
    arrival.repeats(arrival.ended);
    expect(await arrival.stored()).toBe(true);
  });

  it("is stored when the one before it is, and not when that is not", async () => {
    for (const isStored of [true, false]) {
      const arrival = new Arrival(request({}), bob, () => undefined);
      arrival.repeats(Promise.resolve(isStored));
      arrival.repeats(Promise.resolve(true));
      expect(await arrival.stored()).toBe(isStored);
    }
  });
});

it("from nobody is refused", async () => {
  expect((await incoming.receive(request({}), undefined)).status).toBe(400);
  expect(events.map(({ type }) => type)).toEqual(["refused"]);
});
