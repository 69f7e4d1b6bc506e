import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { History } from "../history/history.ts";
import { type ScopeRules, sameRules } from "../history/scope.ts";
import type { Messaging } from "../messaging/messaging.ts";
import { draftTexts } from "../profile/drafts.ts";
import type { Profile } from "../profile/profile.ts";
import type { Conversations } from "../store/conversations.ts";
import type { Requests } from "../store/requests.ts";

interface HistoryModesParts {
  readonly history: Pick<History, "mode" | "setMode">;
  readonly profile: Pick<Profile, "all">;
  readonly conversations: Pick<Conversations, "restore" | "reread">;
  readonly requests: Pick<Requests, "purge">;
  readonly messaging: { readonly receiving: Pick<Messaging["receiving"], "idle"> };
  /** Which conversations may be written to disk (HistoryScope), as of now. */
  readonly scope: () => ScopeRules;
  readonly onTrouble: (error: ErrorInfo) => void;
}

interface Rules {
  readonly mode: HistoryMode;
  readonly scope: ScopeRules;
}

/** Modes of the history, and what the window shows under them. */
export class HistoryModes {
  readonly #parts: HistoryModesParts;
  /** Changes of the mode take turns, so that the last one said is the one in force. */
  #switching: Promise<void> = Promise.resolve();
  #showing: Promise<void> = Promise.resolve();
  /** Rules under which the window was last told the lines of conversations; undefined: others have held since. */
  #shownUnder: Rules | undefined;

  constructor(parts: HistoryModesParts) {
    this.#parts = parts;
    this.#shownUnder = { mode: parts.history.mode, scope: parts.scope() };
  }

  /** Resolves when the mode is in force and shown. Errors: those of the history. */
  set(mode: HistoryMode): Promise<void> {
    // Also rules that hold for a moment only: what the window opened meanwhile was told under them.
    if (this.#differs({ mode, scope: this.#parts.scope() })) this.#shownUnder = undefined;
    const inForce = this.#switching.then(async () => {
      await this.#parts.messaging.receiving.idle();
      await this.#parts.history.setMode(mode);
    });
    this.#switching = inForce.catch(() => undefined);
    return inForce.then(() => this.#show());
  }

  /** Follows a mode that is in force; the next one does not wait for it. */
  #show(): Promise<void> {
    const shown = this.#showing.then(async () => {
      // What the history answered before, such as a message that was sent just then, is shown before the window forgets.
      await this.#parts.messaging.receiving.idle();
      await this.restore();
    });
    this.#showing = shown.catch(() => undefined);
    return shown;
  }

  /** Shows conversations, drafts and requests as they are on disk. */
  async restore(): Promise<void> {
    const { conversations, profile, requests, history, scope, onTrouble } = this.#parts;
    await conversations.restore(await draftTexts(profile));
    await requests.purge().catch((error: unknown) => onTrouble(toErrorInfo(error)));
    const now = { mode: history.mode, scope: scope() };
    if (this.#differs(now)) conversations.reread();
    this.#shownUnder = now;
  }

  #differs({ mode, scope }: Rules): boolean {
    const under = this.#shownUnder;
    return under === undefined || mode !== under.mode || !sameRules(scope, under.scope);
  }
}
