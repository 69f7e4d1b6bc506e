// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { scenarios } from "../dev/scenarios.ts";
import { useApp } from "../state/app-context.ts";
import { useSearched } from "./use-searched.ts";

function Watch() {
  const { ui } = useApp();
  useSearched(ui);
  return <p>{ui.searched.value?.text ?? "none"}</p>;
}

let drawn: Drawn;
beforeEach(async () => {
  drawn = draw(scenarios.company(), () => <Watch />);
  await vi.waitFor(() => expect(drawn.app.replica.ready.value).toBe(true));
});
afterEach(() => drawn.dispose());

const find = async (): Promise<void> => {
  const [conversationId = ""] = drawn.app.roster.recent.value;
  drawn.app.actions.openFound({ id: "m1", conversationId }, "plan");
  await vi.waitFor(() => expect(drawn.root.textContent).toBe("plan"));
};
const escape = (prevented = false): void => {
  const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
  if (prevented) event.preventDefault();
  document.body.dispatchEvent(event);
};

describe("what was searched for", () => {
  it("is unmarked at Escape", async () => {
    await find();
    // At once, with the marks: nothing may be left for a later frame.
    escape();
    await vi.waitFor(() => expect(drawn.root.textContent).toBe("none"));
  });

  it("stays where Escape closes something else", async () => {
    await find();
    drawn.app.ui.dialog.value = { kind: "palette" };
    escape();
    drawn.app.ui.dialog.value = undefined;
    escape(true);
    expect(drawn.app.ui.searched.value?.text).toBe("plan");
  });

  it.each([
    ["another chat is opened", () => drawn.app.actions.openConversation(drawn.app.roster.recent.value[1] ?? "")],
    ["the same chat is opened anew", () => drawn.app.actions.openConversation(drawn.app.ui.conversationId.value ?? "")],
    ["the chat is closed", () => drawn.app.actions.closeConversation()],
  ])("is unmarked when %s", async (_, act) => {
    await find();
    act();
    expect(drawn.app.ui.searched.value).toBeUndefined();
  });
});
