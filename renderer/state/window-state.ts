import { effect } from "@preact/signals";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { MessageId } from "../../shared/model/message.ts";
import { maxFolded, maxPlaces, type WindowState } from "../../shared/model/window-state.ts";
import type { Client } from "../ipc/client.ts";
import type { Replica } from "./replica.ts";
import type { Ui } from "./ui.ts";

/** Where a chat is read: at its end, or with this message at the top of the view. */
export interface Place {
  readonly anchor: MessageId | undefined;
  readonly atEnd: boolean;
  move(change: Partial<Pick<Place, "anchor" | "atEnd">>): void;
}

/** How long after the last change it is kept, in milliseconds. */
const delay = 1_000;

interface KeptWindowParts {
  readonly client: Pick<Client, "request">;
  readonly replica: Pick<Replica, "app" | "accounts">;
  readonly ui: Pick<Ui, "collapsed">;
}

/**
 * Keeps how the window was left (folded groups, reading places) with main, which has it over restarts.
 *
 *   waiting for the vault --open--> asking --answer--> keeping
 *
 * Nothing is kept before the answer, or it would overwrite what was kept before.
 */
export class KeptWindow {
  readonly #client: KeptWindowParts["client"];
  readonly #ui: KeptWindowParts["ui"];
  readonly #places = new Map<ConversationId, KeptPlace>();
  readonly #listening = new AbortController();
  readonly #stops: readonly (() => void)[];
  #state: "waiting" | "asking" | "keeping" = "waiting";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = "";

  constructor({ client, replica, ui }: KeptWindowParts) {
    this.#client = client;
    this.#ui = ui;
    this.#stops = [
      effect(() => {
        const app = replica.app.get("app");
        if (this.#state === "waiting" && app?.vault === "ready" && app.lockedBy === undefined) void this.#ask();
      }),
      effect(() => {
        ui.collapsed.value;
        // With an account its people go: main forgets their places when it is told again.
        replica.accounts.version.value;
        this.#last = "";
        this.#changed();
      }),
    ];
    // The window may be closed before the delay is over.
    const leave = (): void => {
      if (this.#timer !== undefined) this.#save();
    };
    for (const kind of ["pagehide", "blur"] as const)
      window.addEventListener(kind, leave, { signal: this.#listening.signal });
  }

  placeOf(id: ConversationId): Place {
    return this.#places.get(id) ?? this.#make(id);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    this.#listening.abort();
  }

  async #ask(): Promise<void> {
    this.#state = "asking";
    try {
      const { state } = await this.#client.request("app.windowState", {});
      if (state !== undefined) this.#restore(state);
    } catch {
      return;
    }
    this.#last = JSON.stringify(this.#now());
    this.#state = "keeping";
  }

  #restore({ folded, places }: WindowState): void {
    this.#ui.collapsed.value = new Set([...this.#ui.collapsed.peek(), ...folded]);
    for (const { conversationId, messageId } of places)
      if (!this.#places.has(conversationId)) this.#make(conversationId, messageId);
  }

  #make(id: ConversationId, anchor?: MessageId): Place {
    const place = new KeptPlace(anchor, () => {
      this.#places.delete(id);
      this.#places.set(id, place);
      this.#changed();
    });
    this.#places.set(id, place);
    return place;
  }

  #changed(): void {
    if (this.#state === "keeping") this.#timer ??= setTimeout(() => this.#save(), delay);
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const state = this.#now();
    const text = JSON.stringify(state);
    if (this.#state !== "keeping" || text === this.#last) return;
    this.#last = text;
    this.#client.request("app.keepWindowState", { state }).catch(() => undefined);
  }

  #now(): WindowState {
    return {
      folded: [...this.#ui.collapsed.peek()].slice(0, maxFolded),
      places: [...this.#places]
        .flatMap(([conversationId, { anchor, atEnd }]) =>
          atEnd || anchor === undefined ? [] : [{ conversationId, messageId: anchor }],
        )
        .slice(-maxPlaces),
    };
  }
}

class KeptPlace implements Place {
  readonly #onMove: () => void;
  #anchor: MessageId | undefined;
  #isAtEnd: boolean;

  constructor(anchor: MessageId | undefined, onMove: () => void) {
    this.#anchor = anchor;
    this.#isAtEnd = anchor === undefined;
    this.#onMove = onMove;
  }

  get anchor(): MessageId | undefined {
    return this.#anchor;
  }

  get atEnd(): boolean {
    return this.#isAtEnd;
  }

  move(change: Partial<Pick<Place, "anchor" | "atEnd">>): void {
    if ("anchor" in change) this.#anchor = change.anchor;
    if (change.atEnd !== undefined) this.#isAtEnd = change.atEnd;
    this.#onMove();
  }
}
