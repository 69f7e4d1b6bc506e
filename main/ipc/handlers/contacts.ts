import type { ContactList } from "../../accounts/contact-list.ts";
import type { Strangers } from "../../accounts/strangers.ts";
import type { Handlers } from "../dispatch.ts";

type ContactHandlers = Pick<
  Handlers,
  | "contacts.add"
  | "contacts.update"
  | "contacts.ask"
  | "contacts.remove"
  | "contacts.lookAlike"
  | "contacts.block"
  | "contacts.unblock"
  | "requests.answer"
>;

export interface ContactServices {
  readonly contactList: ContactList;
  readonly strangers: Strangers;
}

/** Requests about the contact list, strangers and blocks. */
export function contactHandlers(services: () => ContactServices): ContactHandlers {
  return {
    async "contacts.add"(contact) {
      return { contactId: await services().contactList.add(contact) };
    },
    async "contacts.update"(change) {
      await services().contactList.update(change);
      return {};
    },
    async "contacts.ask"({ contactId }) {
      await services().contactList.ask(contactId);
      return {};
    },
    async "contacts.remove"({ contactId }) {
      await services().contactList.remove(contactId);
      return {};
    },
    "contacts.lookAlike"(contact) {
      const warning = services().contactList.lookAlike(contact);
      return warning ? { warning } : {};
    },
    async "contacts.block"({ contactId }) {
      await services().strangers.block(contactId);
      return {};
    },
    async "contacts.unblock"({ blockId }) {
      await services().strangers.unblock(blockId);
      return {};
    },
    async "requests.answer"(answer) {
      await services().strangers.answer(answer);
      return {};
    },
  };
}
