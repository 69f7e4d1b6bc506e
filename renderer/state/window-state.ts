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

/** Keeps how the window was left (folded groups, reading places) with main, which has it over restarts. */
export interface KeptWindow {
  placeOf(id: ConversationId): Place;
  dispose(): void;
}

/** How long after the last change it is kept, in milliseconds. */
const delay = 1_000;

/**
 *   waiting for the vault --open--> asking --answer--> keeping
 *
 * Nothing is kept before the answer, or it would overwrite what was kept before.
 */
export function createKeptWindow({
  client,
  replica,
  ui,
}: {
  readonly client: Pick<Client, "request">;
  readonly replica: Pick<Replica, "app" | "accounts">;
  readonly ui: Pick<Ui, "collapsed">;
}): KeptWindow {
  const places = new Map<ConversationId, Place>();
  let asked = false;
  let keeping = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = "";

  const state = (): WindowState => ({
    folded: [...ui.collapsed.peek()].slice(0, maxFolded),
    places: [...places]
      .flatMap(([conversationId, { anchor, atEnd }]) =>
        atEnd || anchor === undefined ? [] : [{ conversationId, messageId: anchor }],
      )
      .slice(-maxPlaces),
  });
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const next = state();
    const text = JSON.stringify(next);
    if (!keeping || text === last) return;
    last = text;
    client.request("app.keepWindowState", { state: next }).catch(() => undefined);
  };
  const changed = (): void => {
    if (keeping) timer ??= setTimeout(save, delay);
  };
  const make = (id: ConversationId, anchor?: MessageId): Place => {
    const kept = { anchor, atEnd: anchor === undefined };
    const place: Place = {
      get anchor() {
        return kept.anchor;
      },
      get atEnd() {
        return kept.atEnd;
      },
      move(change) {
        Object.assign(kept, change);
        places.delete(id);
        places.set(id, place);
        changed();
      },
    };
    places.set(id, place);
    return place;
  };
  const restore = ({ folded, places: before }: WindowState): void => {
    ui.collapsed.value = new Set([...ui.collapsed.peek(), ...folded]);
    for (const { conversationId, messageId } of before)
      if (!places.has(conversationId)) make(conversationId, messageId);
  };

  const stops = [
    effect(() => {
      const app = replica.app.get("app");
      if (asked || app?.vault !== "ready" || app.lockedBy !== undefined) return;
      asked = true;
      client
        .request("app.windowState", {})
        .then(({ state: kept }) => {
          if (kept !== undefined) restore(kept);
          last = JSON.stringify(state());
          keeping = true;
        })
        .catch(() => undefined);
    }),
    effect(() => {
      ui.collapsed.value;
      // With an account its people go: main forgets their places when it is told again.
      replica.accounts.version.value;
      last = "";
      changed();
    }),
  ];
  // The window may be closed before the delay is over.
  const leave = (): void => {
    if (timer !== undefined) save();
  };
  window.addEventListener("pagehide", leave);
  window.addEventListener("blur", leave);

  return {
    placeOf: (id) => places.get(id) ?? make(id),
    dispose() {
      clearTimeout(timer);
      for (const stop of stops) stop();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("blur", leave);
    },
  };
}
