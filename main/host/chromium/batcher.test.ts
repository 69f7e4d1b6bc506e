import { describe, expect, it } from "vitest";
import { Batcher } from "./batcher.ts";
import type { Delivery } from "./bridge.ts";

const update = (seq: number): Delivery => ({ kind: "message", message: { kind: "update", update: { seq, ops: [] } } });
const reply = (id: number): Delivery => ({ kind: "message", message: { kind: "reply", id, ok: true } });
const turn = (): Promise<void> => new Promise(setImmediate);

describe("the outbox", () => {
  it("joins one turn's messages, keeps two batches on the way, and gathers the rest", async () => {
    const batches: Delivery[][] = [];
    const takes: (() => void)[] = [];
    const outbox = new Batcher((batch) => {
      batches.push(JSON.parse(batch));
      return new Promise<void>((resolve) => takes.push(resolve));
    });
    for (let seq = 0; seq < 3; seq++) outbox.push(update(seq));
    await turn();
    for (let seq = 3; seq < 9; seq++) {
      outbox.push(update(seq));
      await turn();
    }
    expect(batches.map((batch) => batch.length)).toEqual([3, 1]);
    takes[0]?.();
    await turn();
    expect(batches.map((batch) => batch.length)).toEqual([3, 1, 5]);
    expect(batches.flat()).toEqual(Array.from({ length: 9 }, (_, seq) => update(seq)));
  });

  it("lets 20,000 deliveries wait for a page that is stuck; with one more the updates go, and no reply does", async () => {
    const batches: Delivery[][] = [];
    const takes: (() => void)[] = [];
    const outbox = new Batcher((batch) => {
      batches.push(JSON.parse(batch));
      return new Promise<void>((resolve) => takes.push(resolve));
    });
    for (const id of [1, 2]) {
      outbox.push(reply(id));
      await turn();
    }
    outbox.push(reply(3));
    for (let seq = 1; seq < 20_000; seq++) outbox.push(update(seq));
    await turn();
    takes[0]?.();
    await turn();
    expect(batches[2]).toHaveLength(20_000);
    outbox.push(reply(4));
    for (let seq = 1; seq <= 20_000; seq++) outbox.push(update(seq));
    await turn();
    takes[1]?.();
    await turn();
    expect(batches[3]).toEqual([reply(4), update(20_000)]);
  });

  it("waits for no page that is gone: one that fell over never says what it took", async () => {
    const batches: Delivery[][] = [];
    const takes: (() => void)[] = [];
    const outbox = new Batcher((batch) => {
      batches.push(JSON.parse(batch));
      return new Promise<void>((resolve) => takes.push(resolve));
    });
    for (let seq = 0; seq < 3; seq++) {
      outbox.push(update(seq));
      await turn();
    }
    expect(batches).toHaveLength(2);
    outbox.clear();
    outbox.push(reply(1));
    await turn();
    expect(batches[2]).toEqual([reply(1)]);
    // what the old page says late frees no place that the new one does not have
    for (const take of takes.slice(0, 2)) take();
    await turn();
    for (let seq = 3; seq < 6; seq++) {
      outbox.push(update(seq));
      await turn();
    }
    expect(batches).toHaveLength(4);
  });

  it("goes on after a batch was lost", async () => {
    let sent = 0;
    const outbox = new Batcher(async () => {
      sent++;
      throw new Error("the page was reloaded");
    });
    for (let i = 0; i < 5; i++) {
      outbox.push(update(i));
      await turn();
      await turn();
    }
    expect(sent).toBe(5);
  });

  it("lets updates go, never replies, when the page takes nothing", async () => {
    let sent: Delivery[] = [];
    const takes: (() => void)[] = [];
    const outbox = new Batcher((batch) => {
      sent = JSON.parse(batch);
      return new Promise<void>((resolve) => takes.push(resolve));
    });
    for (let i = 0; i < 2; i++) {
      outbox.push(update(i));
      await turn();
    }
    outbox.push(reply(1));
    for (let i = 0; i < 50_000; i++) outbox.push(update(i));
    outbox.push(reply(2));
    await turn();
    takes[0]?.();
    await turn();
    expect(sent.length).toBeLessThanOrEqual(20_001);
    expect(sent[0]).toEqual(reply(1));
    expect(sent.at(-1)).toEqual(reply(2));
  });

  it("forgets what waits when a new page begins", async () => {
    const batches: string[] = [];
    const outbox = new Batcher(async (batch) => batches.push(batch));
    outbox.push(update(1));
    outbox.clear();
    await turn();
    expect(batches).toEqual([]);
  });
});
