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
