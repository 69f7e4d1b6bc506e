// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Author } from "../../shared/model/author.ts";
import { type ConversationId, conversationId, directConversation } from "../../shared/model/conversation-id.ts";
import { Message } from "../conversation/message.tsx";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { type MessageNames, useMessageNames } from "./message-names.ts";

const accountId = xmppAccount.id;
const room = conversationId({ accountId, kind: "room", address: "team@rooms.example" });
const zoe = directConversation(accountId, "zoe@corp.example");
const stranger = directConversation(accountId, "eve@outside.example");
const written = (id: ConversationId, author: Author) => ({ conversationId: id, accountId, author });

let names: MessageNames;
let drawn: Drawn;
beforeEach(async () => {
  const Names = () => {
    names = useMessageNames();
    return null;
  };
  drawn = draw(scenarios.company(), () => <Names />);
  drawn.app.replica.start();
  await vi.waitFor(() => expect(drawn.app.replica.ready.value).toBe(true));
});
afterEach(() => drawn.dispose());

it("names an occupant of a room as the contact list does, else by nickname, address or id", () => {
  const occupant = { occupant: "o-1", isSelf: false };
  expect(names.author(written(room, { ...occupant, address: "zoe@corp.example", name: "Z" }))).toBe("Zoë Ångström");
  expect(names.author(written(room, { ...occupant, address: "eve@outside.example", name: "M" }))).toBe("M");
  expect(names.author(written(room, { ...occupant, name: "Anna" }))).toBe("Anna");
  expect(names.author(written(room, { ...occupant, address: "eve@outside.example" }))).toBe("eve@outside.example");
  expect(names.author(written(room, occupant))).toBe("o-1");
});

it("takes no name that a sender outside rooms gives themselves", () => {
  const author = { address: "eve@outside.example", name: "Zoë Ångström", isSelf: false };
  expect(names.author(written(stranger, author))).toBe("eve@outside.example");
  expect(names.author(written(zoe, { address: "zoe@corp.example", name: "Z", isSelf: false }))).toBe("Zoë Ångström");
  expect(names.author(written(zoe, { isSelf: false }))).toBe("Zoë Ångström");
});

it("calls the person you, and the other side of their message whom they wrote to", () => {
  expect(names.author(written(zoe, { isSelf: true }))).toBe("You");
  expect(names.other(written(zoe, { isSelf: true }))).toBe("Zoë Ångström");
  expect(names.other(written(room, { name: "Anna", occupant: "o-1", isSelf: false }))).toBe("Anna");
});

it("labels a message that came back from a room as the person's own", () => {
  const own = written(room, { name: "Me", occupant: "o-2", isSelf: true });
  const record = { ...own, id: "m1", direction: "in", body: "Hello", at: 1, seq: 1, state: "received" } as const;
  const nothing = () => undefined;
  drawn.dispose();
  drawn = draw(scenarios.company(), () => (
    <Message message={record} first last marked={false} onRetry={nothing} onMenu={nothing} />
  ));
  const article = drawn.root.querySelector("article.own");
  expect(article?.getAttribute("aria-label")).toBe("You");
  expect(article?.querySelector(".state")).toBeNull();
});
