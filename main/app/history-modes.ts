import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { History } from "../history/history.ts";
import { type ScopeRules, sameRules } from "../history/scope.ts";
import type { Messaging } from "../messaging/messaging.ts";
import type { Profile } from "../profile/profile.ts";
import type { Conversations } from "../store/conversations.ts";
import type { Requests } from "../store/requests.ts";

interface HistoryModesParts {
  readonly history: Pick<History, "mode" | "setMode">;
  readonly profile: Pick<Profile, "all">;
  readonly conversations: Conversations;
  readonly requests: Requests;
  readonly messaging: Pick<Messaging, "receiving">;
  /** Which conversations may be written to disk (HistoryScope), as of now. */
  readonly scope: () => ScopeRules;
  readonly onTrouble: (error: ErrorInfo) => void;
}

/** Modes of the history, and what the window shows under them. */
export class HistoryModes {
  readonly #parts: HistoryModesParts;
  /** Changes of the mode take turns, so that the last one said is the one in force. */
  #switching: Promise<void> = Promise.resolve();
  /** Rules under which the window was last told the lines of conversations. */
  #shownUnder: { readonly mode: HistoryMode; readonly scope: ScopeRules };

  constructor(parts: HistoryModesParts) {
    this.#parts = parts;
    this.#shownUnder = { mode: parts.history.mode, scope: parts.scope() };
  }

  /** Resolves when the mode is in force and shown. Errors: those of the history. */
  set(mode: HistoryMode): Promise<void> {
    const done = this.#switching.then(async () => {
      await this.#parts.messaging.receiving.idle();
      await this.#parts.history.setMode(mode);
      await this.restore();
    });
    this.#switching = done.catch(() => undefined);
    return done;
  }

  /** Shows conversations, drafts and requests as they are on disk. */
  async restore(): Promise<void> {
    const { conversations, profile, requests, history, scope, onTrouble } = this.#parts;
    await conversations.restore(await profile.all("draft"));
    await requests.purge().catch((error: unknown) => onTrouble(toErrorInfo(error)));
    const now = { mode: history.mode, scope: scope() };
    if (now.mode !== this.#shownUnder.mode || !sameRules(now.scope, this.#shownUnder.scope)) conversations.reread();
    this.#shownUnder = now;
  }
}
