import type { Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { domainOf } from "../../../shared/model/address.ts";
import type { Emit, NetworkEvent, Stored } from "../events.ts";
import type { ArchiveFacet } from "../facets/archive.ts";
import type { BlockingFacet } from "../facets/blocking.ts";
import type { Connection } from "../network.ts";
import { SignInMemory } from "../sign-in-memory.ts";
import { EventSink } from "./event-sink.ts";
import type { Extension } from "./extension.ts";
import { Deliveries } from "./message/deliveries.ts";
import { MessageSender } from "./message/message-sender.ts";
import { XmppSession } from "./session.ts";
import { AccountSignIn, type AccountSignInOptions } from "./stream/account-sign-in.ts";
import { CurrentStream } from "./stream/current-stream.ts";
import { Lifecycle } from "./stream/lifecycle.ts";
import type { SendOptions } from "./stream/managed-stream.ts";

export interface ConnectionOptions extends Omit<AccountSignInOptions, "memory"> {
  readonly extensions: readonly Extension[];
  readonly emit: Emit;
}

/** A connection of one account: its parts joined, and their faces to the rest of the house. */
export function createConnection(options: ConnectionOptions): Connection {
  const { account, environment, extensions } = options;
  const { address } = account;
  const events = new EventSink(options.emit, environment.log);
  const deliveries = new Deliveries((event) => void events.emit(event));
  const current = new CurrentStream();
  const session = new XmppSession({
    address,
    domain: domainOf(address),
    cacheKey: `xmpp-roster|${account.id}`,
    environment,
    extensions,
    emit: (event: NetworkEvent): Stored => {
      if (event.type === "delivery" && event.state === "failed") deliveries.failed(event.id);
      return events.emit(event);
    },
    send: (stanza: Element, how: SendOptions) => current.send(stanza, how),
  });
  const memory = new SignInMemory(account.id, environment);
  const signIn = new AccountSignIn({ ...options, memory });
  const { domain } = options;
  const lifecycle = new Lifecycle({ environment, domain, signIn, memory, session, current, deliveries, events });
  const sender = new MessageSender({ session, current, deliveries });
  const { commands, subscriptions } = session;

  /** Requests need a stream. */
  async function online<T>(work: () => Promise<T> | T): Promise<T> {
    if (!current.stream) throw new HallwayError("offline");
    return work();
  }

  return {
    connect: (presence, signal) => lifecycle.connect(presence, signal),
    disconnect: () => lifecycle.disconnect(),
    close: () => lifecycle.close(),
    check: () => current.stream?.check(),
    allowWeaker: (mechanism) => memory.set(mechanism),
    messages: {
      send: (message) => sender.message(message),
      correct: (correction) => sender.correction(correction),
      retract: (retraction) => sender.retraction(retraction),
      sendTyping: (to, active) => commands.sendTyping?.(to, active),
      sendReceipt: ({ to, messageId, kind }) =>
        kind === "read" ? commands.sendRead?.(to, messageId) : commands.sendDelivered?.(to, messageId),
    },
    contacts: {
      add: (who, name, groups) => online(() => subscriptions.add(who, name, groups)),
      update: (who, name, groups) => online(() => session.roster.set(who, name, groups)),
      ask: (who) => online(() => subscriptions.ask(who)),
      remove: (who) => online(() => session.roster.remove(who)),
      accept: (who) => online(() => subscriptions.accept(who)),
      decline: (who) => online(() => subscriptions.decline(who)),
    },
    presence: {
      set: (presence) =>
        online(async () => {
          await session.pass();
          const refusal = session.presence.announce(presence);
          if (refusal) throw new HallwayError(refusal);
        }),
    },
    get blocking(): BlockingFacet | undefined {
      const facet = session.facets.blocking?.();
      return (
        facet && {
          ...facet,
          block: (who) => online(() => facet.block(who)),
          unblock: (who) => online(() => facet.unblock(who)),
        }
      );
    },
    get archive(): ArchiveFacet | undefined {
      const facet = session.facets.archive?.();
      return (
        facet && {
          ...facet,
          catchUp: (since, take, signal) =>
            online(async () => {
              await session.discovered();
              await facet.catchUp(since, take, signal);
            }),
        }
      );
    },
  };
}
