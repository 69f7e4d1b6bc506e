import Database from "@signalapp/sqlcipher";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../../shared/errors.ts";
import { isSignedText, readPublicKey } from "../../secrets/signing.ts";
import type { AuditEvent } from "./audit.ts";
import { type AuditEntry, hashOf } from "./entry.ts";
import { allKinds, createTestDevice, type TestDevice } from "./testing.test-helper.ts";

let device: TestDevice;
beforeEach(async () => {
  device = await createTestDevice();
});
afterEach(() => device.remove());

const signIn = (name: string): AuditEvent => ({ kind: "sign-in", action: "signed-in", details: { name } });
const hold = (name: string): AuditEvent => ({ kind: "hold", action: "set", details: { name } });
const said = (entries: readonly AuditEntry[]): string[] => entries.map(({ kind, action }) => `${kind} ${action}`);

describe("the audit log", () => {
  it("chains and signs what happens, in the order of calls, over restarts and a clock that goes back", async () => {
    let clock = 5000;
    const first = await device.open({ now: () => clock });
    expect(first.head()).toBeUndefined();
    void first.record(signIn("a"));
    clock = 1000;
    await first.record(hold("b"));
    await first.stop();
    const second = await device.open({ now: () => clock });
    await second.record(signIn("c"));
    const entries = await second.entries(undefined, 100);
    expect(said(entries)).toEqual(["chain begun", "sign-in signed-in", "hold set", "sign-in signed-in"]);
    expect(entries.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(entries.map(({ at }) => at)).toEqual([5000, 5000, 1000, 1000]);
    let before: AuditEntry | undefined;
    const key = readPublicKey((JSON.parse(entries[0]?.details ?? "") as { publicKey: string }).publicKey);
    for (const entry of entries) {
      expect(entry.previous).toBe(before?.hash ?? "");
      expect(entry.hash).toBe(hashOf(entry, before?.signature ?? ""));
      expect(
        isSignedText(key, { purpose: "hallway audit entry 1", message: entry.hash, signature: entry.signature }),
      ).toBe(true);
      expect(
        isSignedText(key, { purpose: "hallway audit head 1", message: entry.hash, signature: entry.signature }),
      ).toBe(false);
      before = entry;
    }
    const head = second.head();
    expect(head).toMatchObject({ n: 4, hash: before?.hash });
    expect(
      isSignedText(key, {
        purpose: "hallway audit head 1",
        message: `4 ${head?.hash}`,
        signature: head?.signature ?? "",
      }),
    ).toBe(true);
    await second.stop();
  });

  it("seals the head in the secret store, soon after an entry and at the end", async () => {
    const log = await device.open({ sealWithin: 10 });
    await log.record(signIn("a"));
    await vi.waitFor(() =>
      expect(JSON.parse(device.kept.get("audit-head") ?? "")).toEqual({ n: 2, hash: log.head()?.hash }),
    );
    await log.stop();
    const slow = await device.open({ sealWithin: 1_000_000 });
    await slow.record(signIn("b"));
    const head = slow.head();
    await slow.stop();
    expect(JSON.parse(device.kept.get("audit-head") ?? "")).toEqual({ n: 3, hash: head?.hash });
  });

  it("writes only the kinds that AuditEvents names, and nothing while the chain is switched off, which it says", async () => {
    let enabled = false;
    const log = await device.open({
      enabled: () => enabled,
      kinds: () => allKinds.filter((kind) => kind !== "sign-in"),
    });
    await log.record(hold("off from the start"));
    expect(await log.entries(undefined, 10)).toEqual([]);
    enabled = true;
    await log.record(signIn("not named"));
    await log.record(hold("a"));
    enabled = false;
    log.applyPolicy();
    await log.record(hold("off"));
    enabled = true;
    log.applyPolicy();
    await log.record(hold("b"));
    const entries = await log.entries(undefined, 10);
    expect(said(entries)).toEqual(["chain begun", "hold set", "chain stopped", "chain resumed", "hold set"]);
    enabled = false;
    log.applyPolicy();
    await log.stop();
    const again = await device.open({ enabled: () => enabled });
    enabled = true;
    await again.record(hold("c"));
    expect(said(await again.entries(entries[4], 10))).toEqual(["chain stopped", "chain resumed", "hold set"]);
    await again.stop();
  });

  it("keeps details small and in one form only", async () => {
    const log = await device.open();
    await log.record({
      kind: "policy",
      action: "changed",
      details: { z: 1, a: "x".repeat(100_000), n: Number.NaN, lone: "\ud800", m: null },
    });
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`name ${i}`, "é".repeat(3000)]));
    await log.record({ kind: "policy", action: "changed", details: many });
    const [, one, two] = await log.entries(undefined, 10);
    expect(one?.details).toBe(`{"a":"${"x".repeat(1999)}…","lone":"\ufffd","m":null,"n":null,"z":1}`);
    expect(two?.details.length).toBeLessThan(16_385);
    expect(two?.details).toContain('"name 0":"é');
    await log.stop();
  });

  it("refuses what may not go unseen while the disk is full, keeps the rest in memory within bounds, and says how much was lost", async () => {
    const troubles: ErrorInfo[] = [];
    let wells = 0;
    const log = await device.open({
      onTrouble: (error) => void troubles.push(error),
      onWell: () => void wells++,
      maxWaiting: 3,
      retryAfter: 10,
    });
    device.full = true;
    await expect(log.record(hold("h"))).rejects.toMatchObject({ code: "storage-full" });
    await expect(log.record({ kind: "export", action: "started", details: {} })).rejects.toMatchObject({
      code: "storage-full",
    });
    // A catch-up may bring many: none of them waits for the disk.
    for (let n = 0; n < 5; n++) await log.record({ kind: "sign-in", action: "refused", details: { n } });
    await log.record({ kind: "export", action: "finished", details: {} });
    expect([log.head(), troubles, wells]).toEqual([undefined, [{ code: "storage-full" }], 0]);
    device.full = false;
    await vi.waitFor(() => expect(wells).toBe(1));
    const entries = await log.entries(undefined, 10);
    expect(said(entries)).toEqual(["chain begun", ...Array.from({ length: 3 }, () => "sign-in refused"), "chain lost"]);
    expect(JSON.parse(entries[4]?.details ?? "")).toMatchObject({ count: 3 });
    await log.record(hold("h"));
    await log.stop();
  });

  it("meets a disk that is really full, and loses nothing of what it has acknowledged", async () => {
    const log = await device.open({ maxPages: 20, retryAfter: 1_000_000 });
    let refused: unknown;
    let written = 0;
    while (refused === undefined)
      await log.record({ kind: "deletion", action: "person", details: { filler: "x".repeat(1500) } }).then(
        () => void written++,
        (error: unknown) => {
          refused = error;
        },
      );
    expect(refused).toMatchObject({ code: "storage-full" });
    await log.stop();
    const again = await device.open();
    expect(again.head()?.n).toBe(written + 1);
    await again.record(hold("goes on"));
    await again.stop();
  });

  it("does not let its entries be changed or deleted by a plain statement", async () => {
    const log = await device.open();
    await log.record(signIn("a"));
    await log.stop();
    const db = new Database(device.path);
    db.pragma(`key="x'${Buffer.from(device.key).toString("hex")}'"`);
    expect(() => db.exec("UPDATE entry SET action = 'signed-out'")).toThrow(/not changed/);
    expect(() => db.exec("DELETE FROM entry WHERE n = 2")).toThrow(/not deleted/);
    db.close();
  });
});
