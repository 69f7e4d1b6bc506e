import { expect, it } from "vitest";
import type { Connection } from "../../networks/network.ts";
import { placed } from "../placed.test-helper.ts";
import { wire } from "./wire.ts";

const text = placed({ kind: "text", id: "1", conversationId: "account-1|b@x", body: "hello", at: 1 } as const);
const end = async () => undefined;

it("never tells of a time to come, whatever the clock has been through", async () => {
  const times: number[] = [];
  const connection = {
    messages: { send: async ({ at }: { at: number }) => void times.push(at) },
  } as unknown as Connection;
  const stage = wire({ connections: { get: () => connection }, retractionText: () => "", now: () => 1_000 });
  await stage({ ...text, at: 9_000_000 }, end);
  await stage({ ...text, at: 500 }, end);
  expect(times).toEqual([1_000, 500]);
});

it("lets nothing be said where there is no connection, nor changed where the network cannot", async () => {
  const offline = wire({ connections: { get: () => undefined }, retractionText: () => "", now: () => 1 });
  await expect(offline(text, end)).rejects.toMatchObject({ code: "offline" });
  const plain = wire({
    connections: { get: () => ({ messages: {} }) as unknown as Connection },
    retractionText: () => "",
    now: () => 1,
  });
  for (const kind of ["correction", "retraction"] as const)
    await expect(plain({ ...text, kind, targetId: "0" }, end)).rejects.toMatchObject({ code: "unsupported" });
});
