import xml from "@xmpp/xml";
import { expect, it } from "vitest";
import { isRefusal, nsStreamErrors, seeOtherOf, streamError } from "./errors.ts";

it("reads a stream error by its condition, where a text stands before it, too", () => {
  const error = (condition: string, content = "") =>
    xml("stream:error", {}, xml("text", nsStreamErrors, "because"), xml(condition, nsStreamErrors, content));
  expect(seeOtherOf(streamError(error("see-other-host", "node7.example.test")))).toBe("node7.example.test");
  expect(streamError(error("host-unknown")).code).toBe("unknown-host");
  expect([isRefusal(error("policy-violation")), isRefusal(error("system-shutdown"))]).toEqual([true, false]);
});
