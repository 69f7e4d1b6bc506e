import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { type Address, domainOf } from "../../shared/model/address.ts";
import { type OwnPresence, type Presence, unknownPresence } from "../../shared/model/presence.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import type { Connection, Network } from "../networks/network.ts";
import type { Federation } from "./federation.ts";

/** What is asked of everything that goes through a connection. */
export interface TrafficRules {
  readonly talk: Federation;
  /** Whether the person has blocked this address. */
  readonly blocked: (accountId: AccountId, address: Address) => boolean;
  /** A server has said that this domain is a gateway; `talk` knows it from then on. */
  readonly learnGateway: (domain: string) => void;
  /** Why nothing may be said to anybody now. */
  readonly silenced: () => ErrorInfo | undefined;
  /** What others may see of the person's presence. */
  readonly shown: (presence: OwnPresence) => OwnPresence;
}

/** A network through which nothing passes that the rules forbid, in either direction. */
export interface GovernedNetwork extends Network {
  /** The rules have changed: presence that may be seen now is shown, and that of others forgotten. */
  obey(): void;
}

/** Presences remembered for each connection, so that a rule that is lifted shows them again. */
const maxHeard = 50_000;

/**
 * The one place at which it is decided who may be written to, added and heard, on every network: live, from own other
 * devices, and out of the archive. People who may not be talked with stay in the contact list, where they can be
 * removed, but nothing is heard of them. Nor is it of those whom the person has blocked, whatever their server lets
 * through.
 */
export function governNetwork(network: Network, rules: TrafficRules): GovernedNetwork {
  const open = new Set<() => void>();
  return {
    protocol: network.protocol,
    discover: (address, settings, signal) => network.discover(address, settings, signal),
    open(account, credentials, emit) {
      const own = domainOf(account.address);
      const heard = new Map<Address, { readonly presence: Presence; shown: boolean }>();
      const refusalOf = (address: Address): ErrorInfo | undefined =>
        rules.talk(address, own) ??
        (rules.blocked(account.id, address) ? { code: "contact-blocked", params: { address } } : undefined);
      const may = (address: Address): boolean => refusalOf(address) === undefined;
      // Who marks a message as a room's, or speaks for another, is heard no more than else.
      const mayHear = ({ peer, through }: Pick<IncomingMessage, "peer" | "through">): boolean =>
        may(peer) && (through === undefined || may(through));
      const reach = (address: Address): ErrorInfo | undefined => rules.silenced() ?? refusalOf(address);
      const connection = network.open(
        account,
        credentials,
        (event) => {
          if (event.type === "presence") hear(event.address, event.presence);
          else if (event.type === "gateway") {
            rules.learnGateway(event.domain);
            obey();
          } else if (passes(event)) return emit(event);
          return undefined;
        },
        reach,
      );

      function passes(event: NetworkEvent): boolean {
        switch (event.type) {
          case "message":
            return mayHear(event.message);
          case "change":
            return mayHear(event.change);
          case "typing":
          case "read-elsewhere":
            return may(event.peer);
          case "subscription-request":
            return may(event.address);
          default:
            // What became of an own message, and what the server's list holds, is the person's to know.
            return true;
        }
      }

      function hear(address: Address, presence: Presence): void {
        const shown = may(address);
        if (heard.size < maxHeard || heard.has(address)) heard.set(address, { presence, shown });
        if (shown) emit({ type: "presence", address, presence });
      }

      function obey(): void {
        for (const [address, entry] of heard) {
          const shown = may(address);
          if (shown === entry.shown) continue;
          entry.shown = shown;
          emit({ type: "presence", address, presence: shown ? entry.presence : unknownPresence });
        }
      }

      open.add(obey);
      return governed(connection, {
        check(address) {
          const refusal = refusalOf(address);
          if (refusal) throw new HallwayError(refusal.code, refusal.params);
        },
        mayWrite() {
          const refusal = rules.silenced();
          if (refusal) throw new HallwayError(refusal.code, refusal.params);
        },
        may,
        mayHear,
        shown: rules.shown,
        connecting() {
          // What was heard on a session that is gone is no news any more; what the new one brings comes while it is
          // made.
          const before = new Map(heard);
          heard.clear();
          return (goesOn) => {
            if (goesOn) for (const [address, entry] of before) if (!heard.has(address)) heard.set(address, entry);
          };
        },
        closed: () => open.delete(obey),
      });
    },
    obey() {
      for (const one of open) one();
    },
  };
}

interface Governor {
  readonly check: (address: Address) => void;
  readonly mayWrite: () => void;
  readonly may: (address: Address) => boolean;
  readonly mayHear: (said: Pick<IncomingMessage, "peer" | "through">) => boolean;
  readonly shown: TrafficRules["shown"];
  /** Before a session is made; to be told whether the one before it goes on. */
  readonly connecting: () => (goesOn: boolean) => void;
  readonly closed: () => void;
}

function governed(
  inner: Connection,
  { check, mayWrite, may, mayHear, shown, connecting, closed }: Governor,
): Connection {
  const { contacts } = inner;
  return {
    get features() {
      return inner.features;
    },
    async connect(presence, signal) {
      const made = connecting();
      try {
        const signedIn = await inner.connect(shown(presence), signal);
        made(signedIn.resumed);
        return signedIn;
      } catch (error) {
        made(true);
        throw error;
      }
    },
    disconnect: () => inner.disconnect(),
    close() {
      closed();
      inner.close();
    },
    setPresence: (presence) => inner.setPresence(shown(presence)),
    contacts: {
      async add(address, name, groups) {
        check(address);
        await contacts.add(address, name, groups);
      },
      async accept(address) {
        check(address);
        await contacts.accept(address);
      },
      async ask(address) {
        check(address);
        await contacts.ask(address);
      },
      update: (address, name, groups) => contacts.update(address, name, groups),
      remove: (address) => contacts.remove(address),
      decline: (address) => contacts.decline(address),
      ...(contacts.block ? { block: (address) => contacts.block?.(address) ?? Promise.resolve() } : {}),
      ...(contacts.unblock ? { unblock: (address) => contacts.unblock?.(address) ?? Promise.resolve() } : {}),
    },
    async sendMessage(message) {
      check(message.to);
      mayWrite();
      await inner.sendMessage(message);
    },
    ...(inner.correctMessage
      ? {
          async correctMessage(correction) {
            check(correction.to);
            mayWrite();
            await inner.correctMessage?.(correction);
          },
        }
      : {}),
    ...(inner.retractMessage
      ? {
          async retractMessage(retraction) {
            check(retraction.to);
            mayWrite();
            await inner.retractMessage?.(retraction);
          },
        }
      : {}),
    ...(inner.allowWeaker ? { allowWeaker: (method) => inner.allowWeaker?.(method) ?? Promise.resolve() } : {}),
    ...(inner.sendTyping
      ? {
          sendTyping(to, active) {
            if (may(to)) inner.sendTyping?.(to, active);
          },
        }
      : {}),
    ...(inner.sendReceipt
      ? {
          sendReceipt(receipt) {
            if (may(receipt.to)) inner.sendReceipt?.(receipt);
          },
        }
      : {}),
    ...(inner.catchUp
      ? {
          async catchUp(since, page, signal) {
            await inner.catchUp?.(
              since,
              (messages, mark, changes, exact) => page(messages.filter(mayHear), mark, changes.filter(mayHear), exact),
              signal,
            );
          },
        }
      : {}),
    ...(inner.markAt ? { markAt: inner.markAt } : {}),
    check: () => inner.check(),
  };
}
