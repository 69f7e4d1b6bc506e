import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { Emit } from "../events.ts";
import type { BlockingFacet } from "../facets/blocking.ts";
import type { ContactsFacet } from "../facets/contacts.ts";
import type { Log } from "../log.ts";
import type { ContactStore } from "./contact-store.ts";
import type { PresenceAgent } from "./presence/presence-agent.ts";
import type { SimpleSession } from "./session.ts";

/** Parts of a connection that its contacts are kept with. */
export interface ContactsOptions {
  readonly store: ContactStore;
  readonly presenceAgent: PresenceAgent;
  readonly emit: Emit;
  /** The signed-in session. Error: `offline`. */
  readonly session: () => SimpleSession;
}

/** The contact list: the server's where it keeps one, and this device's beside it. */
export function createContacts({ store, presenceAgent, emit, session: online }: ContactsOptions): ContactsFacet {
  const emitItem = (address: Address): void => {
    const item = store.item(address);
    if (item) void emit({ type: "roster-item", item });
  };
  /** Errors: `offline`, `not-found`. */
  const onlineWith = (address: Address): SimpleSession => {
    const session = online();
    if (!store.has(address)) throw new HallwayError("not-found");
    return session;
  };
  return {
    add: async (address, name, groups) => {
      const session = online();
      await session.contactList?.put([{ address, name, groups }]);
      await store.put(address, name, groups);
      emitItem(address);
      if (!store.isBlocked(address)) session.watch(address);
      presenceAgent.decided(address);
    },
    update: async (address, name, groups) => {
      await onlineWith(address).contactList?.put([{ address, name, groups }]);
      await store.put(address, name, groups);
      emitItem(address);
    },
    ask: async (address) => onlineWith(address).askAgain(address),
    remove: async (address) => {
      const session = onlineWith(address);
      await session.contactList?.remove(address);
      await store.remove(address);
      void emit({ type: "roster-removed", address });
      // Nothing of them is reported from here on; when the server has heard of it does not matter to the person.
      void session.unwatch(address);
      await session.forget(address);
    },
    accept: async (address) => online().accept(address),
    decline: async (address) => online().decline(address),
  };
}

/** No SIP server keeps a block list: who is blocked is not heard (main/enforcement), and sees nothing of us. */
export function createBlocking({ store, session: online }: Pick<ContactsOptions, "store" | "session">): BlockingFacet {
  const setBlocked = async (address: Address, isBlocked: boolean): Promise<void> => {
    const session = online();
    // Done anew as often as it is asked for: what is remembered here says nothing about the rules of the server.
    await store.setBlocked(address, isBlocked);
    try {
      await (isBlocked ? session.block(address) : session.unblock(address));
    } catch (error) {
      // A rule that still stands would otherwise be taken for the person's own refusal at the next sign-in, and stand
      // for good.
      if (!isBlocked && toErrorInfo(error).code !== "unsupported") await store.setBlocked(address, true);
      throw error;
    }
  };
  return {
    everyDevice: false,
    block: (address) => setBlocked(address, true),
    unblock: (address) => setBlocked(address, false),
  };
}

/**
 * The server's list counts; where it has none yet it gets ours. When it cannot be had now, the list as it was last seen
 * has to do: signing in does not fail for it.
 */
export async function loadContacts({ contactList }: SimpleSession, store: ContactStore, log: Log): Promise<void> {
  if (!contactList) return;
  try {
    const listed = await contactList.load();
    if (listed) await store.replace(listed);
    else if (store.items().length > 0) await contactList.put(store.items());
  } catch (error) {
    log.warn("SIP contact list could not be had from its server", { error: toErrorInfo(error).code });
  }
}
