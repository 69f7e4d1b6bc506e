import { describe, expect, it } from "vitest";
import { noticeKinds } from "../model/notice.ts";
import { lineOf, noticeLine } from "./notice.ts";
import { createWords } from "./words.ts";

const [en, fr] = [createWords("en"), createWords("fr")];

describe("the line of a notice", () => {
  it.each(noticeKinds)(
    "of kind %s says who did what and that this version cannot show it, in both languages and directions",
    (kind) => {
      const bare = noticeLine(en, { kind }, { author: { isSelf: false }, name: "Bob" });
      expect(bare).toMatch(/version of Hallway (cannot|can only)/);
      expect(bare).not.toMatch(/[[\]{}]|undefined/);
      if (kind !== "room-message") expect(bare).toMatch(/^Bob /);
      expect(noticeLine(en, { kind }, { author: { isSelf: true }, name: "Bob" })).toMatch(/^You .*another device/);
      expect(noticeLine(fr, { kind }, { author: { isSelf: false }, name: "Bob" })).toContain("version de Hallway");
      expect(noticeLine(fr, { kind }, { author: { isSelf: true }, name: "Bob" })).toMatch(/^Vous .*autre appareil/);
      // The details are in it, but for what only programs understand.
      const full = noticeLine(en, { kind, what: "DETAIL", who: "WHO" }, { author: { isSelf: false }, name: "Bob" });
      expect(full.includes("DETAIL")).toBe(
        !["reaction-removed", "call", "session", "attention", "too-large", "other"].includes(kind),
      );
    },
  );

  it("stands before the words that came with it", () => {
    expect(lineOf(en, { body: "Come", notice: { kind: "attention" }, author: { isSelf: false } }, "Bob")).toMatch(
      /^Bob asked for your attention\. .* Come$/,
    );
    expect(lineOf(en, { body: "Come", author: { isSelf: false } }, "Bob")).toBe("Come");
  });
});
