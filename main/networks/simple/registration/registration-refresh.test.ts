import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { announced } from "../testing/announced.ts";
import type { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipResponse } from "../wire/message.ts";
import { LocalContact } from "./local-contact.ts";
import { Registration } from "./registration.ts";

/** Answers of the registrar to one REGISTER after another; the last one stands for all that follow. */
type Answer = SipResponse | HallwayError;

function response(status: number, ...headers: readonly string[]): SipResponse {
  const lines = [
    `SIP/2.0 ${status} Said`,
    "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1",
    "From: <sip:a@b.test>;tag=1",
    "To: <sip:a@b.test>;tag=2",
  ];
  const parsed = parseMessage(
    Buffer.from([...lines, "Call-ID: 1", "CSeq: 1 REGISTER", ...headers].join("\r\n")),
    Buffer.alloc(0),
  );
  if (parsed.kind !== "response") throw new Error("not a response");
  return parsed;
}

const granted = (seconds = 100): SipResponse => response(200, `Expires: ${seconds}`);
/** How long after a grant of 100 seconds it is asked for anew, in milliseconds. */
const refreshed = 95_000;

let answers: Answer[];
let asked: number;
let failures: string[];
let contact: LocalContact;
let registration: Registration;

beforeEach(async () => {
  vi.useFakeTimers();
  answers = [granted()];
  asked = 0;
  failures = [];
  contact = new LocalContact({ local: { address: "192.0.2.1", port: 5060 }, protocol: "TLS" });
  const agent = {
    aor: "sip:a@b.test",
    method: "MD5",
    serviceRoute: [],
    nextCseq: () => 1,
    request: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === undefined || answer instanceof HallwayError) throw answer;
      return answer;
    },
  };
  registration = new Registration({
    agent: agent as unknown as UserAgent,
    registrar: "sip:b.test",
    contact,
    deviceId: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    announced,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    onFlowTimer: () => undefined,
    onFailed: ({ code }) => failures.push(code),
  });
});
afterEach(() => {
  registration.end();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Registered, with these answers to the refreshes that follow. */
async function registeredThen(...then: readonly Answer[]): Promise<void> {
  answers = [granted(), ...then];
  await registration.register();
}

it("is refreshed before it runs out, for as long as it is wanted", async () => {
  await registeredThen(granted());
  await vi.advanceTimersByTimeAsync(refreshed - 1);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(10 * refreshed);
  expect(asked).toBe(12);
  registration.end();
  await vi.advanceTimersByTimeAsync(10 * refreshed);
  expect(asked).toBe(12);
});

it.each<[string, Answer]>([
  ["500", response(500)],
  ["503 that names no time", response(503)],
  ["no answer", new HallwayError("timed-out")],
])("survives a refresh answered by %s: it tries again after 5 and 10 seconds", async (_, answer) => {
  await registeredThen(answer, answer, granted());
  await vi.advanceTimersByTimeAsync(refreshed);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(3);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(asked).toBe(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(4);
  expect(failures).toEqual([]);
});

it("counts failures in a row only", async () => {
  const bad = response(500);
  await registeredThen(bad, bad, granted(), bad, bad, granted());
  await vi.advanceTimersByTimeAsync(2 * (refreshed + 15_000));
  expect([asked, failures]).toEqual([7, []]);
});

it("is given up at the third failure in a row, and asks no more", async () => {
  await registeredThen(response(500));
  await vi.advanceTimersByTimeAsync(refreshed + 15_000);
  expect([asked, failures]).toEqual([4, ["server-error"]]);
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect([asked, failures]).toEqual([4, ["server-error"]]);
});

it.each([429, 503])("waits as long as a %i asks for", async (status) => {
  await registeredThen(response(status, "Retry-After: 40"), granted());
  await vi.advanceTimersByTimeAsync(refreshed + 39_999);
  expect(asked).toBe(2);
  await vi.advanceTimersByTimeAsync(1);
  expect([asked, failures]).toEqual([3, []]);
});

it.each<[number, string]>([
  [401, "wrong-password"],
  [403, "account-refused"],
  [404, "account-refused"],
  [410, "account-disabled"],
  [604, "account-disabled"],
  [302, "connection-lost"],
  [305, "connection-lost"],
])("is given up at once after a %i", async (status, code) => {
  await registeredThen(response(status, "Contact: <sip:other.test>"));
  await vi.advanceTimersByTimeAsync(refreshed);
  expect([asked, failures]).toEqual([2, [code]]);
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect(asked).toBe(2);
});

it("says nothing of a refresh that fails after the end", async () => {
  await registeredThen(response(500));
  vi.advanceTimersByTime(refreshed);
  registration.end();
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect([asked, failures]).toEqual([2, []]);
});

it.each<[string, readonly string[], number]>([
  ["what it says of our Contact, over what it says of all", ["Expires: 3000", "Contact: <OWN>;expires=100"], refreshed],
  ["nothing", [], 2_700_000],
  ["nonsense", ["Expires: soon"], 2_700_000],
  ["no time", ["Expires: 0"], 2_700_000],
])("is refreshed by what the registrar grants: %s", async (_, headers, earliest) => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  answers = [response(200, ...headers.map((header) => header.replace("OWN", contact.uri)))];
  await registration.register();
  await vi.advanceTimersByTimeAsync(earliest - 1);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toBe(2);
});
