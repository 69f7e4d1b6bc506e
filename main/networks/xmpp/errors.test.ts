import xml from "@xmpp/xml";
import { expect, it } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import {
  isFinal,
  isRefusal,
  nsStanzas,
  nsStreamErrors,
  SeeOther,
  saslError,
  seeOtherOf,
  stanzaCondition,
  stanzaErrorCode,
  streamError,
} from "./errors.ts";

it("reads a stream error by its condition, where a text stands before it, too", () => {
  const error = (condition: string, content = "") =>
    xml("stream:error", {}, xml("text", nsStreamErrors, "because"), xml(condition, nsStreamErrors, content));
  expect(seeOtherOf(streamError(error("see-other-host", "node7.example.test")))).toBe("node7.example.test");
  expect(streamError(error("host-unknown")).code).toBe("unknown-host");
  expect([isRefusal(error("policy-violation")), isRefusal(error("system-shutdown"))]).toEqual([true, false]);
});

it("takes the condition of a stanza's error from its namespace, and never its text", () => {
  const stanza = (...children: Parameters<typeof xml>[2][]) =>
    xml("iq", { type: "error" }, xml("error", {}, ...children));
  const gone = xml("gone", nsStanzas);
  expect(stanzaCondition(stanza("text", xml("text", nsStanzas, "no"), xml("conflict", "urn:other"), gone))).toBe(
    "gone",
  );
  expect([stanzaCondition(stanza()), stanzaCondition(xml("iq"))]).toEqual([undefined, undefined]);
  expect([stanzaErrorCode(stanza(gone)), stanzaErrorCode(stanza()), stanzaErrorCode(xml("iq"))]).toEqual([
    "recipient-unknown",
    "server-error",
    "server-error",
  ]);
});

it("does not know where to go where nothing is said, and does where that is said of the cause", () => {
  const error = (content: string) => xml("stream:error", {}, xml("see-other-host", nsStreamErrors, content));
  expect(seeOtherOf(streamError(error(" \n")))).toBeUndefined();
  expect(streamError(error(" \n")).code).toBe("server-error");
  expect(streamError(xml("stream:error")).code).toBe("server-error");
  expect(
    streamError(xml("stream:error", {}, xml("host-unknown", nsStreamErrors, "elsewhere.test"))),
  ).not.toBeInstanceOf(SeeOther);
  const there = new SeeOther("there");
  expect([
    seeOtherOf(there),
    seeOtherOf(new HallwayError("server-error", undefined, there)),
    seeOtherOf(new HallwayError("server-error")),
    seeOtherOf(new Error("no", { cause: there })),
    isRefusal(xml("stream:error")),
  ]).toEqual(["there", "there", undefined, undefined, false]);
});

it("takes a password for wrong only where the server says so", () => {
  const failure = (...conditions: string[]) =>
    saslError(xml("failure", {}, "text", ...conditions.map((name) => xml(name)))).code;
  expect([
    failure("text", "not-authorized"),
    failure("account-disabled"),
    failure(),
    failure("text"),
    failure("new"),
  ]).toEqual(["wrong-password", "account-disabled", "sign-in-refused", "sign-in-refused", "sign-in-refused"]);
  for (const code of ["wrong-password", "sign-in-refused", "account-disabled", "cancelled"] as const)
    expect(isFinal(new HallwayError(code))).toBe(true);
  for (const code of ["connection-refused", "timed-out", "tls-failed", "server-error"] as const)
    expect(isFinal(new HallwayError(code))).toBe(false);
});
