import { expect, it } from "vitest";
import type { Extension, ExtensionParts } from "./extension.ts";
import { extensions } from "./extensions.ts";
import { everyone, subscribers } from "./senders.ts";
import { startTestSession } from "./testing/session.ts";

const extension = (name: string, parts: ExtensionParts, features: readonly string[] = []): Extension => ({
  name,
  features,
  attach: () => parts,
});
const message = { from: everyone, read: () => undefined };
const envelope = { from: everyone, holds: () => true, open: () => undefined };
const part = (parts: ExtensionParts) => ({ parts, features: [] });

it.each([
  ["the request get urn:x", part({ requests: { "get urn:x": { from: subscribers, answer: () => undefined } } })],
  ["the part of messages urn:x", part({ message: { "urn:x": message } })],
  ["the envelope urn:x", part({ envelopes: { "urn:x": envelope } })],
  ["the part of presence urn:x", part({ presence: { "urn:x": { from: everyone, read: () => undefined } } })],
  ["the node urn:x", part({ nodes: { "urn:x": { from: everyone, notified: () => undefined } } })],
  ["the command sendTyping", part({ commands: { sendTyping: () => undefined } })],
  ["the facet blocking", part({ facets: { blocking: () => undefined } })],
  ["the feature urn:x", { parts: {}, features: ["urn:x"] }],
])("two extensions that take on %s are an error at start, with both names", async (what, { parts, features }) => {
  const [one, other] = [extension("XEP-0001: One", parts, features), extension("XEP-0002: Other", parts, features)];
  await expect(startTestSession({ extensions: [one, other] })).rejects.toThrow(
    `XEP-0001: One and XEP-0002: Other both take on ${what}`,
  );
});

it("one that opens what another reads is an error at start, in either order", async () => {
  const all = [
    extension("XEP-0001: One", { envelopes: { "urn:x": envelope } }),
    extension("XEP-0002: Other", { message: { "urn:x": message } }),
  ];
  await expect(startTestSession({ extensions: all })).rejects.toThrow(
    "XEP-0001: One and XEP-0002: Other both take on the child of messages urn:x",
  );
  await expect(startTestSession({ extensions: all.reverse() })).rejects.toThrow(
    "XEP-0002: Other and XEP-0001: One both take on the child of messages urn:x",
  );
});

it("one extension listed twice is an error at start", async () => {
  const [first] = extensions;
  if (!first) throw new Error("there are no extensions");
  await expect(startTestSession({ extensions: [...extensions, { ...first, features: [] }] })).rejects.toThrow(
    `${first.name} is attached twice`,
  );
});

it("a part that nothing asks for is an error at start", async () => {
  // As the compiler sees it, this only has more than it needs.
  const parts = { started: () => undefined, gate: { wanted: () => true, pass: async () => undefined } };
  await expect(
    startTestSession({ extensions: [{ name: "XEP-0001: One", features: [], attach: () => parts }] }),
  ).rejects.toThrow("XEP-0001: One has an unknown part gate");
});
