import fc from "fast-check";
import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { csv } from "./csv.ts";
import { messageJson } from "./json.ts";
import { plain } from "./plain.ts";
import { anyMessage, full, hostileTexts, sample, single, start } from "./samples.test-helper.ts";
import { itemXml, xml } from "./xml.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Reads with a parser that takes nothing but well-formed XML with declared namespaces. */
function read(document: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const stack: Element[] = [{ name: "", attributes: {}, children: [], text: "" }];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.fromEntries(Object.values(attributes).map((attribute) => [attribute.name, attribute.value]));
    const element: Element = { name, attributes: values, children: [], text: "" };
    stack.at(-1)?.children.push(element);
    stack.push(element);
  });
  parser.on("closetag", () => void stack.pop());
  parser.on("text", (text) => {
    const top = stack.at(-1);
    if (top) top.text += text;
  });
  parser.write(document).close();
  const root = stack[0]?.children[0];
  if (!root) throw new Error("No document");
  return root;
}

const named = (element: Element | undefined, name: string): Element[] =>
  element?.children.filter((child) => child.name === name) ?? [];
const textOf = (element: Element | undefined, name: string): string | undefined => named(element, name)[0]?.text;

test("a conversation: who entered, what was said, who left", () => {
  const root = read(
    single(xml, [
      sample(),
      full,
      sample({ conversationId: "account-1|eve@other.example", peer: "eve@other.example", sentAt: start + 5 }),
    ]),
  );
  expect(root.name).toBe("FileDump");
  const [first, second] = named(root, "Conversation");
  expect(first?.attributes["Perspective"]).toBe("IM");
  expect(textOf(first, "RoomID")).toBe("bob@example.com");
  expect(named(first, "ParticipantEntered").map((entered) => textOf(entered, "LoginName"))).toEqual([
    "bob@example.com",
    "alice@example.com",
  ]);
  expect(named(first, "ParticipantLeft")).toHaveLength(2);
  expect(named(first, "Message").map((message) => textOf(message, "Content"))).toEqual([
    "Shall we meet at ten?",
    "Budget: 12 000 €",
  ]);
  expect(textOf(named(first, "Message")[0], "DateTimeUTC")).toBe(String(start / 1000));
  expect(textOf(named(first, "FileTransferEnded")[0], "UserFileName")).toBe("plan “B”.pdf");
  expect(textOf(named(second, "ParticipantEntered")[0], "InternalFlag")).toBe("false");
});

test("what the format has no element for is in Hallway's namespace", () => {
  const [message] = named(named(read(single(xml, [full])), "Conversation")[0], "Message");
  const [record] = named(message, "h:Record");
  expect(record?.attributes).toMatchObject({
    state: "read",
    encryption: "omemo",
    label: "Confidential",
    corrected: "2026-11-24T09:31:00.000Z",
    delayed: "true",
  });
  expect(textOf(record, "h:Version")).toBe("Budget: 11 000 €");
  expect(named(record, "h:State").map(({ text }) => text)).toEqual(["sent", "read"]);
  expect(named(record, "h:File")[0]?.attributes).toMatchObject({ sha256: "ab".repeat(32), size: "4096" });
});

test("a message that a server sent on says where it went", () => {
  const sentOn = {
    ...full,
    states: [
      {
        state: "sent" as const,
        at: full.sentAt,
        error: { code: "redirected" as const, params: { address: "bob@partner.test" } },
      },
    ],
  };
  const [message] = named(named(read(single(xml, [sentOn])), "Conversation")[0], "Message");
  const [state] = named(named(message, "h:Record")[0], "h:State");
  expect(state?.attributes).toMatchObject({ error: "redirected", address: "bob@partner.test" });
  expect(single(csv, [sentOn])).toContain("bob@partner.test");
  expect(messageJson(sentOn)).toContain("bob@partner.test");
});

test("an item of the feed is a document of its own", () => {
  const [conversation] = named(read(itemXml({ id: 'i"1', what: "retraction", message: full })), "Conversation");
  expect(conversation?.attributes).toMatchObject({ "h:item": 'i"1', "h:what": "retraction" });
});

test("whatever is in the record: well-formed, and the text comes back", () => {
  const messages = fc.oneof(
    fc.array(anyMessage, { maxLength: 5 }),
    fc.constant(hostileTexts.map((body) => sample({ body }))),
  );
  fc.assert(
    fc.property(messages, (all) => {
      const conversations = named(read(single(xml, all)), "Conversation");
      const said = conversations.flatMap((conversation) =>
        named(conversation, "Message").map((message) => textOf(message, "Content")),
      );
      // The one thing that a reader of XML may change: line ends that were not escaped. They were.
      expect(said).toEqual(all.map(({ body }) => plain(body)));
    }),
  );
});
