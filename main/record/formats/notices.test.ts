import { expect, test } from "vitest";
import { createWords } from "../../../shared/words/words.ts";
import { itemId } from "../feed/item-id.ts";
import { csv } from "./csv.ts";
import { eml } from "./eml.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { sample, single, written } from "./samples.test-helper.ts";
import { xml } from "./xml.ts";

/** A message that could not be shown, in every format: what it was for programs, a sentence for people. */
const invited = sample({
  body: "Come <in>",
  notice: { kind: "invitation", what: "den@rooms.example.com", who: "carol@example.com" },
});
const line =
  "bob@example.com invited you to the room den@rooms.example.com on behalf of carol@example.com. This version of Hallway cannot show rooms.";

test("JSON and CSV say of what kind it was, and with which details", () => {
  expect(JSON.parse(single(json, [invited]))).toMatchObject({
    text: "Come <in>",
    notice: { kind: "invitation", what: "den@rooms.example.com", who: "carol@example.com" },
  });
  const [head, row] = single(csv, [invited]).split("\r\n");
  expect(head).toMatch(/,seq,notice,notice_what,notice_who,author,author_name,author_occupant,author_self$/);
  expect(row).toMatch(/,1,invitation,den@rooms\.example\.com,carol@example\.com,bob@example\.com,,,$/);
  expect(single(csv, [sample()]).split("\r\n")[1]).toMatch(/,1,,,,bob@example\.com,,,$/);
});

test("XML has it in the element of its own namespace", () => {
  expect(single(xml, [invited])).toContain(
    '<h:Notice kind="invitation" who="carol@example.com">den@rooms.example.com</h:Notice>',
  );
  expect(single(xml, [sample()])).not.toContain("<h:Notice");
});

test("pages and mails say it in a sentence, in the person's language", () => {
  const [page] = [...written(html, [invited])]
    .filter(([path]) => path.startsWith("conversations/"))
    .map(([, content]) => content);
  expect(page).toContain(line);
  expect(page).toContain("Come &lt;in&gt;");
  const french = { words: createWords("fr"), utcOffset: () => 0 };
  const [page2] = [...written(html, [invited], french)]
    .filter(([path]) => path.startsWith("conversations/"))
    .map(([, content]) => content);
  expect(page2).toContain("vous a invité dans le salon den@rooms.example.com");
  const [mail = ""] = written(eml, [sample({ body: "", notice: { kind: "attention" } })]).values();
  expect(Buffer.from(mail.split("\r\n\r\n")[2] ?? "", "base64").toString() + mail).toContain(
    "asked for your attention",
  );
});

test("two notices without a text are two items of the feed", () => {
  const about = { ...sample({ body: "" }), wireId: "w1" };
  const ids = [
    undefined,
    { kind: "call" as const },
    { kind: "reaction" as const, what: "+" },
    { kind: "reaction" as const, what: "-" },
  ].map((notice) => itemId("message", { ...about, notice }));
  expect(new Set(ids).size).toBe(4);
});
