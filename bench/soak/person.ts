import { randomUUID } from "node:crypto";
import { screenOf } from "../../e2e/screen.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import { createWords } from "../../shared/words/words.ts";
import type { Colleague } from "./colleague.ts";
import type { Line } from "./ledger.ts";
import type { Workstation } from "./workstation.ts";

const words = createWords("en");
/**
 * A click or a key that finds nothing within this time (the program is locked, or was just killed) is given up, in
 * milliseconds.
 */
const handPatience = 5_000;
const recent = 100;

/**
 * Person at the workstation: does one thing after the other, partly by hand in the window, partly as the window asks
 * main.
 */
export class Person {
  readonly #workstation: Workstation;
  readonly #conversations: ReadonlyMap<Colleague, string>;

  constructor(workstation: Workstation, conversations: ReadonlyMap<Colleague, string>) {
    this.#workstation = workstation;
    this.#conversations = conversations;
  }

  async say(colleague: Colleague, body: string): Promise<void> {
    const id = randomUUID();
    const line = colleague.ledger.say("out", body, { id, fate: "doubtful" });
    await this.#workstation.ask("messages.send", { conversationId: this.#idOf(colleague), messageId: id, body });
    line.fate = "kept";
  }

  /** Opens the chat by a click, and types. */
  async type(colleague: Colleague, body: string): Promise<void> {
    const page = await this.#workstation.page();
    const screen = screenOf(page, words);
    const composer = screen.composer(colleague.name);
    await screen.person(colleague.name).first().click({ timeout: handPatience });
    await composer.fill("", { timeout: handPatience });
    const line = colleague.ledger.say("out", body, { fate: "doubtful" });
    await composer.fill(body, { timeout: handPatience });
    await composer.press("Enter", { timeout: handPatience });
    // Said is what stands in the history: a key may have reached a window that was about to go.
    const [found] = await this.#find(colleague, (message) => message.body === body);
    if (found) line.fate = "kept";
  }

  async correct(colleague: Colleague): Promise<void> {
    const target = await this.#changeable(colleague);
    if (!target) return;
    const [line, messageId] = target;
    const body = `${line.first} (put right)`;
    const fate = line.fate;
    line.fate = "doubtful";
    await this.#workstation.ask("messages.correct", {
      conversationId: this.#idOf(colleague),
      messageId,
      correctionId: randomUUID(),
      body,
    });
    line.body = body;
    line.fate = fate;
  }

  async retract(colleague: Colleague): Promise<void> {
    const target = await this.#changeable(colleague);
    if (!target) return;
    const [line, messageId] = target;
    line.fate = "doubtful";
    await this.#workstation.ask("messages.retract", { conversationId: this.#idOf(colleague), messageId });
    line.fate = "retracted";
  }

  /** Deletes a message here, of either side; `pick` (0 to below 1) says which of the last ones. */
  async delete(colleague: Colleague, pick: number): Promise<void> {
    const lines = [...colleague.ledger.lines("in"), ...colleague.ledger.lines("out")].filter(
      ({ fate }) => fate === "kept",
    );
    const messages = await this.#find(colleague, ({ state, retracted }) => state !== "waiting" && !retracted);
    const message = messages[Math.floor(pick * messages.length)];
    const line = message && lines.find(({ body }) => body === message.body);
    if (!line) return;
    line.fate = "doubtful";
    try {
      await this.#workstation.ask("history.delete", {
        conversationId: this.#idOf(colleague),
        messageIds: [message.id],
      });
      line.fate = "deleted";
    } catch (error) {
      // Policy forbade it, so it stays; anything else may have come before or after it was done.
      if (error instanceof Error && error.message.includes("blocked-by-policy")) line.fate = "kept";
    }
  }

  async read(colleague: Colleague): Promise<void> {
    const page = await this.#workstation.page();
    await screenOf(page, words).person(colleague.name).first().click({ timeout: handPatience });
    const log = screenOf(page, words).log;
    await log.hover({ timeout: handPatience });
    await page.mouse.wheel(0, -2_000);
    await page.mouse.wheel(0, 4_000);
  }

  async #changeable(colleague: Colleague): Promise<readonly [Line, string] | undefined> {
    const messages = await this.#find(
      colleague,
      ({ direction, state, retracted }) =>
        direction === "out" && state !== "waiting" && state !== "failed" && !retracted,
    );
    const last = messages.at(-1);
    const line =
      last &&
      colleague.ledger
        .lines("out")
        .find(({ body, first, fate }) => body === last.body && body === first && fate === "kept");
    return last && line ? [line, last.id] : undefined;
  }

  async #find(colleague: Colleague, fits: (message: MessageRecord) => boolean): Promise<readonly MessageRecord[]> {
    const { messages } = await this.#workstation.ask("conversations.page", {
      conversationId: this.#idOf(colleague),
      limit: recent,
    });
    return messages.filter(fits);
  }

  #idOf(colleague: Colleague): string {
    const id = this.#conversations.get(colleague);
    if (id === undefined) throw new Error(`there is no conversation with ${colleague.address}`);
    return id;
  }
}
