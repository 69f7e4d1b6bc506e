// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { Message } from "./message.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const zoe = `${xmppAccount.id}|zoe@corp.example`;
const record: MessageRecord = {
  ...{
    id: "n1",
    conversationId: zoe,
    accountId: xmppAccount.id,
    direction: "in",
    author: { isSelf: false },
    body: "",
    at: 1,
    seq: 1,
    state: "received",
  },
  notice: { kind: "encrypted", what: "OMEMO" },
};

async function show(message: MessageRecord): Promise<HTMLElement> {
  drawn = draw(scenarios.company(), () => (
    <Message message={message} first last marked={false} onRetry={() => undefined} onMenu={() => undefined} />
  ));
  await vi.waitFor(() => expect(drawn.app.replica.contacts.get(zoe)).toBeDefined());
  await vi.waitFor(() =>
    expect(drawn.root.textContent).toContain(message.retracted === true ? "deleted" : "Zoë Ångström"),
  );
  return drawn.root;
}

describe("a notice", () => {
  it("is one plain line that says who did what", async () => {
    const root = await show(record);
    expect(root.querySelector(".message-notice")?.textContent).toBe(
      "Zoë Ångström sent an encrypted message (OMEMO). This version of Hallway cannot read it.",
    );
    expect(root.querySelector(".message-body")).toBeNull();
  });

  it("stands above the words that came with it", async () => {
    const root = await show({ ...record, body: "Come in", notice: { kind: "invitation", what: "den@rooms.example" } });
    expect(root.querySelector(".message-notice + .message-body")?.textContent).toBe("Come in");
  });

  it("gives way where it was taken back", async () => {
    const root = await show({ ...record, retracted: true });
    expect(root.querySelector(".message-notice")).toBeNull();
  });
});
