// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { createWords } from "../../shared/words/words.ts";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { Composer } from "./composer.tsx";

const carol = `${xmppAccount.id}|carol@partner.example`;
const { t } = createWords("en");
let drawn: Drawn;
afterEach(() => drawn.dispose());

/** A composer in which this was typed and sent, and refused with this error. */
async function refuse(body: string, error: ErrorInfo) {
  drawn = draw(scenarios.company(), (app) => <Composer conversation={app.conversations.get(carol)} name="Carol" />);
  const find = <E extends Element>(selector: string): Promise<E> =>
    vi.waitFor(() => {
      const found = drawn.root.querySelector<E>(selector);
      if (!found) throw new Error(`no ${selector}`);
      return found;
    });
  const box = await find<HTMLTextAreaElement>("textarea");
  type(box, body);
  drawn.fake.failNext("messages.send", error);
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  const note = await find<HTMLElement>('[role="alert"]');
  const button = (text: string): HTMLButtonElement | undefined =>
    [...note.querySelectorAll("button")].find(({ textContent }) => textContent === text);
  return {
    box,
    note,
    button,
    sent: () => drawn.fake.calls.filter(({ method }) => method === "messages.send").map(({ args }) => args),
  };
}

it("says what a rule found, by its name; the text stays and Edit leads back to it", async () => {
  const { box, note, button } = await refuse("4111 1111 1111 1111", {
    code: "content-blocked",
    params: { rule: "Payment cards", finding: "payment-card" },
  });
  expect(note.querySelector("p")?.textContent).toBe(
    "Not sent: the text looks like a card number (rule “Payment cards”).",
  );
  await vi.waitFor(() => expect(box.value).toBe("4111 1111 1111 1111"));
  expect(button(t("content.sendAnyway"))).toBeUndefined();
  box.blur();
  button(t("content.edit"))?.click();
  expect(document.activeElement).toBe(box);
  type(box, "Something else");
  await vi.waitFor(() => expect(drawn.root.querySelector('[role="alert"]')).toBeNull());
});

it("says a rule's own sentence, and sends the same text with the token when the person goes on", async () => {
  const { box, note, button, sent } = await refuse("Bluebird", {
    code: "content-warning",
    params: { rule: "Names", message: "Not outside.", token: "tok" },
  });
  expect(note.querySelector("p")?.textContent).toBe("Check before you send: Not outside. (rule “Names”)");
  await vi.waitFor(() => expect(box.value).toBe("Bluebird"));
  button(t("content.sendAnyway"))?.click();
  await vi.waitFor(() =>
    expect(sent()).toEqual([
      expect.not.objectContaining({ confirm: "tok" }),
      expect.objectContaining({ body: "Bluebird", confirm: "tok" }),
    ]),
  );
  await vi.waitFor(() => expect(box.value).toBe(""));
});

it("says the general sentence where it is not known what was found", async () => {
  const { note } = await refuse("x", { code: "content-blocked", params: { finding: "something new" } });
  expect(note.textContent).toContain(t("error.content-blocked"));
});
