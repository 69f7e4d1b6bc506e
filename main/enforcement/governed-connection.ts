import type { Facets } from "../networks/facets/facets.ts";
import type { Connection } from "../networks/network.ts";
import type { Governed, Whole } from "./governed.ts";
import { governArchive } from "./governed-archive.ts";
import { governBlocking } from "./governed-blocking.ts";
import { governContacts } from "./governed-contacts.ts";
import { governDirectory } from "./governed-directory.ts";
import { governFiles } from "./governed-files.ts";
import { governKeys } from "./governed-keys.ts";
import { governMessages } from "./governed-messages.ts";
import { governPresence } from "./governed-presence.ts";
import { governRooms } from "./governed-rooms.ts";
import type { Governor } from "./governor.ts";
import type { HeardPresences } from "./heard-presences.ts";

/** Every facet, governed. A facet without a wrapper does not compile. */
type GovernedFacets = {
  readonly [Name in keyof Required<Facets>]: Governed<NonNullable<Facets[Name]>> | Extract<Facets[Name], undefined>;
};

/** A connection that hands out governed facets only. */
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

  get messages(): GovernedFacets["messages"] {
    return governMessages(this.#inner.messages, this.#governor);
  }

  get contacts(): GovernedFacets["contacts"] {
    return governContacts(this.#inner.contacts, this.#governor);
  }

  get presence(): GovernedFacets["presence"] {
    return governPresence(this.#inner.presence, this.#governor);
  }

  get blocking(): GovernedFacets["blocking"] {
    const { blocking } = this.#inner;
    return blocking && governBlocking(blocking, this.#governor);
  }

  get archive(): GovernedFacets["archive"] {
    const { archive } = this.#inner;
    return archive && governArchive(archive, this.#governor);
  }

  get rooms(): GovernedFacets["rooms"] {
    const { rooms } = this.#inner;
    return rooms && governRooms(rooms, this.#governor);
  }

  get files(): GovernedFacets["files"] {
    const { files } = this.#inner;
    return files && governFiles(files, this.#governor);
  }

  get keys(): GovernedFacets["keys"] {
    const { keys } = this.#inner;
    return keys && governKeys(keys, this.#governor);
  }

  get directory(): GovernedFacets["directory"] {
    const { directory } = this.#inner;
    return directory && governDirectory(directory, this.#governor);
  }
}
