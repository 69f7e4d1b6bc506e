import * as v from "valibot";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import { domainOf, isService, isUnanswerable } from "../../../shared/model/address.ts";
import {
  type ContactId,
  type ContactRecord,
  contactId,
  GroupSchema,
  maxNameLength,
} from "../../../shared/model/contact.ts";
import { visibleName } from "../../../shared/text/visible-name.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { tellBlocks } from "../../accounts/tell-blocks.ts";
import { parseAddress } from "../../addressing/parse-address.ts";
import type { LookAlikes } from "../../guard/look-alikes.ts";
import type { History } from "../../history/history.ts";
import type { Blocklist } from "../../store/blocklist.ts";
import type { Contacts } from "../../store/contacts.ts";
import type { Conversations } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import type { Tables } from "../../store/tables.ts";
import type { Handlers } from "../dispatch.ts";

/** Groups that somebody is put into at once. */
const maxNewGroups = 50;

type ContactHandlers = Pick<
  Handlers,
  "contacts.add" | "contacts.update" | "contacts.ask" | "contacts.remove" | "contacts.lookAlike" | "requests.answer"
>;

export interface ContactParts {
  readonly tables: Tables;
  readonly accounts: Accounts;
  readonly contacts: Contacts;
  readonly requests: Requests;
  readonly blocklist: Blocklist;
  readonly lookAlikes: LookAlikes;
  readonly conversations: Conversations;
  readonly history: History;
}

/**
 * Requests about the contact list and about strangers. All that changes the server's list needs the account on line
 * (`offline`).
 */
export function contactHandlers(parts: () => ContactParts): ContactHandlers {
  function contact(id: ContactId): ContactRecord {
    const record = parts().tables.get("contacts", id);
    if (!record) throw new HallwayError("not-found");
    return record;
  }

  return {
    async "contacts.add"({ accountId, address, name, groups }) {
      const { accounts, tables, contacts } = parts();
      const protocol = accounts.protocol(accountId);
      const parsed = contacts.known(accountId, address) ?? parseAddress(address, protocol);
      if (parsed.protocol && parsed.protocol !== protocol) throw new HallwayError("invalid-address");
      const id = contactId(accountId, parsed.address);
      if (tables.get("contacts", id)?.listed) throw new HallwayError("already-exists", { address: parsed.address });
      if (tables.get("accounts", accountId)?.address === parsed.address) throw new HallwayError("invalid-address");
      if (isUnanswerable(parsed.address)) throw new HallwayError("unanswerable");
      await accounts.online(accountId).contacts.add(parsed.address, visibleName(name, maxNameLength), groups);
      return { contactId: id };
    },
    async "contacts.update"({ contactId: id, name, groups, pinned }) {
      const { accounts, contacts } = parts();
      const record = contact(id);
      if (groups) checkNew(groups, record.groups);
      if (pinned !== undefined) contacts.pin(id, pinned);
      if (name !== undefined || groups !== undefined)
        await accounts
          .online(record.accountId)
          .contacts.update(record.address, givenName(record, name), groups ?? record.groups);
      return {};
    },
    async "contacts.ask"({ contactId: id }) {
      const record = contact(id);
      if (!record.listed) throw new HallwayError("not-found");
      await parts().accounts.online(record.accountId).contacts.ask(record.address);
      return {};
    },
    async "contacts.remove"({ contactId: id }) {
      const record = contact(id);
      await parts().accounts.online(record.accountId).contacts.remove(record.address);
      return {};
    },
    "contacts.lookAlike"({ accountId, address, name }) {
      const { accounts, contacts, lookAlikes } = parts();
      const parsed = contacts.known(accountId, address) ?? parseAddress(address, accounts.protocol(accountId));
      const warning = lookAlikes(parsed.address, name);
      return warning ? { warning } : {};
    },
    async "requests.answer"({ requestId, answer, groups }) {
      const { accounts, contacts, requests, conversations, history } = parts();
      const request = requests.get(requestId);
      if (!request) throw new HallwayError("not-found");
      const { accountId, protocol, address } = request;
      if (request.kind === "burst") {
        const domain = domainOf(address);
        if (answer === "accept" || (answer === "block" && domain === "*")) throw new HallwayError("not-allowed");
        await (answer === "block" ? requests.blockDomain(accountId, domain) : requests.dismiss(requestId));
        return {};
      }
      const connection = answer === "block" ? accounts.connection(accountId) : accounts.online(accountId);
      if (answer === "accept") {
        if (request.kind === "presence") await connection?.contacts.accept(address);
        // Whoever cannot be answered is read, and is nobody to watch; nor is a service of XMPP.
        if (!isUnanswerable(address) && !(protocol === "xmpp" && isService(address)))
          await connection?.contacts.add(address, request.name, groups ?? []);
        contacts.ensure(accountId, protocol, address);
        // What they wrote while they waited becomes a conversation now.
        const summary = (await history.conversations()).find((one) => one.conversationId === requestId);
        if (summary) conversations.summary(summary);
      } else if (answer === "block") {
        // Here they are blocked whatever the server makes of it.
        await requests.block(accountId, address);
        const { blocklist } = parts();
        const told = [
          ...(request.kind === "presence" ? [connection?.contacts.decline(address)] : []),
          tellBlocks(accountId, connection, blocklist),
        ];
        for (const one of await Promise.allSettled(told))
          if (one.status === "rejected" && toErrorInfo(one.reason).code !== "unsupported") throw one.reason;
      } else if (request.kind === "presence") {
        await connection?.contacts.decline(address).catch((error: unknown) => {
          // That they see us all the same is worth knowing, but there is nothing more to answer.
          if (toErrorInfo(error).code === "unsupported") requests.settle(accountId, address);
          throw error;
        });
      }
      requests.settle(accountId, address);
      return {};
    },
  };
}

/**
 * The name that the list is to have. The stand-in for a name that nobody gave is not one, also where it comes back
 * unchanged.
 */
function givenName(record: ContactRecord, wanted: string | undefined): string | undefined {
  const isUnchanged = wanted === undefined || wanted === record.name;
  return isUnchanged ? (record.unnamed ? undefined : record.name) : visibleName(wanted, maxNameLength);
}

/**
 * Groups that are there already go back as they came; those that are new are as a person makes them. Error:
 * `invalid-argument`.
 */
function checkNew(groups: readonly string[], before: readonly string[]): void {
  const added = groups.filter((group) => !before.includes(group));
  if (added.length > maxNewGroups || !added.every((group) => v.is(GroupSchema, group)))
    throw new HallwayError("invalid-argument");
}
