// @vitest-environment jsdom

import { afterEach, expect, it, vi } from "vitest";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { smallCompany, xmppAccount } from "../dev/people.ts";
import { useAttention } from "./use-attention.ts";

let drawn: Drawn;
afterEach(() => {
  drawn.dispose();
  vi.unstubAllGlobals();
});

function Attentive() {
  useAttention();
  return <p>drawn</p>;
}

it("counts a chat as looked at only while it can be seen: in a narrow window not behind the list", async () => {
  const media = Object.assign(new EventTarget(), { matches: true });
  vi.stubGlobal("matchMedia", () => media);
  const [open] = smallCompany();
  if (open === undefined) throw new Error("The company has nobody");
  drawn = draw({ accounts: [xmppAccount], contacts: [open] }, () => <Attentive />);
  const { actions, ui } = drawn.app;
  const looksAt = (): unknown => drawn.fake.calls.findLast(({ method }) => method === "app.attention")?.args;
  const isSeen = async (seen: boolean): Promise<void> => {
    if (seen) await vi.waitFor(() => expect(looksAt()).toMatchObject({ conversationId: open.id }));
    else await vi.waitFor(() => expect(looksAt()).not.toHaveProperty("conversationId"));
  };
  actions.openConversation(conversationWith(open.id));
  await isSeen(true);
  ui.pane.value = "list";
  await isSeen(false);
  media.matches = false;
  media.dispatchEvent(new Event("change"));
  await isSeen(true);
});
