import { describe, expect, it, vi } from "vitest";
import { createWords } from "../../../shared/words/words.ts";
import { eml } from "./eml.ts";
import { createKept } from "./kept.ts";
import { type MailDraft, renderMail } from "./mail.ts";
import { header, parameter } from "./mime.ts";
import { sample, start } from "./samples.test-helper.ts";

const day = 86_400_000;

describe("texts that are kept", () => {
  it("are 500 at a time; one more is the first of the next", () => {
    const kept = createKept();
    const make = vi.fn((): string => "text");
    for (let n = 0; n < 500; n++) kept(`key ${n}`, make);
    kept("key 0", make);
    expect(make).toHaveBeenCalledTimes(500);
    kept("one more", make);
    kept("key 0", make);
    expect(make).toHaveBeenCalledTimes(502);
  });

  it("are those of a key of 500 characters, and of no longer one", () => {
    const kept = createKept();
    const make = vi.fn((): string => "text");
    for (const key of ["k".repeat(500), "k".repeat(500)]) kept(key, make);
    expect(make).toHaveBeenCalledTimes(1);
    for (const key of ["k".repeat(501), "k".repeat(501)]) expect(kept(key, make)).toBe("text");
    expect(make).toHaveBeenCalledTimes(3);
  });

  it("are the names of 4,000 days", async () => {
    vi.resetModules();
    const { dateOf } = await import("./moments.ts");
    const made = vi.spyOn(Date.prototype, "toISOString");
    for (let n = 0; n < 4_000; n++) dateOf(start + n * day);
    dateOf(start);
    expect(made).toHaveBeenCalledTimes(4_000);
    expect(dateOf(start + 4_000 * day)).toBe("2037-11-06");
    expect(dateOf(start)).toBe("2026-11-24");
    expect(made).toHaveBeenCalledTimes(4_002);
    made.mockRestore();
  });
});

describe("a header of mail", () => {
  it("holds 4,000 characters, and no more", () => {
    const words = Array.from({ length: 50 }, () => "c".repeat(79)).join(" ");
    expect(words.length + 1).toBe(4_000);
    expect(header("X", `${words}d`)).toMatch(/cd\r\n$/);
    expect(header("X", `${words}de`)).toMatch(/cd\r\n$/);
  });

  it("has parameters of 4,000 characters, and no more", () => {
    const value = (length: number): number =>
      [...parameter("name", "a".repeat(length)).matchAll(/a(?!me)/g)].length - 201;
    expect([value(4_000), value(4_001)].map((more) => more - value(3_999))).toEqual([1, 1]);
  });

  it("names 500 recipients and participants; the record in the mail has all of them", () => {
    const people = Array.from({ length: 502 }, (_, n) => `person${n}@example.com`);
    const draft: MailDraft = {
      id: "<a@b>",
      inReplyTo: undefined,
      subject: "Subject",
      date: start,
      network: "xmpp",
      account: "alice@example.com",
      conversation: "bob@example.com",
      conversationId: "account-1|bob@example.com",
      participants: people,
      count: 1,
      first: start,
      last: start,
      extra: [],
      text: "text",
      file: { type: "application/json", name: "message.json", text: "{}" },
    };
    const mail = renderMail(draft);
    const to = /^To: [\s\S]*?\r\n(?=\S)/m.exec(mail)?.[0] ?? "";
    expect(to).toContain("person500@example.com");
    expect(to).not.toContain("person501@example.com");
    expect(mail).toContain("X-Hallway-Participant-Count: 502\r\n");
    const named = renderMail({ ...draft, participants: people.map((_, n) => `${n}@e`) });
    expect(/^X-Hallway-Participants: [\s\S]*?\r\n(?=\S)/m.exec(named)?.[0]).toMatch(/499@e\r\n$/);
  });
});

describe("a day of a conversation as mail", () => {
  function mailsOf(bodies: readonly string[]): readonly MailDraft[] {
    const mails: MailDraft[] = [];
    const writer = eml.start(
      { mail: (_path: string, draft: MailDraft) => void mails.push(draft) } as never,
      { words: createWords("en") } as never,
    );
    for (const [seq, body] of bodies.entries())
      writer.add(sample({ id: `id-${String(seq).padStart(6, "0")}`, seq: 1, body }));
    writer.end();
    return mails;
  }

  it("is in one part up to 2,000 messages", () => {
    expect(mailsOf(Array.from({ length: 2_000 }, () => "a")).map(({ count }) => count)).toEqual([2_000]);
    expect(mailsOf(Array.from({ length: 2_001 }, () => "a")).map(({ count }) => count)).toEqual([2_000, 1]);
  });

  it("is in one part up to two million characters", () => {
    const sizeOf = (bodies: readonly string[]): number => {
      const [mail] = mailsOf(bodies);
      return (mail?.text.slice(mail.text.indexOf("[")).length ?? 0) + (mail?.file.text.length ?? 0);
    };
    const limit = 2 * 1024 * 1024;
    // A quotation mark is one character in the text and two in the record.
    const odd = (limit - sizeOf([""])) % 2 === 1 ? '"' : "";
    const body = odd + "x".repeat((limit - sizeOf([odd])) / 2);
    expect(sizeOf([body])).toBe(limit);
    expect(mailsOf([body, "next", "after"]).map(({ count }) => count)).toEqual([2, 1]);
    expect(mailsOf([`${body}x`, "next"]).map(({ count }) => count)).toEqual([1, 1]);
  });
});
