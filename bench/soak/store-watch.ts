import type { Tap } from "../../e2e/servers/proxy.ts";

/** Text that is waited with for the end of a head, at most; longer ones are no head. */
const longestHead = 65_536;

/**
 * Messages that a SIP server put into its store, overheard at the door of whoever sent or received them. The store
 * hands over beside what the server passes on, so that what was sent later and passed on at once may arrive first.
 *
 * - Sent: the answer to the MESSAGE, whose Call-ID is Hallway's id of the text, is a 202 and no 200.
 * - Received: the store makes a request of its own, so that its Call-ID is another than the Message-ID.
 */
export class StoreWatch {
  readonly #stored = new Set<string>();
  #text = "";

  /** Hears what comes from the server. */
  readonly tap: Tap = (bytes, to) => {
    if (to !== "client") return;
    const heads = `${this.#text}${bytes.toString("latin1")}`.split("\r\n\r\n");
    this.#text = (heads.pop() ?? "").slice(-longestHead);
    for (const head of heads) this.#note(head);
  };

  /** Whether the message with this id was stored before it was handed over. */
  has(id: string | undefined): boolean {
    return id !== undefined && this.#stored.has(id);
  }

  /** `text`: ends with a head; the body of the message before may stand in front of it, on the same line. */
  #note(text: string): void {
    const callId = header(text, "Call-ID");
    if (callId === undefined) return;
    const answer = /SIP\/2\.0 (\d{3}) /.exec(text)?.[1];
    if (answer !== undefined) {
      if (answer === "202" && /^CSeq:[ \t]*\d+[ \t]+MESSAGE/im.test(text)) this.#stored.add(callId);
      return;
    }
    const messageId = header(text, "Message-ID");
    if (messageId !== undefined && messageId !== callId && /MESSAGE \S+ SIP\/2\.0/.test(text))
      this.#stored.add(messageId);
  }
}

function header(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(\\S+)`, "im").exec(text)?.[1];
}
