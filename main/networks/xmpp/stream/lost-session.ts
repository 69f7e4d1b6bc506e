import type { Jid } from "../jid.ts";
import type { PreviousSession } from "./negotiate.ts";
import type { StreamManagement } from "./stream-management.ts";

/** Times that a server is asked to go on with a session before a new one is begun. */
const maxResumptions = 2;

/** The session of a stream that was lost, for as long as the server may go on with it (XEP-0198 section 5). */
export class LostSession {
  #lost: { readonly management: StreamManagement; readonly jid: Jid } | undefined;
  /** Times that the server was asked for it, in vain. */
  #asked = 0;

  get management(): StreamManagement | undefined {
    return this.#lost?.management;
  }

  keep(management: StreamManagement, jid: Jid): void {
    this.#lost = { management, jid };
    this.#asked = 0;
  }

  forget(): void {
    this.#lost = undefined;
  }

  /** To be asked for; undefined: a session that the server fails at must not stand in the way of a new one. */
  offered(): PreviousSession | undefined {
    if (!this.#lost || this.#asked >= maxResumptions) return undefined;
    return { ...this.#lost, asked: () => void (this.#asked += 1) };
  }
}
