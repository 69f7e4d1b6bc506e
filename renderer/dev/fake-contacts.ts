import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import { lookAlike } from "../../shared/look-alike/look-alike.ts";
import type { BlockRecord } from "../../shared/model/block.ts";
import { type ContactRecord, contactId, parseContactId } from "../../shared/model/contact.ts";
import { RosterViewStateSchema } from "../../shared/model/roster.ts";
import type { HandlersOf } from "./fake-handlers.ts";

/** Contact list, blocks and requests of the stand-in for main. */
export const contactHandlers: HandlersOf = (store) => ({
  "roster.show": async (shown) => {
    // Main refuses what is none.
    await store.roster.show(v.parse(RosterViewStateSchema, shown));
    return {};
  },
  "roster.find": async ({ text, limit, asked }) => ({
    people: await store.roster.find(text, limit, asked === true),
  }),
  "roster.typeahead": async ({ text, from, names }) => {
    const row = await store.roster.typeahead(text, from, names);
    return row === undefined ? {} : { row };
  },
  "roster.unread": ({ from, step }) => {
    const conversationId = store.roster.unread(from, step);
    return conversationId === undefined ? {} : { conversationId };
  },
  "contacts.add": ({ accountId, address, name, groups }) => {
    const protocol = store.accounts.get(accountId)?.protocol ?? "xmpp";
    const id = contactId(accountId, address);
    const record: ContactRecord = {
      id,
      accountId,
      protocol,
      address,
      name: name ?? address,
      groups,
      subscription: "none",
      asked: true,
      presence: { availability: "unknown" },
      pinned: false,
      listed: true,
    };
    store.contacts.set(id, record);
    store.publish([{ op: "put", table: "contacts", id, record }]);
    return { contactId: id };
  },
  "contacts.update": ({ contactId: id, ...change }) => {
    const before = store.contacts.get(id);
    if (before === undefined) throw new HallwayError("not-found");
    const record = { ...before, ...change } as ContactRecord;
    store.contacts.set(id, record);
    store.publish([{ op: "put", table: "contacts", id, record }]);
    return {};
  },
  "contacts.ask": ({ contactId: id }) => {
    const before = store.contacts.get(id);
    if (before === undefined) throw new HallwayError("not-found");
    const record = { ...before, asked: true };
    store.contacts.set(id, record);
    store.publish([{ op: "put", table: "contacts", id, record }]);
    return {};
  },
  "contacts.remove": ({ contactId: id }) => {
    store.contacts.delete(id);
    store.publish([{ op: "remove", table: "contacts", id }]);
    return {};
  },
  "contacts.lookAlike": ({ address, name }) => {
    const warning = lookAlike(
      { address, name },
      { contacts: [...store.contacts.values()].filter(({ listed }) => listed), domains: ["corp.example"] },
    );
    return warning === undefined ? {} : { warning };
  },
  "contacts.block": ({ contactId: id }) => {
    const record: BlockRecord = { id, ...parseContactId(id), scope: "person", at: Date.now() };
    store.blocked.set(id, record);
    store.publish([{ op: "put", table: "blocked", id, record }]);
    return {};
  },
  "contacts.unblock": ({ blockId }) => {
    if (!store.blocked.delete(blockId)) throw new HallwayError("not-found");
    store.publish([{ op: "remove", table: "blocked", id: blockId }]);
    return {};
  },
  "requests.answer": ({ requestId }) => {
    store.requests.delete(requestId);
    store.publish([{ op: "remove", table: "requests", id: requestId }]);
    return {};
  },
});
