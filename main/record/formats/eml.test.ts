import fc from "fast-check";
import PostalMime, { type Email } from "postal-mime";
import { expect, test } from "vitest";
import { createWords } from "../../../shared/words/words.ts";
import { eml, itemEml } from "./eml.ts";
import { itemJson, messageJson } from "./json.ts";
import { mailAddress } from "./mime.ts";
import { hashOf } from "./parties.ts";
import { anyMessage, full, hostileTexts, sample, start, written } from "./samples.test-helper.ts";

const words = createWords("en");

const headerOf = (mail: Email, name: string): string | undefined =>
  mail.headers.find(({ key }) => key === name.toLowerCase())?.value;
const attached = (mail: Email): string => {
  const content = mail.attachments[0]?.content;
  return typeof content === "string" ? content : new TextDecoder().decode(content);
};

/**
 * Checks the lines that RFC 5322 section 2.1.1 and RFC 2045 ask of every mail, whatever is in it: ASCII, CRLF only, no
 * line over 998.
 */
function expectLines(mail: string): void {
  expect(mail).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  expect(mail.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  for (const line of mail.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
}

test("an item of the feed: headers that archives index, the text, the whole record", async () => {
  const item = { id: "4d1f7a52-0000-4000-8000-0000000000aa", what: "correction" as const, message: full };
  const text = itemEml(item, words);
  expectLines(text);
  const mail = await PostalMime.parse(text);
  expect(mail.messageId).toBe(`<item.${item.id}@record.hallway.invalid>`);
  expect(mail.inReplyTo).toBe(`<item.${full.id}@record.hallway.invalid>`);
  expect(mail.subject).toBe("Corrected: chat with bob@example.com");
  expect(mail.from).toMatchObject({ name: "xmpp:alice@example.com", address: "alice@example.com" });
  expect(mail.to).toMatchObject([{ name: "xmpp:bob@example.com", address: "bob@example.com" }]);
  expect(mail.date).toBe("2026-11-24T09:31:00.000Z");
  expect(headerOf(mail, "X-Hallway-Network")).toBe("xmpp");
  expect(headerOf(mail, "X-Hallway-Conversation")).toBe("xmpp:bob@example.com");
  expect(headerOf(mail, "X-Hallway-Encryption")).toBe("omemo");
  expect(headerOf(mail, "X-Hallway-File")).toBe(
    `sha256=${"ab".repeat(32)}; size=4096; name*=utf-8''plan%20%E2%80%9CB%E2%80%9D.pdf`,
  );
  expect(mail.text).toContain("[09:30:00] alice@example.com: Budget: 12 000 €");
  expect(mail.text).toContain("(Until 09:31:00: Budget: 11 000 €)");
  expect(mail.text).toContain("(Sent 09:30:01, Read 09:30:05)");
  expect(attached(mail)).toBe(`${itemJson(item)}\n`);
  expect(headerOf(mail, "X-Hallway-Record-SHA256")).toBe(hashOf(attached(mail)));
  expect(itemEml(item, words)).toBe(text);
});

test("one mail for each conversation and day, with all that was said", async () => {
  const nextDay = sample({ id: "next", sentAt: start + 24 * 3600 * 1000, body: "À demain" });
  const other = sample({
    id: "other",
    conversationId: "account-1|carla@example.org",
    peer: "carla@example.org",
    network: "simple",
  });
  const files = written(eml, [sample(), full, nextDay, other], { words: createWords("fr"), utcOffset: () => 0 });
  expect([...files.keys()].map((path) => path.replace(/-[0-9a-f]{12}\//, "/"))).toEqual([
    "bob@example.com/2026-11-24.eml",
    "bob@example.com/2026-11-25.eml",
    "carla@example.org/2026-11-24.eml",
  ]);
  const [first, second, third] = await Promise.all([...files.values()].map((mail) => PostalMime.parse(mail)));
  if (!first || !second || !third) throw new Error("Three mails");
  expect(first.subject).toBe("Discussion avec bob@example.com, 2026-11-24");
  expect(headerOf(first, "X-Hallway-Message-Count")).toBe("2");
  expect(headerOf(first, "X-Hallway-Participants")).toBe("bob@example.com, alice@example.com");
  expect(attached(first)).toBe(`${messageJson(sample())}\n${messageJson(full)}\n`);
  expect(second.text).toContain("À demain");
  expect(third.from).toMatchObject({ name: "sip:carla@example.org" });
  expect(headerOf(first, "References")).toBe(headerOf(second, "References"));
  expect(first.messageId).not.toBe(second.messageId);
});

test("a day of thousands of messages is cut into parts", async () => {
  const files = written(
    eml,
    Array.from({ length: 4500 }, (_, index) => sample({ id: `m-${index}`, seq: index, sentAt: start + index })),
  );
  expect([...files.keys()].map((path) => path.split("/")[1])).toEqual([
    "2026-11-24.eml",
    "2026-11-24-2.eml",
    "2026-11-24-3.eml",
  ]);
  const counts = await Promise.all(
    [...files.values()].map(async (mail) => headerOf(await PostalMime.parse(mail), "X-Hallway-Message-Count")),
  );
  expect(counts).toEqual(["2000", "2000", "500"]);
});

test("an address that mail cannot carry is mapped, and its own form kept in the name", async () => {
  expect(mailAddress("alice@example.com")).toBe("alice@example.com");
  expect(mailAddress("josé@münchen.example")).toBe("jos%C3%A9@xn--mnchen-3ya.example");
  expect(mailAddress("a,b;c@example.com")).toBe("a%2Cb%3Bc@example.com");
  expect(mailAddress("a..b@example.com")).toBe("a%2E.b@example.com");
  expect(mailAddress("bob@[::1]")).toBe("bob@[IPv6:::1]");
  expect(mailAddress(`${"x".repeat(1000)}@example.com`)).toMatch(/^h-[0-9a-f]{32}@example\.com$/);
  const mail = await PostalMime.parse(
    itemEml({ id: "i", what: "message", message: sample({ peer: "josé@münchen.example", network: "simple" }) }, words),
  );
  expect(mail.from).toMatchObject({ name: "sip:josé@münchen.example" });
});

test("nothing that was said becomes a header, a part or another message", async () => {
  for (const body of hostileTexts) {
    const message = sample({
      body,
      id: body,
      peer: "eve@example.com",
      label: body,
      files: [{ name: body, sha256: "0f".repeat(32), size: 1, type: undefined }],
    });
    const text = itemEml({ id: body, what: "message", message }, words);
    expectLines(text);
    const mail = await PostalMime.parse(text);
    expect(headerOf(mail, "Bcc")).toBeUndefined();
    expect(mail.attachments).toHaveLength(1);
    expect((JSON.parse(attached(mail)) as { text: string }).text).toBe(body);
    expect(mail.text?.match(/^\[/gm)).toHaveLength(1);
  }
});

test("whatever is in the record: the mail parses back with the whole of it", async () => {
  await fc.assert(
    fc.asyncProperty(anyMessage, async (message) => {
      const item = { id: message.id, what: "message" as const, message };
      const text = itemEml(item, words);
      expectLines(text);
      const mail = await PostalMime.parse(text);
      expect(mail.attachments).toHaveLength(1);
      expect(attached(mail)).toBe(`${itemJson(item)}\n`);
      expect(mail.from?.address).toMatch(/^\S+@\S+$/);
      expect(headerOf(mail, "X-Hallway-Record-SHA256")).toBe(hashOf(attached(mail)));
    }),
  );
});
