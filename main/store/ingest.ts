import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { contactId } from "../../shared/model/contact.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { Connections } from "../networks/connections.ts";
import type { NetworkEvent, Stored } from "../networks/events.ts";
import type { Log } from "../networks/log.ts";
import type { Blocklist } from "./blocklist.ts";
import type { Contacts } from "./contacts.ts";
import type { Requests } from "./requests.ts";
import type { Tables } from "./tables.ts";

/** Events that messaging receives. */
export type MessageEvent = Extract<
  NetworkEvent,
  { type: "message" | "change" | "delivery" | "read-up-to" | "read-elsewhere" | "typing" }
>;

/**
 * Takes in what networks report: contacts, requests and blocks are written to the live tables here, messages go through
 * the stages of receiving. Resolves when it is stored, false: it could not be; undefined: there is nothing to store.
 */
export type Ingest = (accountId: AccountId, protocol: Protocol, event: NetworkEvent) => Stored;

export interface IngestParts {
  readonly tables: Tables;
  readonly contacts: Contacts;
  readonly requests: Requests;
  readonly blocklist: Pick<Blocklist, "listed" | "pushed">;
  readonly messages: { live(accountId: AccountId, protocol: Protocol, event: MessageEvent): Promise<boolean> };
  readonly connections: Pick<Connections, "get" | "address">;
  readonly guard: Pick<ContentGuard, "received">;
  readonly log: Log;
  readonly now: () => number;
}

export function createIngest(parts: IngestParts): Ingest {
  const { tables, contacts, requests, blocklist, messages, connections, guard, log, now } = parts;

  function accept(accountId: AccountId, address: string): void {
    void connections
      .get(accountId)
      ?.contacts.accept(address)
      .catch((error: unknown) => log.info("Could not answer a contact request", { account: accountId, error }));
  }

  function subscriptionRequest(
    accountId: AccountId,
    protocol: Protocol,
    event: Extract<NetworkEvent, { type: "subscription-request" }>,
  ): void {
    const reception = requests.reception(accountId, event.address);
    if (reception === "fold") requests.fold(accountId, protocol, event.address);
    if (reception === "refuse" || reception === "fold") return;
    const contact = tables.get("contacts", contactId(accountId, event.address));
    if (contact?.listed && (contact.asked || contact.subscription === "to" || contact.subscription === "both")) {
      // Somebody whom we asked first.
      accept(accountId, event.address);
      return;
    }
    requests.file({
      accountId,
      protocol,
      address: event.address,
      kind: "presence",
      at: now(),
      ...(event.name === undefined ? {} : { name: event.name }),
      ...(event.text === undefined
        ? {}
        : {
            text: guard.received({
              own: connections.address(accountId),
              peer: event.address,
              direction: "in",
              body: event.text,
            }),
          }),
    });
  }

  return (accountId, protocol, event) => {
    switch (event.type) {
      case "message":
      case "change":
      case "delivery":
      case "read-up-to":
      case "read-elsewhere":
      case "typing":
        return messages.live(accountId, protocol, event);
      case "roster":
        contacts.roster(accountId, protocol, event.items);
        return undefined;
      case "roster-item":
        contacts.rosterItem(accountId, protocol, event.item);
        return undefined;
      case "roster-removed":
        contacts.rosterRemoved(accountId, event.address);
        return undefined;
      case "presence":
        contacts.presence(accountId, event.address, event.presence);
        return undefined;
      case "subscription-request":
        subscriptionRequest(accountId, protocol, event);
        return undefined;
      case "subscription-settled":
        requests.settle(accountId, event.address);
        return undefined;
      case "block-list":
        blocklist.listed(accountId, event.addresses);
        return undefined;
      case "block-changed":
        blocklist.pushed(accountId, event.addresses, event.isBlocked);
        return undefined;
      case "refused":
        log.info("Refused", { account: accountId, what: event.what });
        return undefined;
      case "connection-lost": // The session keeps these.
      case "facets":
      case "gateway": // The rules of enforcement know it.
        return undefined;
    }
  };
}
