import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createWords } from "../../../shared/words/words.ts";
import { html } from "./html.ts";
import { type Tag, tagsOf } from "./html-tree.test-helper.ts";
import { plain } from "./plain.ts";
import { anyMessage, full, hostileTexts, sample, start, written } from "./samples.test-helper.ts";

const named = (tags: readonly Tag[], name: string): readonly Tag[] => tags.filter((tag) => tag.name === name);
const texts = (tags: readonly Tag[]): readonly string[] => tags.map(({ text }) => text);
const bodies = (tags: readonly Tag[]): readonly string[] =>
  texts(tags.filter(({ attributes }) => attributes["class"] === "text"));
const linkTo = (tags: readonly Tag[] | undefined, relation: string): string | undefined =>
  tags?.find(({ name, attributes }) => name === "a" && attributes["rel"] === relation)?.attributes["href"];

test("a page for each conversation, and a list of them", () => {
  const other = sample({ conversationId: "account-1|carla@example.org", peer: "carla@example.org" });
  const files = written(html, [sample(), full, sample({ sentAt: start + 24 * 3600 * 1000 }), other]);
  const links = named(tagsOf(files.get("index.html")), "a");
  expect(texts(links)).toEqual(["Chat with bob@example.com", "Chat with carla@example.org"]);
  for (const { attributes } of links) expect(files.has(attributes["href"] ?? "")).toBe(true);
  const page = tagsOf(files.get(links[0]?.attributes["href"] ?? ""));
  expect(texts(named(page, "h1"))).toEqual(["Chat with bob@example.com"]);
  expect(texts(named(page, "h2"))).toEqual(["Tuesday, November 24, 2026", "Wednesday, November 25, 2026"]);
  expect(bodies(page)).toEqual(["Shall we meet at ten?", "Budget: 12 000 €", "Shall we meet at ten?"]);
  const notes = texts(page.filter(({ name, above }) => name === "li" && above[0] === "ul"));
  expect(notes).toContain("Until 09:31:00: Budget: 11 000 €");
  expect(notes).toContain("Deleted by the person, 2026-11-25 10:30:00");
  expect(notes).toContain("Sent 09:30:01, Read 09:30:05");
  expect(notes).toContain("End-to-end encrypted: omemo");
});

test("times are local, words are French where they are asked for", () => {
  const files = written(html, [sample({ sentAt: start + 14 * 3600 * 1000 })], {
    words: createWords("fr"),
    utcOffset: () => 60,
  });
  const page = tagsOf([...files.values()][0]);
  expect(named(page, "html")[0]?.attributes["lang"]).toBe("fr");
  expect(texts(named(page, "h2"))).toEqual(["mercredi 25 novembre 2026"]);
  expect(named(page, "time")[0]).toMatchObject({
    text: "00:30:00",
    attributes: { datetime: "2026-11-24T23:30:00.000Z" },
  });
});

test("a long conversation has pages that lead to each other", () => {
  const messages = Array.from({ length: 2500 }, (_, index) =>
    sample({ id: `m-${index}`, seq: index, sentAt: start + index * 1000 }),
  );
  const files = written(html, messages);
  const paths = [...files.keys()].filter((path) => path !== "index.html");
  expect(paths).toHaveLength(3);
  const [first, second, third] = paths.map((path) => tagsOf(files.get(path)));
  expect(bodies(first ?? [])).toHaveLength(1000);
  expect(`conversations/${linkTo(first, "next")}`).toBe(paths[1]);
  expect(`conversations/${linkTo(second, "prev")}`).toBe(paths[0]);
  expect(`conversations/${linkTo(second, "next")}`).toBe(paths[2]);
  expect(linkTo(third, "next")).toBeUndefined();
});

test("nothing is loaded and nothing runs: the policy of the page allows its own style only", () => {
  for (const content of written(html, [full]).values()) {
    const page = tagsOf(content);
    const style = createHash("sha256").update(named(page, "style")[0]?.text ?? "");
    const policy = page.find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy")?.attributes[
      "content"
    ];
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${style.digest("base64")}'; base-uri 'none'; form-action 'none'`,
    );
  }
});

const allowedTags = "html head meta title style body header h1 bdi p nav a main section h2 ol li b time div ul".split(
  " ",
);
const allowedAttributes =
  "lang dir charset http-equiv content name class href rel id aria-label aria-labelledby datetime".split(" ");

test("whatever is in the record is text on the page and nothing else", () => {
  const messages = fc.oneof(
    fc
      .array(anyMessage, { minLength: 1, maxLength: 3 })
      .map((all) =>
        all.map((message) => ({ ...message, conversationId: "account-1|x@example.com", peer: "x@example.com" })),
      ),
    fc.constant(hostileTexts.map((body) => sample({ body, label: body, peer: "eve@example.com" }))),
  );
  const shown = (body: string): string =>
    plain(body).replace(/\r\n?/g, "\n").replaceAll("\u202e", "[U+202E]").replaceAll("\u202d", "[U+202D]");
  fc.assert(
    fc.property(messages, (all) => {
      const pages = [...written(html, all)]
        .filter(([path]) => path !== "index.html")
        .map(([, content]) => tagsOf(content));
      expect(pages.flatMap(bodies)).toEqual(all.map(({ body }) => shown(body)));
      for (const { name, attributes } of pages.flat()) {
        expect(allowedTags).toContain(name);
        for (const attribute of Object.keys(attributes)) expect(allowedAttributes).toContain(attribute);
      }
    }),
  );
});
