// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { conversationId } from "../../shared/model/conversation-id.ts";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import type { FakeState } from "../dev/fake-store.ts";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { Composer } from "./composer.tsx";
import type { Conversation } from "./model.ts";

const alice = "account-sip|alice@voice.corp.example";
const romeo = `${xmppAccount.id}|romeo@corp.example`;
const carol = `${xmppAccount.id}|carol@partner.example`;
let drawn: Drawn;
afterEach(() => drawn.dispose());

function Ready({
  children,
  ready,
}: {
  readonly children: () => preact.VNode;
  readonly ready: { readonly value: boolean };
}) {
  return ready.value ? children() : null;
}

async function setUp(id: string, state: FakeState = scenarios.company()) {
  let conversation: Conversation | undefined;
  drawn = draw(state, (app) => {
    conversation = app.conversations.get(id);
    const shown = conversation;
    return <Ready ready={app.replica.ready}>{() => <Composer conversation={shown} name="Alice" />}</Ready>;
  });
  const box = await vi.waitFor(() => {
    const found = drawn.root.querySelector("textarea");
    expect(found).not.toBeNull();
    return found as HTMLTextAreaElement;
  });
  const calls = (method: string): unknown[] =>
    drawn.fake.calls.filter((call) => call.method === method).map(({ args }) => args);
  const enter = (more: KeyboardEventInit = {}): boolean =>
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more }));
  return { box, calls, enter, conversation };
}

describe("composer", () => {
  it("begins with the draft that was kept", async () => {
    const { box } = await setUp(alice);
    expect(box.value).toBe("About the voice lines:");
  });

  it("takes the text of a link where nothing is written, and tells and sends nobody anything", async () => {
    const { box, calls, enter } = await setUp(carol);
    drawn.app.ui.fillIn.value = { conversationId: alice, text: "for somebody else" };
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(box.value).toBe("");
    enter();
    drawn.app.ui.fillIn.value = { conversationId: carol, text: "Hello" };
    await vi.waitFor(() => expect(box.value).toBe("Hello"));
    enter({ repeat: true });
    expect(drawn.app.ui.fillIn.value).toBeUndefined();
    await vi.waitFor(() =>
      expect(calls("conversations.draft")).toContainEqual({ conversationId: carol, text: "Hello" }),
    );
    expect([calls("conversations.typing"), calls("messages.send")]).toEqual([[], []]);
    drawn.app.ui.fillIn.value = { conversationId: carol, text: "another" };
    await vi.waitFor(() => expect(drawn.app.ui.fillIn.value).toBeUndefined());
    expect(box.value).toBe("Hello");
  });

  it("sends with Enter, empties itself and the draft", async () => {
    const { box, calls, enter } = await setUp(carol);
    type(box, "Hello\n");
    expect(enter()).toBe(false);
    await vi.waitFor(() =>
      expect(calls("messages.send")).toEqual([expect.objectContaining({ conversationId: carol, body: "Hello" })]),
    );
    await vi.waitFor(() => expect(box.value).toBe(""));
    expect(calls("conversations.draft")).toEqual([{ conversationId: carol, text: "" }]);
  });

  it.each(["anonymous@anonymous.invalid", "urn:service:sos"])(
    "says that %s cannot be answered, and sends nothing",
    async (address) => {
      const place = { accountId: xmppAccount.id, kind: "direct", address } as const;
      const id = conversationId(place);
      const company = scenarios.company();
      const conversations = [...(company.conversations ?? []), { id, ...place, unread: 0, typing: false }];
      const { box, calls, enter } = await setUp(id, { ...company, conversations });
      expect(drawn.root.querySelector("form")?.textContent).toContain("You cannot reply to this sender");
      type(box, "Hello");
      enter();
      expect(drawn.root.querySelector<HTMLButtonElement>("button[type=submit]")?.disabled).toBe(true);
      expect(calls("messages.send")).toEqual([]);
      expect(box.value).toBe("Hello");
    },
  );

  it("says why nothing can be sent where policy requires what this version does not have, and keeps what is typed", async () => {
    const { box, calls, enter } = await setUp(carol, {
      ...scenarios.company(),
      settings: [{ id: "E2eeMode", value: "required", origin: "policy", locked: true }],
    });
    expect(drawn.root.querySelector("form")?.textContent).toContain("end-to-end encryption, which this version");
    type(box, "Hello");
    enter();
    expect(drawn.root.querySelector<HTMLButtonElement>("button[type=submit]")?.disabled).toBe(true);
    expect(box.value).toBe("Hello");
    expect(calls("messages.send")).toEqual([]);
  });

  it("leaves Shift+Enter to the text box", async () => {
    const { box, calls, enter } = await setUp(carol);
    type(box, "Hello");
    expect(enter({ shiftKey: true })).toBe(true);
    expect(calls("messages.send")).toEqual([]);
  });

  it("never sends while an input method composes", async () => {
    const { box, calls, enter } = await setUp(carol);
    type(box, "にほん");
    expect(enter({ isComposing: true })).toBe(true);
    expect(enter({ keyCode: 229 })).toBe(true);
    expect(calls("messages.send")).toEqual([]);
    expect(box.value).toBe("にほん");
    enter();
    await vi.waitFor(() => expect(calls("messages.send")).toHaveLength(1));
  });

  it("gives the text back, with the reason, when main refuses it, and keeps what was typed since", async () => {
    const { box, enter } = await setUp(carol);
    type(box, "First");
    drawn.fake.failNext("messages.send", { code: "blocked-by-policy" });
    enter();
    type(box, "Second");
    await vi.waitFor(() => expect(box.value).toBe("First\nSecond"));
    expect(drawn.root.querySelector('[role="alert"]')?.textContent).toContain("Your organization does not allow this.");
  });

  it("says that the person is typing, again after each message", async () => {
    const { box, calls, enter } = await setUp(carol);
    type(box, "One");
    enter();
    type(box, "T");
    type(box, "Tw");
    type(box, "");
    await vi.waitFor(() =>
      expect(calls("conversations.typing")).toEqual(
        [true, true, false].map((active) => ({ conversationId: carol, active })),
      ),
    );
  });

  it("saves the draft soon after typing, and at once when it is left", async () => {
    const { box, calls } = await setUp(carol);
    // No time passes but what the test lets pass.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    type(box, "Half a th");
    expect(calls("conversations.draft")).toEqual([]);
    window.dispatchEvent(new Event("blur"));
    expect(calls("conversations.draft")).toEqual([{ conversationId: carol, text: "Half a th" }]);
    type(box, "Half a thought");
    expect(calls("conversations.draft")).toHaveLength(1);
    vi.runAllTimers();
    expect(calls("conversations.draft").slice(1)).toEqual([{ conversationId: carol, text: "Half a thought" }]);
  });
});

describe("editing", () => {
  // The messages of the scenario are of this morning.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 10, 20, 9, 42) }));
  afterEach(() => void vi.useRealTimers());
  const press = (box: HTMLTextAreaElement, key: string, more: KeyboardEventInit = {}): boolean =>
    box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  async function openRomeo() {
    const one = await setUp(romeo);
    await one.conversation?.open();
    return one;
  }

  it("begins with Up in an empty box, and Enter corrects the last own message", async () => {
    const { box, calls, enter } = await openRomeo();
    expect(press(box, "ArrowUp")).toBe(false);
    await vi.waitFor(() => expect(box.value).toBe("And a pen that works."));
    expect(box.getAttribute("aria-label")).toBe("Edit the message to Alice");
    expect(drawn.app.ui.announcement.value).toBe("Editing a message");
    type(box, "And two pens.");
    enter();
    await vi.waitFor(() =>
      expect(calls("messages.correct")).toEqual([
        expect.objectContaining({ conversationId: romeo, body: "And two pens." }),
      ]),
    );
    await vi.waitFor(() => expect(box.value).toBe(""));
    expect(box.getAttribute("aria-label")).toBe("Message to Alice");
    expect([calls("messages.send"), calls("conversations.draft")]).toEqual([[], []]);
  });

  it("Up with text, a modifier or an input method edits nothing", async () => {
    const { box, conversation } = await openRomeo();
    expect(press(box, "ArrowUp", { shiftKey: true })).toBe(true);
    expect(press(box, "ArrowUp", { isComposing: true })).toBe(true);
    type(box, "x");
    expect(press(box, "ArrowUp")).toBe(true);
    expect(conversation?.editing.message.value).toBeUndefined();
  });

  it("is not offered where the network has no corrections, and not for old or failed messages", async () => {
    const { box, conversation } = await setUp(alice);
    await conversation?.open();
    type(box, "");
    expect(press(box, "ArrowUp")).toBe(true);
    expect(conversation?.editing.message.value).toBeUndefined();
  });

  it("Escape leaves, changes nothing, and gives back what was being written", async () => {
    const { box, calls, conversation } = await openRomeo();
    type(box, "half a thought");
    const last = conversation?.messages.value.findLast(
      ({ direction, retracted }) => direction === "out" && retracted !== true,
    );
    conversation?.editing.begin(last?.id ?? "");
    await vi.waitFor(() => expect(box.value).toBe("And a pen that works."));
    type(box, "And a");
    expect(press(box, "Escape")).toBe(false);
    await vi.waitFor(() => expect(box.value).toBe("half a thought"));
    expect(calls("messages.correct")).toEqual([]);
  });

  it("keeps the text when main refuses it, and asks with the same correction again", async () => {
    const { box, calls, enter } = await openRomeo();
    press(box, "ArrowUp");
    await vi.waitFor(() => expect(box.value).toBe("And a pen that works."));
    type(box, "Bluebird");
    drawn.fake.failNext("messages.correct", {
      code: "content-warning",
      params: { rule: "Names", finding: "keywords", token: "t-1" },
    });
    enter();
    const anyway = await vi.waitFor(() => {
      const found = [
        ...drawn.root.querySelectorAll<HTMLButtonElement>('[role="alert"] button, .content-note button'),
      ].at(-1);
      expect(found).toBeDefined();
      return found as HTMLButtonElement;
    });
    expect(box.value).toBe("Bluebird");
    anyway.click();
    await vi.waitFor(() => expect(box.value).toBe(""));
    const [first, second] = calls("messages.correct") as { correctionId: string; confirm?: string }[];
    expect(second).toMatchObject({ correctionId: first?.correctionId, confirm: "t-1" });
  });

  it("ends when the message is taken back meanwhile", async () => {
    const { box, conversation } = await openRomeo();
    press(box, "ArrowUp");
    await vi.waitFor(() => expect(box.value).toBe("And a pen that works."));
    const message = conversation?.editing.message.value;
    if (!message) throw new Error("nothing is edited");
    drawn.fake.publish([
      { op: "put", table: "messages", id: message.id, record: { ...message, body: "", retracted: true } },
    ]);
    await vi.waitFor(() => expect(box.value).toBe(""));
  });
});
