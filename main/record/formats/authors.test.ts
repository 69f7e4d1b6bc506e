import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import type { ExportFormat } from "../../../shared/model/export.ts";
import { createWords } from "../../../shared/words/words.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import { itemEml } from "./eml.ts";
import { formats } from "./formats.ts";
import { itemJson } from "./json.ts";
import { sample, written } from "./samples.test-helper.ts";
import { itemXml } from "./xml.ts";

/** The author in every format of an export and of the archive feed, where the direction does not say who wrote it. */
const room = {
  conversationId: "room/account-1/team@rooms.example",
  kind: "room",
  peer: "team@rooms.example",
  members: [{ address: "bert@x.example", name: "Bert" }],
} as const;
const messages = {
  elsewhere: sample({ direction: "out", otherDevice: true }),
  occupant: sample({ ...room, author: { name: "Anna", occupant: "occupant-a", isSelf: false } }),
  /** An own message, as a room sends it back. */
  returned: sample({
    ...room,
    author: { address: "alice@example.com", name: "Al", occupant: "occupant-m", isSelf: true },
  }),
} satisfies Record<string, RecordedMessage>;
const known = {
  elsewhere: { address: "alice@example.com", name: null, occupant: null, self: true },
  occupant: { address: null, name: "Anna", occupant: "occupant-a", self: false },
  returned: { address: "alice@example.com", name: "Al", occupant: "occupant-m", self: true },
};
/** The author as a person reads it. */
const lines = { elsewhere: "alice@example.com", occupant: "Anna", returned: "Al (alice@example.com)" };
const names = ["elsewhere", "occupant", "returned"] as const;

const contentOf = (format: ExportFormat, message: RecordedMessage, folder = ""): string =>
  [...written(formats[format], [message])].find(([path]) => path.startsWith(folder))?.[1] ?? "";

function inXml(text: string) {
  const [, attributes = ""] = /<h:Author([^>]*)\/>/.exec(text) ?? [];
  const of = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? null;
  return { address: of("address"), name: of("name"), occupant: of("occupant"), self: of("self") === "true" };
}

function inCsv(text: string) {
  const [head = [], row = []] = text.split("\r\n").map((line) => line.split(",").reverse());
  const of = (name: string) => row[head.indexOf(name)] || null;
  return {
    address: of("author"),
    name: of("author_name"),
    occupant: of("author_occupant"),
    self: of("author_self") === "yes",
  };
}

async function inMail(text: string) {
  const { text: body = "", attachments, headers } = await PostalMime.parse(text);
  const [record] = attachments;
  const content = typeof record?.content === "string" ? record.content : new TextDecoder().decode(record?.content);
  return { body, author: JSON.parse(content).author, headers };
}

/** How each format says who wrote a message; a format without a line here does not compile. */
const checks: Record<ExportFormat, (name: (typeof names)[number]) => void | Promise<void>> = {
  json: (name) => expect(JSON.parse(contentOf("json", messages[name])).author).toEqual(known[name]),
  csv: (name) => expect(inCsv(contentOf("csv", messages[name]))).toEqual(known[name]),
  xml: (name) => expect(inXml(contentOf("xml", messages[name]))).toEqual(known[name]),
  async eml(name) {
    const { body, author } = await inMail(contentOf("eml", messages[name]));
    expect(author).toEqual(known[name]);
    expect(body).toContain(`] ${lines[name]}: Shall we meet`);
  },
  html(name) {
    const page = contentOf("html", messages[name], "conversations/");
    const side = known[name].self ? "out" : "in";
    expect(page).toContain(`class="${side}"><p class="who"><b><bdi>${lines[name]}</bdi>`);
  },
};

test.each(Object.entries(checks))(
  "%s names another device's, an occupant's and a returned message",
  async (_, check) => {
    for (const name of names) await check(name);
  },
);

test.each(names)("the archive feed names the author of a message: %s", async (name) => {
  const item = { id: "item-1", what: "message", message: messages[name] } as const;
  expect(JSON.parse(itemJson(item)).author ?? JSON.parse(itemJson(item)).message?.author).toEqual(known[name]);
  expect(inXml(itemXml(item))).toEqual(known[name]);
  const { headers, author } = await inMail(itemEml(item, createWords("en")));
  expect(author).toEqual(known[name]);
  expect(headers.find(({ key }) => key === "x-hallway-author")?.value).toBe(lines[name]);
});

test("an own message that came back from a room went to the room, not to the person", () => {
  const { from, to, direction } = JSON.parse(contentOf("json", messages.returned));
  expect({ from, to, direction }).toEqual({ from: "alice@example.com", to: ["bert@x.example"], direction: "in" });
});

test("a line that stands for what cannot be shown says that the person did it where it came back from a room", () => {
  const call = { ...messages.returned, body: "", notice: { kind: "call" } } as const;
  expect(contentOf("html", call, "conversations/")).toContain("You ");
});
