import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import type { Args } from "../../shared/ipc/contract.ts";
import { isUnanswerable } from "../../shared/model/address.ts";
import {
  type ContactId,
  type ContactRecord,
  contactId,
  GroupSchema,
  maxNameLength,
} from "../../shared/model/contact.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import { parseAddress } from "../addressing/parse-address.ts";
import type { LookAlikes } from "../guard/look-alikes.ts";
import type { Connections } from "../networks/connections.ts";
import type { Contacts } from "../store/contacts.ts";
import type { Tables } from "../store/tables.ts";

/** Groups that somebody is put into at once. */
const maxNewGroups = 50;

type NewContact = Omit<Args<"contacts.add">, "groups"> & { readonly groups: readonly string[] };

/**
 * Changes of the contact list that the person makes. All that changes the server's list needs the account online
 * (`offline`).
 */
export interface ContactList {
  /** Errors: `invalid-address`, `already-exists`, `unanswerable`. */
  add(contact: NewContact): Promise<ContactId>;
  update(change: Args<"contacts.update">): Promise<void>;
  /** Asks again to see their presence. */
  ask(id: ContactId): Promise<void>;
  remove(id: ContactId): Promise<void>;
  /** Somebody known whom this address or name can be taken for. */
  lookAlike(contact: Args<"contacts.lookAlike">): ReturnType<LookAlikes>;
}

export function createContactList(parts: {
  readonly tables: Tables;
  readonly contacts: Contacts;
  readonly connections: Pick<Connections, "online" | "protocol">;
  readonly lookAlikes: LookAlikes;
}): ContactList {
  const { tables, contacts, connections, lookAlikes } = parts;

  function require(id: ContactId): ContactRecord {
    const record = tables.get("contacts", id);
    if (!record) throw new HallwayError("not-found");
    return record;
  }

  return {
    async add({ accountId, address, name, groups }) {
      const protocol = connections.protocol(accountId);
      const parsed = contacts.known(accountId, address) ?? parseAddress(address, protocol);
      if (parsed.protocol && parsed.protocol !== protocol) throw new HallwayError("invalid-address");
      const id = contactId(accountId, parsed.address);
      if (tables.get("contacts", id)?.listed) throw new HallwayError("already-exists", { address: parsed.address });
      if (tables.get("accounts", accountId)?.address === parsed.address) throw new HallwayError("invalid-address");
      if (isUnanswerable(parsed.address)) throw new HallwayError("unanswerable");
      await connections.online(accountId).contacts.add(parsed.address, visibleName(name, maxNameLength), groups);
      return id;
    },
    async update({ contactId: id, name, groups, pinned }) {
      const record = require(id);
      if (groups) checkNew(groups, record.groups);
      if (pinned !== undefined) contacts.pin(id, pinned);
      if (name !== undefined || groups !== undefined)
        await connections
          .online(record.accountId)
          .contacts.update(record.address, givenName(record, name), groups ?? record.groups);
    },
    async ask(id) {
      const record = require(id);
      if (!record.listed) throw new HallwayError("not-found");
      await connections.online(record.accountId).contacts.ask(record.address);
    },
    async remove(id) {
      const record = require(id);
      await connections.online(record.accountId).contacts.remove(record.address);
    },
    lookAlike({ accountId, address, name }) {
      const parsed = contacts.known(accountId, address) ?? parseAddress(address, connections.protocol(accountId));
      return lookAlikes(parsed.address, name);
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
