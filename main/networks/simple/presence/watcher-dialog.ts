import type { Address } from "../../../../shared/model/address.ts";
import type { Dialog } from "../dialogs/dialog.ts";
import { presencePackage } from "../packages/rfc-3856-presence.ts";
import { pidfType } from "../payloads/rfc-3863-pidf.ts";
import type { LocalContact } from "../registration/local-contact.ts";
import type { UserAgent } from "../user-agent.ts";
import { textBody } from "../wire/request.ts";

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

/** How long a NOTIFY may go unanswered, in ms. */
const notifyTimeout = 10_000;

/**
 * One subscription of a watcher to our presence, as its notifier keeps it (RFC 6665 section 4.2). Of several changes
 * only the last is told.
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
  async terminate(reason: "timeout" | "rejected" | "deactivated", document = this.#options.document()): Promise<void> {
    if (this.#ended) return;
    this.end();
    this.#options.onGone();
    await this.#notify(`terminated;reason=${reason}`, reason === "rejected" ? undefined : document).catch(
      () => undefined,
    );
  }

  /** Forgets it without a word. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #tell(): Promise<void> {
    while (this.#changed && !this.#ended) {
      this.#changed = false;
      const document = this.#options.document();
      this.#isActive = document !== undefined;
      const left = Math.max(1, Math.round((this.#until - Date.now()) / 1000));
      const kept = await this.#notify(
        `${document === undefined ? "pending" : "active"};expires=${left}`,
        document,
      ).catch(() => true);
      if (kept || this.#ended) continue;
      this.end();
      this.#options.onGone();
    }
  }

  /**
   * False when their side does not know it any more (RFC 6665 section 4.2.2). Without a connection nothing is said, and
   * it stays.
   */
  async #notify(state: string, document: string | undefined): Promise<boolean> {
    const { dialog, eventId, line } = this.#options;
    const now = line();
    if (!now) return true;
    const { status } = await now.agent.request({
      method: "NOTIFY",
      ...dialog.request(),
      headers: [
        now.contact.dialogHeader,
        `Event: ${presencePackage.event}${eventId === undefined ? "" : `;id=${eventId}`}`,
        `Subscription-State: ${state}`,
      ],
      ...(document === undefined ? {} : { body: textBody(pidfType, document) }),
      urgency: "background",
      timeout: notifyTimeout,
    });
    return status < 300 || status === 408 || (status >= 500 && status !== 501);
  }
}
