import { describe, expect, it } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { refusalMeaning } from "./dialogs/refusal-meaning.ts";
import { connectError, messageError, nodeCode } from "./errors.ts";
import { parseMessage } from "./wire/message.ts";
import { flowTimer, minExpires, refreshDelay, retryAfter } from "./wire/timing-headers.ts";

const statuses = Array.from({ length: 500 }, (_, i) => 200 + i);
/** Statuses by what they mean; those that mean nothing of their own are left out. */
function meanings<T>(meaning: (status: number) => T, otherwise: T): ReadonlyMap<T, readonly number[]> {
  const found = new Map<T, number[]>();
  for (const status of statuses) {
    const what = meaning(status);
    if (what !== otherwise) found.set(what, [...(found.get(what) ?? []), status]);
  }
  return found;
}

it("a response to a SUBSCRIBE says that somebody refuses, is not there or is nobody; all others pass", () => {
  expect(Object.fromEntries(meanings(refusalMeaning, "waiting"))).toEqual({
    absent: [404, 480],
    refused: [401, 403, 407, 603, 606],
    unknown: [410, 416, 484, 485, 604],
    unsupported: [405, 489, 501],
  });
});

it("a response to a MESSAGE says why it did not arrive; all others are the server's fault", () => {
  const { undefined: sent, ...failed } = Object.fromEntries(
    meanings((status) => messageError(status) ?? "undefined", "server-error"),
  );
  expect(sent).toEqual(statuses.slice(0, 100));
  expect(failed).toEqual({
    "recipient-unknown": [404, 410, 416, 484, 485, 604],
    "recipient-unreachable": [408, 430, 477, 480, 486, 600],
    "not-allowed": [401, 403, 407],
    "too-large": [413, 513],
    unsupported: [415, 488],
    "rejected-by-recipient": [433, 603, 606, 607],
    "rate-limited": [429],
  });
});

describe("an error on the way to a server", () => {
  it.each([
    ["ECONNREFUSED", "connection-refused"],
    ["EHOSTUNREACH", "connection-refused"],
    ["ECONNRESET", "connection-lost"],
    ["EPIPE", "connection-lost"],
    ["ETIMEDOUT", "timed-out"],
    ["ENOTFOUND", "unknown-host"],
    ["EAI_AGAIN", "no-network"],
    ["ENETUNREACH", "no-network"],
    ["CERT_HAS_EXPIRED", "certificate-expired"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-failed"],
    ["EPROTO", "tls-failed"],
    ["X_ERR_SSL", "connection-refused"],
    ["EWHATEVER", "connection-refused"],
  ])("%s is told as %s, with the host", (code, ours) => {
    expect(connectError(Object.assign(new Error(code), { code }), "sip.example.test")).toMatchObject({
      code: ours,
      params: { host: "sip.example.test" },
    });
  });

  it("that has a code of ours keeps it, and what is no error has none", () => {
    const known = new HallwayError("proxy-refused", { proxy: "p" });
    expect(connectError(known, "h")).toBe(known);
    expect([
      nodeCode("ECONNRESET"),
      nodeCode({ code: "ECONNRESET" }),
      nodeCode(Object.assign(new Error("x"), { code: 5 })),
      nodeCode(new Error("x")),
    ]).toEqual(["", "", "", ""]);
  });
});

describe("a time that a server names", () => {
  const response = (header: string) =>
    parseMessage(
      Buffer.from(
        `SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n${header}`,
      ),
      Buffer.alloc(0),
    );

  it.each([
    ["Retry-After: 0", 0],
    ["Retry-After: 18000;duration=3600", 18_000],
    ["Retry-After: 120 (I'm in a meeting)", 120],
    ["Retry-After: 86401", 86_400],
    ["Retry-After: -1", undefined],
    ["Retry-After: soon", undefined],
    ["X: 1", undefined],
  ])("%s", (header, seconds) => expect(retryAfter(response(header))).toBe(seconds));

  it.each([
    ["Min-Expires: 1", 1],
    ["Min-Expires: 604800", 604_800],
    ["Min-Expires: 604801", undefined],
    ["Min-Expires: 0", undefined],
    ["Min-Expires: x", undefined],
    ["X: 1", undefined],
  ])("%s", (header, seconds) => expect(minExpires(response(header))).toBe(seconds));

  it.each([
    ["Flow-Timer: 1", 1],
    ["Flow-Timer: 100000", 86_400],
    ["Flow-Timer: 0", undefined],
    ["Flow-Timer: x", undefined],
    ["X: 1", undefined],
  ])("%s", (header, seconds) => expect(flowTimer(response(header))).toBe(seconds));

  it("leaves room to ask again before it is over, and is never at once or beyond what a timer holds", () => {
    expect([1, 2, 9, 10, 60, 119].map((seconds) => refreshDelay(seconds))).toEqual([
      1_000, 1_000, 4_500, 5_000, 55_000, 114_000,
    ]);
    expect([refreshDelay(120, () => 0), refreshDelay(120, () => 1), refreshDelay(3_600, () => 0.5)]).toEqual([
      90_000, 108_000, 2_970_000,
    ]);
    expect(refreshDelay(1e9, () => 1)).toBe(604_800_000);
  });
});
