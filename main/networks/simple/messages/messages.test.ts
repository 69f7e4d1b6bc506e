import { beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import type { NetworkEvent } from "../../events.ts";
import type { OutgoingMessage } from "../../facets/messages.ts";
import { Capabilities } from "../capabilities.ts";
import type { ContactStore } from "../contact-store.ts";
import { features } from "../features.ts";
import type { RequestOptions } from "../outgoing-request.ts";
import type { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipResponse } from "../wire/message.ts";
import { Messages } from "./messages.ts";

const bob = "bob@example.test";
const nothing = (): void => undefined;
let events: NetworkEvent[];
let messages: Messages;
let takesCpim: boolean;

const response = (status: number): SipResponse =>
  parseMessage(
    Buffer.from(`SIP/2.0 ${status} X\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx\r\nCSeq: 1 MESSAGE`),
    new Uint8Array(),
  ) as SipResponse;

/** A connection whose requests are answered by hand. */
function connection() {
  const sent: (RequestOptions & { readonly answer: (status: number) => void; readonly lose: () => void })[] = [];
  const request = (options: RequestOptions): Promise<SipResponse> =>
    new Promise((resolve, reject) => {
      options.onWritten?.();
      const lose = (): void => reject(new HallwayError("connection-lost"));
      sent.push({ ...options, answer: (status) => resolve(response(status)), lose });
    });
  let cseq = 0;
  return { sent, agent: { request, nextCseq: () => ++cseq } as unknown as UserAgent };
}

beforeEach(() => {
  events = [];
  takesCpim = false;
  messages = new Messages({
    own: "alice@example.test",
    store: {
      takesCpim: () => takesCpim,
      knows: () => false,
      setTakesCpim: nothing,
      heardDevice: nothing,
    } as unknown as ContactStore,
    emit: (event) => void events.push(event),
    now: () => 1_000_000,
    log: { debug: nothing, info: nothing, warn: nothing },
    redirects: { reach: () => undefined, host: () => undefined },
    capabilities: new Capabilities(features),
  });
});

let number = 0;
const message = (over: Partial<OutgoingMessage> = {}): OutgoingMessage => {
  number += 1;
  return { id: `m${number}`, to: bob, body: "hello", at: 1_000_000, wantReceipts: true, ...over };
};
const code = async (over: Partial<OutgoingMessage>): Promise<string> => {
  try {
    await messages.send(message(over));
    return "";
  } catch (error) {
    return error instanceof HallwayError ? error.code : String(error);
  }
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const told = () => events.flatMap((e) => (e.type === "delivery" ? [`${e.id} ${e.error?.code ?? e.state}`] : []));

describe("a message that cannot be taken", () => {
  it.each<[string, Partial<OutgoingMessage>, string]>([
    ["an id of 128 characters", { id: "x".repeat(128) }, ""],
    ["a longer id", { id: "x".repeat(129) }, "invalid-argument"],
    ["no id", { id: "" }, "invalid-argument"],
    ["a blank in its id", { id: "a b" }, "invalid-argument"],
    ["a bracket in its id", { id: "a>" }, "invalid-argument"],
    ["another bracket in its id", { id: "<a" }, "invalid-argument"],
    ["nobody to answer", { to: "anonymous@anonymous.invalid" }, "unanswerable"],
    ["no text", { body: "" }, "message-empty"],
    ["a text as long as may be", { body: "x".repeat(maxBodyLength) }, ""],
    ["a longer text", { body: "x".repeat(maxBodyLength + 1) }, "message-too-long"],
  ])("says why: %s", async (_, over, expected) => {
    const { sent, agent } = connection();
    messages.attach(agent);
    expect(await code(over)).toBe(expected);
    expect(sent).toHaveLength(expected === "" ? 1 : 0);
  });

  it("while offline is not, nor after the connection has ended", async () => {
    expect(await code({})).toBe("offline");
    messages.attach(connection().agent);
    messages.detach();
    expect(await code({})).toBe("offline");
  });

  it("is the 501st to one person, and not to the next; the end of the connection makes room", async () => {
    messages.attach(connection().agent);
    for (let n = 0; n < 500; n += 1) await messages.send(message());
    expect(await code({})).toBe("rate-limited");
    expect(await code({ to: "carol@example.test" })).toBe("");
    messages.detach();
    const { sent, agent } = connection();
    messages.attach(agent);
    expect(await code({})).toBe("");
    expect(sent).toHaveLength(1);
  });
});

describe("messages to one person", () => {
  it("go one after the other, and to the next person at once", async () => {
    const { sent, agent } = connection();
    messages.attach(agent);
    const [first, second, other] = [message(), message(), message({ to: "carol@example.test" })];
    for (const one of [first, second, other]) await messages.send(one);
    await settled();
    expect(sent.map(({ uri }) => uri)).toEqual(["sip:bob@example.test", "sip:carol@example.test"]);
    expect(sent[0]?.dialog?.callId).toBe(first.id);
    sent[0]?.answer(200);
    await expect.poll(() => sent.length).toBe(3);
    expect(told()).toEqual([`${first.id} sent`]);
    sent[2]?.lose();
    sent[1]?.answer(486);
    await expect.poll(told).toHaveLength(3);
    expect(told().slice(1).sort()).toEqual([`${second.id} waiting`, `${other.id} recipient-unreachable`].sort());
  });

  it("all wait at once when the connection ends, and are told of no second time", async () => {
    const { sent, agent } = connection();
    messages.attach(agent);
    const [first, second] = [message(), message()];
    for (const one of [first, second]) await messages.send(one);
    messages.detach();
    expect(told()).toEqual([`${first.id} waiting`, `${second.id} waiting`]);
    sent[0]?.answer(200);
    await settled();
    expect([told().length, sent.length]).toEqual([2, 1]);
  });

  it("are told of typing after none that waits, and of its end before the next", async () => {
    const { sent, agent } = connection();
    messages.attach(agent);
    messages.sendTyping(bob, true);
    messages.sendTyping("anonymous@anonymous.invalid", true);
    expect(sent.map(({ headers }) => headers?.[0])).toEqual(["Expires: 60"]);
    sent[0]?.answer(415);
    await settled();
    messages.sendTyping(bob, true);
    messages.sendTyping(bob, false);
    expect(sent).toHaveLength(1);
    messages.heardFrom(bob);
    messages.sendTyping(bob, true);
    expect(sent).toHaveLength(2);
    for (let n = 0; n < 499; n += 1) await messages.send(message());
    // There is no room for less than a message.
    takesCpim = true;
    messages.sendTyping(bob, true);
    messages.sendReceipt({ to: bob, messageId: "theirs", kind: "read" });
    for (let at = 1; at < sent.length; at += 1) {
      sent[at]?.answer(200);
      await settled();
    }
    expect(sent).toHaveLength(2 + 499);
    for (const { body } of sent.slice(2)) expect(Buffer.from(body?.content ?? []).toString()).toContain("hello");
  });
});

describe("a message of another time", () => {
  it.each([
    [30_000, false],
    [30_001, true],
    [-30_000, false],
    [-30_001, true],
  ])("%i ms ago says so or not", async (ago, isDated) => {
    const { sent, agent } = connection();
    messages.attach(agent);
    await messages.send(message({ at: 1_000_000 - ago }));
    expect(sent[0]?.headers?.some((line) => line.startsWith("Date: "))).toBe(isDated);
  });
});

it("the largest on its way fails as too large with the second loss of the connection, and only then", async () => {
  const large = message({ body: "x".repeat(5_000) });
  for (const loss of [1, 2]) {
    const { agent } = connection();
    messages.attach(agent);
    await messages.send(large);
    messages.lost();
    messages.detach();
    expect(told()).toHaveLength(loss);
  }
  expect(told()).toEqual([`${large.id} waiting`, `${large.id} too-large`]);
});
