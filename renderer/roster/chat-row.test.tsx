// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import type { Author } from "../../shared/model/author.ts";
import { type ConversationKind, conversationId } from "../../shared/model/conversation-id.ts";
import type { MessageNotice } from "../../shared/model/notice.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { useApp } from "../state/app-context.ts";
import { ChatRow } from "./chat-row.tsx";

/** Line under the name of a chat: who said what last, drawn from the author and not from the way that it travelled. */
const accountId = xmppAccount.id;
const zoe: Author = { address: "zoe@corp.example", isSelf: false };
const anna: Author = { name: "Anna", occupant: "o-1", isSelf: false };
const self: Author = { address: xmppAccount.address, name: "Me", occupant: "o-2", isSelf: true };

let drawn: Drawn | undefined;
afterEach(() => drawn?.dispose());

interface LastLine {
  readonly kind: ConversationKind;
  readonly author: Author;
  readonly direction?: "in" | "out";
  readonly retracted?: boolean;
  readonly notice?: MessageNotice;
}

async function lineIn(locale: string, { kind, ...last }: LastLine): Promise<string> {
  const place = { accountId, kind, address: kind === "room" ? "team@rooms.example" : "zoe@corp.example" };
  const id = conversationId(place);
  const nothing = () => undefined;
  const Row = () =>
    useApp().replica.conversations.get(id) && (
      <ChatRow {...{ id, selected: false, focusable: true }} onChoose={nothing} onFocus={nothing} onMenu={nothing} />
    );
  const text = last.retracted ? "" : "hello";
  const conversation = {
    id,
    ...place,
    unread: 0,
    typing: false,
    last: { text, at: 1, direction: "in", ...last },
  } as const;
  drawn?.dispose();
  drawn = draw({ app: { locale }, accounts: [xmppAccount], conversations: [conversation] }, () => <Row />);
  drawn.app.replica.start();
  const { root } = drawn;
  return vi.waitFor(() => {
    const line = root.querySelector(".sub")?.textContent;
    if (line === undefined || line === null) throw new Error("Not drawn yet");
    return line;
  });
}

async function both(last: LastLine): Promise<readonly string[]> {
  return [await lineIn("en-GB", last), await lineIn("fr-FR", last)];
}

it("says that the person wrote it, on this device, on another or in a room", async () => {
  const expected = ["You: hello", "Vous\u00a0: hello"];
  expect(await both({ kind: "direct", author: { isSelf: true }, direction: "out" })).toEqual(expected);
  expect(await both({ kind: "room", author: self })).toEqual(expected);
});

it("names the occupant of a room, and nobody where the row does", async () => {
  expect(await both({ kind: "room", author: anna })).toEqual(["Anna: hello", "Anna\u00a0: hello"]);
  expect(await both({ kind: "direct", author: zoe })).toEqual(["hello", "hello"]);
});

it("says of a message that was deleted, or cannot be shown, whether it was the person's", async () => {
  expect(await both({ kind: "room", author: self, retracted: true })).toEqual([
    "You deleted this message",
    "Vous avez supprimé ce message",
  ]);
  expect(await both({ kind: "room", author: anna, retracted: true })).toEqual([
    "This message was deleted",
    "Ce message a été supprimé",
  ]);
  const notice = { kind: "attention" } as const;
  const [own, propre] = await both({ kind: "room", author: self, notice });
  expect([own, propre]).toEqual([expect.stringMatching(/^You /), expect.stringMatching(/^Vous /)]);
  const [english, french] = await both({ kind: "room", author: anna, notice });
  expect([english, french]).toEqual([expect.stringMatching(/^Anna /), expect.stringMatching(/^Anna /)]);
});
