import { EventEmitter } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Digest } from "./digest.ts";
import { interval, linesAnInterval } from "./line-limit.ts";
import { createLog, redact } from "./log.ts";
import { watchUnhandled } from "./unhandled.ts";

describe("the last net", () => {
  it("logs a rejection that nobody waited for, and lives on", () => {
    const lines: string[] = [];
    const process = new EventEmitter();
    const stop = watchUnhandled(
      createLog({ write: (line) => lines.push(line) }, "info", () => 0),
      process,
    );
    process.emit("unhandledRejection", new Error("for alice@bank.example"));
    expect(lines.join()).toContain("***@bank.example");
    stop();
    expect(process.listenerCount("unhandledRejection")).toBe(0);
  });
});

describe("log", () => {
  it("drops secrets by name and shortens addresses wherever they stand", () => {
    const lines: string[] = [];
    createLog({ write: (line) => lines.push(line) }, "info", () => 0).warn("Sign-in failed", {
      password: "hunter2",
      body: "see you",
      error: new Error("no route for alice@bank.example/desk", { cause: new Error("peer bob@x.example") }),
      nested: { jid: "carol@y.example" },
    });
    expect(lines.join()).not.toMatch(/hunter2|see you|alice|bob|carol/);
    expect(lines.join()).toContain("***@bank.example");
  });

  it("drops secrets that are deeper, and survives what cannot be written as JSON", () => {
    const circle: Record<string, unknown> = { password: "hunter2", list: [{ token: "hunter3", ok: "fine" }], big: 1n };
    circle["self"] = circle;
    const line = JSON.stringify(redact({ nested: circle }));
    expect(line).not.toMatch(/hunter/);
    expect(line).toContain("fine");
  });

  it("leaves numbers, truth and nothing as they are, and writes everything else as text", () => {
    const plain = { one: 1, yes: true, no: false, none: null, absent: undefined };
    expect(redact(plain)).toEqual(plain);
    expect(
      redact({ a: "text", e: new RangeError("too far"), list: [[["deep", [["deeper"]]]], 2n, Symbol("s")] }),
    ).toEqual({
      a: "text",
      e: "RangeError: too far",
      list: '[[["deep",["..."]]],"2","Symbol(s)"]',
    });
    expect(
      redact({ nested: { error: new Error("for bob@x.example"), fine: null, count: 3, token: "t", work: Math.max } }),
    ).toEqual({
      nested:
        '{"error":"Error: for ***@x.example","fine":null,"count":3,"token":"[redacted]","work":"function max() { [native code] }"}',
    });
  });

  it("tells how often a line was left out when it is said again, and of no other line", () => {
    const lines: string[] = [];
    let now = 0;
    const log = createLog({ write: (line) => lines.push(line) }, "info", () => now);
    const last = (): { readonly what?: string; readonly leftOut?: number } => JSON.parse(lines.at(-1) ?? "{}");
    for (let n = 0; n < linesAnInterval + 3; n++) log.info("often");
    log.info("often", { account: "another" });
    expect([lines.length, last().leftOut]).toEqual([linesAnInterval + 1, undefined]);
    now = interval - 1;
    log.info("often");
    expect(lines).toHaveLength(linesAnInterval + 1);
    now = interval;
    log.info("often");
    expect([lines.length, last().leftOut]).toEqual([linesAnInterval + 2, 4]);
    log.info("often");
    expect(last().leftOut).toBeUndefined();
    // A clock that was set back begins anew.
    for (let n = 0; n < linesAnInterval; n++) log.info("often");
    now = 0;
    log.info("often");
    expect(last().what).toBe("often");
    expect(lines).toHaveLength(2 * linesAnInterval + 2);
  });

  it("writes only from its level up", () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line) }, "warn", () => 0);
    log.debug("a");
    log.info("b");
    log.warn("c");
    expect(lines).toHaveLength(1);
    const all = createLog({ write: (line) => lines.push(line) }, "debug", () => 0);
    for (const level of ["debug", "info", "warn"] as const) all[level](`at ${level}`, { one: 1 });
    expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual(
      ["debug", "info", "warn"].map((level) => ({
        time: "1970-01-01T00:00:00.000Z",
        level,
        what: `at ${level}`,
        one: 1,
      })),
    );
  });

  it("never throws and never lets a local part through (property)", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."abcdefgh123"), minLength: 5, maxLength: 20 }),
        fc.anything(),
        (local, noise) => {
          const line = JSON.stringify(
            redact({
              where: `user ${local}@bank.example there`,
              noise: typeof noise === "bigint" ? 0 : { a: String(noise === null) },
            }),
          );
          expect(line).not.toContain(`${local}@`);
        },
      ),
    );
  });
});

describe("what is said often", () => {
  it("is left out after some lines a minute, each account apart, and the next line says how many there were", () => {
    const lines: { what: string; account?: string; leftOut?: number }[] = [];
    let at = 0;
    const log = createLog({ write: (line) => lines.push(JSON.parse(line)) }, "info", () => at);
    for (let n = 0; n < 1_000; n++) log.info("Refused", { account: "one", what: `kind ${n}` });
    log.info("Refused", { account: "two" });
    log.info("Signed in", { account: "one" });
    expect(lines).toHaveLength(linesAnInterval + 2);
    at += interval;
    log.info("Refused", { account: "one" });
    expect(lines.at(-1)?.leftOut).toBe(1_000 - linesAnInterval);
    log.info("Refused", { account: "one" });
    expect(lines.at(-1)?.leftOut).toBeUndefined();
  });

  it("is summed up in a digest: first at once, then by number, and each kind apart", () => {
    const told: [string, number][] = [];
    let at = 0;
    const digest = new Digest<string>({
      every: 1_000,
      now: () => at,
      tell: (about, count) => told.push([about, count]),
    });
    for (let n = 0; n < 50; n++) digest.add("cards", "cards");
    digest.add("names", "names");
    expect(told).toEqual([
      ["cards", 1],
      ["names", 1],
    ]);
    at = 1_000;
    digest.add("names", "names");
    expect(told.slice(2)).toEqual([
      ["cards", 49],
      ["names", 1],
    ]);
    for (let n = 0; n < 10_000; n++) digest.add(`made up ${n}`, "made up");
    expect(told.length).toBeLessThan(300);
  });
});
