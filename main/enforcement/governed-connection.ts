import type { Facets } from "../networks/facets/facets.ts";
import type { Connection } from "../networks/network.ts";
import type { Whole } from "./governed.ts";
import { GovernedArchive } from "./governed-archive.ts";
import { GovernedBlocking } from "./governed-blocking.ts";
import { GovernedContacts } from "./governed-contacts.ts";
import { GovernedDirectory } from "./governed-directory.ts";
import { GovernedFiles } from "./governed-files.ts";
import { GovernedKeys } from "./governed-keys.ts";
import { GovernedMessages } from "./governed-messages.ts";
import { GovernedPresence } from "./governed-presence.ts";
import { GovernedRooms } from "./governed-rooms.ts";
import type { Governor } from "./governor.ts";
import type { HeardPresences } from "./heard-presences.ts";

/** The wrapper of each facet. A facet without one does not compile. */
export interface GovernedFacets extends Record<keyof Facets, unknown> {
  readonly messages: GovernedMessages;
  readonly contacts: GovernedContacts;
  readonly presence: GovernedPresence;
  readonly blocking: GovernedBlocking | undefined;
  readonly archive: GovernedArchive | undefined;
  readonly rooms: GovernedRooms | undefined;
  readonly files: GovernedFiles | undefined;
  readonly keys: GovernedKeys | undefined;
  readonly directory: GovernedDirectory | undefined;
}

/**
 * A connection that hands out governed facets only. The wrappers have private fields, so that an inner facet in the
 * place of one does not compile.
 */
export class GovernedConnection implements Whole<Connection>, GovernedFacets {
  readonly #inner: Connection;
  readonly #governor: Governor;
  readonly #heard: HeardPresences;
  readonly #closed: () => void;

  constructor(options: {
    readonly inner: Connection;
    readonly governor: Governor;
    readonly heard: HeardPresences;
    readonly closed: () => void;
  }) {
    this.#inner = options.inner;
    this.#governor = options.governor;
    this.#heard = options.heard;
    this.#closed = options.closed;
  }

  readonly connect: Connection["connect"] = async (presence, signal) => {
    const made = this.#heard.connecting();
    try {
      const signedIn = await this.#inner.connect(this.#governor.shown(presence), signal);
      made(signedIn.resumed);
      return signedIn;
    } catch (error) {
      made(true);
      throw error;
    }
  };

  readonly disconnect: Connection["disconnect"] = () => this.#inner.disconnect();

  readonly close: Connection["close"] = () => {
    this.#closed();
    this.#inner.close();
  };

  readonly check: Connection["check"] = () => this.#inner.check();

  get allowWeaker(): Connection["allowWeaker"] {
    const inner = this.#inner;
    return inner.allowWeaker && ((method) => inner.allowWeaker?.(method) ?? Promise.resolve());
  }

  get messages(): GovernedMessages {
    return new GovernedMessages(this.#inner.messages, this.#governor);
  }

  get contacts(): GovernedContacts {
    return new GovernedContacts(this.#inner.contacts, this.#governor);
  }

  get presence(): GovernedPresence {
    return new GovernedPresence(this.#inner.presence, this.#governor);
  }

  get blocking(): GovernedBlocking | undefined {
    const { blocking } = this.#inner;
    return blocking && new GovernedBlocking(blocking);
  }

  get archive(): GovernedArchive | undefined {
    const { archive } = this.#inner;
    return archive && new GovernedArchive(archive, this.#governor);
  }

  get rooms(): GovernedRooms | undefined {
    const { rooms } = this.#inner;
    return rooms && new GovernedRooms(rooms, this.#governor);
  }

  get files(): GovernedFiles | undefined {
    const { files } = this.#inner;
    return files && new GovernedFiles(files, this.#governor);
  }

  get keys(): GovernedKeys | undefined {
    const { keys } = this.#inner;
    return keys && new GovernedKeys(keys, this.#governor);
  }

  get directory(): GovernedDirectory | undefined {
    const { directory } = this.#inner;
    return directory && new GovernedDirectory(directory, this.#governor);
  }
}
