import type { Element } from "@xmpp/xml";
import { afterEach, expect, it, vi } from "vitest";
import type { ExtensionRegistry } from "../extension-registry.ts";
import { MessageWriter } from "./message-sender.ts";

afterEach(() => void vi.useRealTimers());

it("gives extensions 15 seconds for one message", async () => {
  vi.useFakeTimers();
  const registry: Partial<ExtensionRegistry> = { writeMessage: () => new Promise(() => undefined) };
  const writer = new MessageWriter(registry as ExtensionRegistry);
  let outcome: unknown;
  const message = { id: "1", to: "bob@example.test", body: "hello", at: 0, wantReceipts: false };
  Promise.resolve(writer.message(message)).catch((error: unknown) => {
    outcome = error;
  });
  await vi.advanceTimersByTimeAsync(14_999);
  expect(outcome).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome).toMatchObject({ code: "timed-out" });
});

it("writes to the bare address, of the type chat and under its own id, and marks what changes another", async () => {
  const marked: string[] = [];
  const registry: Partial<ExtensionRegistry> = {
    writeMessage: (_, { wantReceipts }) => void marked.push(`receipts ${wantReceipts}`),
    commands: {
      markCorrection: (_, { targetId }) => void marked.push(`correction of ${targetId}`),
      markRetraction: (_, { targetId }) => void marked.push(`retraction of ${targetId}`),
    },
  };
  const writer = new MessageWriter(registry as ExtensionRegistry);
  const common = { id: "1", to: "bob@example.test", at: 0 };
  const written = async (stanza: unknown) => String((await stanza) as Element);
  const stanza = (text: string) => `<message to="bob@example.test" type="chat" id="1"><body>${text}</body></message>`;
  expect(await written(writer.message({ ...common, body: "hello", wantReceipts: true }))).toBe(stanza("hello"));
  expect(await written(writer.correction({ ...common, body: "hallo", targetId: "0" }))).toBe(stanza("hallo"));
  expect(await written(writer.retraction({ ...common, fallback: "gone", targetId: "0" }))).toBe(stanza("gone"));
  expect(marked).toEqual(["receipts true", "correction of 0", "receipts false", "retraction of 0", "receipts false"]);
});

it("writes no change that no extension knows how to mark", () => {
  const writer = new MessageWriter({ commands: {} } as ExtensionRegistry);
  const change = { id: "1", to: "bob@example.test", at: 0, targetId: "0" };
  expect(writer.correction({ ...change, body: "hallo" })).toBeUndefined();
  expect(writer.retraction({ ...change, fallback: "gone" })).toBeUndefined();
});
