import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { Dialog } from "../dialogs/dialog.ts";
import { type RequestContent, textBody } from "../outgoing-request.ts";
import { presencePackage } from "../packages/rfc-3856-presence.ts";
import { pidfType } from "../payloads/rfc-3863-pidf.ts";
import type { LocalContact } from "../registration/local-contact.ts";
import type { UserAgent } from "../user-agent.ts";

/** The signed-in connection that notifications go out on. */
export interface NotifierLine {
  readonly agent: UserAgent;
  readonly contact: LocalContact;
}

/** Options of a watcher's dialog. */
export interface WatcherDialogOptions {
  readonly watcher: Address;
  readonly dialog: Dialog;
  /** `id` of their Event header (RFC 6665 section 8.2.1). */
  readonly eventId: string | undefined;
  readonly line: () => NotifierLine | undefined;
  /** Document to send now, where they may see it; undefined: they have to wait for an answer. */
  readonly document: () => string | undefined;
  /** It ran out, or their side has forgotten it. */
  readonly onGone: () => void;
}

/** Last word of a subscription: its final NOTIFY (RFC 6665 section 4.1.3). */
interface LastWord {
  readonly reason: "timeout" | "rejected" | "deactivated";
  /** Document that they see last; undefined: the one that they may see by then. */
  readonly document: string | undefined;
}

/** How long a NOTIFY may go unanswered, in ms. */
const notifyTimeout = 10_000;

/**
 * One subscription of a watcher to our presence, as its notifier keeps it (RFC 6665 section 4.2). Of several changes
 * only the last is told: a NOTIFY says how things are when its turn comes, and one that waits while the subscription
 * ends becomes its last word.
 *
 *   pending <-> active -expires, unsubscribe, sign-out, refusal-> terminated
 */
export class WatcherDialog {
  readonly #options: WatcherDialogOptions;
  #until = 0;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #changed = false;
  #isActive = false;
  #ended = false;
  #lastWord: LastWord | undefined;
  /** A NOTIFY waits for its turn. */
  #waits = false;

  constructor(options: WatcherDialogOptions) {
    this.#options = options;
  }

  get watcher(): Address {
    return this.#options.watcher;
  }

  get dialog(): Dialog {
    return this.#options.dialog;
  }

  /** They were shown a document. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Holds for so many seconds from now. */
  extend(seconds: number): void {
    clearTimeout(this.#timer);
    this.#until = Date.now() + seconds * 1000;
    this.#timer = setTimeout(() => void this.terminate("timeout"), seconds * 1000);
  }

  /** Tells how things are now. */
  tell(): void {
    this.#changed = true;
    this.#telling ??= this.#tell().finally(() => {
      this.#telling = undefined;
    });
  }

  /** Ends it with a last word. `document`: what they are to see last, where they saw something. */
  async terminate(reason: LastWord["reason"], document?: string): Promise<void> {
    if (this.#ended) return;
    this.end();
    this.#options.onGone();
    this.#lastWord = { reason, document };
    await (this.#waits ? this.#telling : this.#notify().catch(() => undefined));
  }

  /** Forgets it without a word. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #tell(): Promise<void> {
    while (this.#changed && !this.#ended) {
      this.#changed = false;
      const kept = await this.#notify().catch(() => true);
      if (kept || this.#ended) continue;
      this.end();
      this.#options.onGone();
    }
  }

  /**
   * False when their side does not know it any more (RFC 6665 section 4.2.2). Without a connection nothing is said, and
   * it stays.
   */
  async #notify(): Promise<boolean> {
    const line = this.#options.line();
    if (!line) return true;
    this.#waits = true;
    try {
      const { status } = await line.agent.request({
        method: "NOTIFY",
        ...this.#options.dialog.request(),
        compose: () => this.#compose(line),
        urgency: "background",
        timeout: notifyTimeout,
      });
      return status < 300 || status === 408 || (status >= 500 && status !== 501);
    } finally {
      this.#waits = false;
    }
  }

  /** The NOTIFY whose turn has come. Error: `cancelled` when the subscription was forgotten meanwhile. */
  #compose({ contact }: NotifierLine): RequestContent {
    if (this.#ended && !this.#lastWord) throw new HallwayError("cancelled");
    this.#waits = false;
    this.#changed = false;
    const { eventId } = this.#options;
    const document = this.#document();
    this.#isActive = document !== undefined;
    return {
      headers: [
        contact.dialogHeader,
        `Event: ${presencePackage.event}${eventId === undefined ? "" : `;id=${eventId}`}`,
        `Subscription-State: ${this.#state()}`,
      ],
      ...(document === undefined ? {} : { body: textBody(pidfType, document) }),
    };
  }

  #document(): string | undefined {
    if (this.#lastWord?.reason === "rejected") return undefined;
    return this.#lastWord?.document ?? this.#options.document();
  }

  /** Value of Subscription-State (RFC 6665 section 4.1.3). */
  #state(): string {
    if (this.#lastWord) return `terminated;reason=${this.#lastWord.reason}`;
    const left = Math.max(1, Math.round((this.#until - Date.now()) / 1000));
    return `${this.#isActive ? "active" : "pending"};expires=${left}`;
  }
}
