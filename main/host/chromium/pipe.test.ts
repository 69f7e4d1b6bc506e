import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CdpEvent, createPipe } from "./pipe.ts";

function open(): {
  input: PassThrough;
  output: PassThrough;
  events: CdpEvent[];
  ends: () => number;
  pipe: ReturnType<typeof createPipe>;
} {
  const input = new PassThrough();
  const output = new PassThrough();
  const events: CdpEvent[] = [];
  let ends = 0;
  const pipe = createPipe({ input, output }, { onEvent: (event) => events.push(event), onEnd: () => ends++ });
  return { input, output, events, ends: () => ends, pipe };
}

describe("the pipe to the browser", () => {
  it("matches answers to commands, whatever their order", async () => {
    const { input, output, pipe } = open();
    const first = pipe.send("A.first", { x: 1 });
    const second = pipe.send("A.second", {}, "session");
    expect(
      String(input.read())
        .split("\0")
        .filter(Boolean)
        .map((text) => JSON.parse(text)),
    ).toEqual([
      { id: 1, method: "A.first", params: { x: 1 } },
      { id: 2, method: "A.second", params: {}, sessionId: "session" },
    ]);
    output.write('{"id":2,"result":{"b":2}}\0{"id":1,"error":{"code":-1,"message":"no"}}\0');
    expect(await second).toEqual({ b: 2 });
    await expect(first).rejects.toThrow("no");
  });

  it("takes messages of 32 MiB, and ends with a longer one before it is whole", async () => {
    const size = 32 * 1024 * 1024;
    const message = (length: number): Buffer => Buffer.from(`{"method":"E","params":{}}${" ".repeat(length - 26)}`);
    const fits = open();
    fits.output.write(message(size));
    fits.output.write("\0");
    await new Promise(setImmediate);
    expect([fits.events.length, fits.ends()]).toEqual([1, 0]);
    const long = open();
    const asked = long.pipe.send("A.first");
    long.output.write(message(size + 1));
    await expect(asked).rejects.toThrow("gone");
    expect([long.events.length, long.ends()]).toEqual([0, 1]);
  });

  it("reads messages however they are cut into chunks", async () => {
    const sent = Array.from({ length: 5 }, (_, i) => ({
      method: `E.${i}`,
      params: { text: "Grüße 🚪\u2028".repeat(i) },
      sessionId: "s",
    }));
    const bytes = Buffer.from(sent.map((event) => `${JSON.stringify(event)}\0`).join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const { output, events } = open();
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (const [i, at] of places.entries()) if (i > 0) output.write(bytes.subarray(places[i - 1], at));
        await new Promise(setImmediate);
        expect(events).toEqual(sent);
      }),
    );
  });

  it("passes over what is no message", async () => {
    const { output, events, ends } = open();
    output.write('x\0[]\0null\0"a"\0{}\0{"id":"1"}\0{"id":99,"result":{}}\0{"method":5}\0{"method":"E.ok"}\0');
    await new Promise(setImmediate);
    expect(events).toEqual([{ method: "E.ok", params: {}, sessionId: undefined }]);
    expect(ends()).toBe(0);
  });

  it("ends once, with every command that waits, when the browser goes or floods", async () => {
    for (const finish of [
      (o: PassThrough) => o.destroy(),
      (o: PassThrough) => o.write(Buffer.alloc(33 * 1024 * 1024, 65)),
    ]) {
      const { output, ends, pipe } = open();
      const waiting = pipe.send("A.b");
      finish(output);
      await expect(waiting).rejects.toThrow("gone");
      await expect(pipe.send("A.c")).rejects.toThrow("gone");
      await new Promise(setImmediate);
      expect(ends()).toBe(1);
    }
  });
});
