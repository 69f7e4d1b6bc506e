import { HallwayError } from "../../../../shared/errors.ts";
import type { AccountConfig } from "../../../../shared/model/account.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { Emit, NetworkEvent } from "../../events.ts";
import type { FilesFacet } from "../../facets/files.ts";
import type { KeysFacet } from "../../facets/keys.ts";
import type { MessagesFacet } from "../../facets/messages.ts";
import type { RoomsFacet } from "../../facets/rooms.ts";
import type { Connection, ConnectionOptions, Credentials, Network, SignedIn } from "../../network.ts";
import { memoryDescription } from "./description.ts";
import type { MemoryServer } from "./server.ts";

/** Rooms of a server that has none. */
const noRooms: RoomsFacet = {
  join: async () => {
    throw new HallwayError("not-found");
  },
  leave: async () => undefined,
};
/** Files of a server that takes none. */
const noFiles: FilesFacet = {
  maxBytes: 0,
  send: async () => {
    throw new HallwayError("too-large");
  },
};
/** Keys of a server that keeps none. */
const noKeys: KeysFacet = { publish: async () => undefined, fetch: async () => undefined };

/**
 * A third network, in tests only: people who sign in to one server in this process. Its rooms, files and keys are
 * there and empty. It shows that a network is a folder and one line of whoever lists the networks.
 */
export function createMemoryNetwork(server: MemoryServer): Network {
  return {
    description: memoryDescription,
    discover: async () => [],
    open: (account, options) => new MemoryConnection(server, account, options),
  };
}

class MemoryConnection implements Connection {
  readonly rooms = noRooms;
  readonly files = noFiles;
  readonly keys = noKeys;
  readonly #server: MemoryServer;
  readonly #own: Address;
  readonly #credentials: Credentials;
  readonly #emit: Emit;
  readonly #seen = new Set<string>();
  #isOnline = false;
  #isClosed = false;

  constructor(server: MemoryServer, account: AccountConfig, { credentials, emit }: ConnectionOptions) {
    this.#server = server;
    this.#own = account.address;
    this.#credentials = credentials;
    this.#emit = emit;
  }

  readonly #hear = (event: NetworkEvent): void => {
    if (this.#isClosed) return;
    if (event.type === "message" && event.message.id !== undefined) {
      const key = `${event.message.peer} ${event.message.id}`;
      if (this.#seen.has(key)) return;
      this.#seen.add(key);
    }
    void this.#emit(event);
  };

  readonly connect: Connection["connect"] = async (presence): Promise<SignedIn> => {
    if ((await this.#credentials.password()) === undefined) throw new HallwayError("password-needed");
    this.#isOnline = true;
    this.#server.signIn(this.#own, this.#hear, presence);
    return { resumed: false, security: undefined, endpoint: { host: "memory", port: 1, transport: "tls" } };
  };

  readonly disconnect: Connection["disconnect"] = async () => {
    this.#isOnline = false;
    this.#server.signOut(this.#own, this.#hear);
  };

  readonly close: Connection["close"] = () => {
    this.#isClosed = true;
    this.#server.signOut(this.#own, this.#hear);
  };

  readonly check: Connection["check"] = () => undefined;

  readonly presence: Connection["presence"] = {
    set: async (presence) => this.#server.setPresence(this.#own, this.#hear, presence),
  };

  readonly messages: MessagesFacet = {
    send: async ({ id, to, body, at, wantReceipts }) => {
      if (!this.#isOnline) throw new HallwayError("offline");
      const isThere = this.#server.has(to);
      if (isThere)
        this.#server.tell(to, {
          type: "message",
          message: {
            peer: this.#own,
            direction: "in",
            author: { address: this.#own, isSelf: false },
            id,
            archiveId: undefined,
            body,
            at: Date.now() - at > 30_000 ? at : undefined,
            delayed: false,
            via: "live",
            wantsDelivered: wantReceipts,
            wantsRead: wantReceipts,
          },
        });
      this.#hear({
        type: "delivery",
        id,
        peer: to,
        ...(isThere ? { state: "sent" } : { state: "failed", error: { code: "recipient-unknown" } }),
      });
    },
    sendTyping: (to, active) => this.#server.tell(to, { type: "typing", peer: this.#own, active }),
    sendReceipt: ({ to, messageId, kind }) =>
      this.#server.tell(to, { type: "delivery", id: messageId, peer: this.#own, state: kind }),
  };

  readonly contacts: Connection["contacts"] = {
    add: async (address, name, groups) => {
      this.#put(address, name, groups);
      this.#ask(address);
    },
    update: async (address, name, groups) => this.#put(address, name, groups),
    ask: async (address) => this.#ask(address),
    remove: async (address) => {
      this.#server.account(this.#own).list.delete(address);
      this.#server.account(this.#own).watchers.delete(address);
      if (this.#server.has(address)) this.#server.account(address).watchers.delete(this.#own);
      this.#server.tell(this.#own, { type: "roster-removed", address });
      this.#server.tell(address, { type: "presence", address: this.#own, presence: { availability: "offline" } });
    },
    accept: async (address) => this.#server.accept(this.#own, address),
    decline: async () => undefined,
  };

  #put(address: Address, name: string | undefined, groups: readonly string[]): void {
    if (!this.#isOnline) throw new HallwayError("offline");
    this.#server.account(this.#own).list.set(address, { name, groups });
    this.#server.tell(this.#own, { type: "roster-item", item: this.#server.item(this.#own, address) });
  }

  #ask(address: Address): void {
    if (this.#server.item(this.#own, address).asked)
      this.#server.tell(address, {
        type: "subscription-request",
        address: this.#own,
        name: undefined,
        text: undefined,
      });
  }
}
