import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLog, redact } from "./log.ts";

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

  it("writes only from its level up", () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line) }, "warn", () => 0);
    log.debug("a");
    log.info("b");
    log.warn("c");
    expect(lines).toHaveLength(1);
  });

  it("never throws and never lets a local part through (property)", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abcdefgh123"), minLength: 5, maxLength: 20 }), fc.anything(), (local, noise) => {
        const line = JSON.stringify(
          redact({ where: `user ${local}@bank.example there`, noise: typeof noise === "bigint" ? 0 : { a: String(noise === null) } }),
        );
        expect(line).not.toContain(`${local}@`);
      }),
    );
  });
});
