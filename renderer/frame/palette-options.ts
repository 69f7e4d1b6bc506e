import type { AccountId } from "../../shared/model/account.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { SearchHit } from "../../shared/model/message.ts";
import { fold, matches } from "../../shared/search/names.ts";
import { accountsFor } from "../roster/usable-accounts.ts";
import type { AppParts } from "../state/app-context.ts";
import { type PaletteAction, paletteActions } from "./palette-actions.ts";

/** Option of the palette. */
export type PaletteOption =
  | { readonly kind: "person"; readonly contact: ContactRecord }
  | { readonly kind: "chat"; readonly id: ConversationId }
  | { readonly kind: "action"; readonly action: PaletteAction }
  | { readonly kind: "message"; readonly hit: SearchHit };

/** Options under one heading. */
export interface PaletteGroup {
  readonly kind: "chats" | "people" | "actions" | "messages";
  readonly options: readonly PaletteOption[];
}

const maxChats = 6;
export const maxPeople = 8;
const maxAccounts = 4;
/** Actions before anything is typed. */
const firstActions = 6;

/** Results of main for the palette. */
export interface PaletteFinds {
  readonly people: readonly ContactRecord[];
  /** People who have not answered a request. */
  readonly asked: readonly ContactRecord[];
  readonly hits: readonly SearchHit[];
}

/**
 * Options of the palette for what is typed. Before anything is: chats with unread messages and the latest ones, then
 * some actions. Messages come last, as they come later than the rest, which does not move then.
 */
export function paletteGroups(
  app: AppParts,
  text: string,
  { people, asked, hits }: PaletteFinds,
): readonly PaletteGroup[] {
  const query = fold(text);
  const all = paletteActions(app, asked).map((action): PaletteOption => ({ kind: "action", action }));
  const isKnown = people.some(({ address }) => address === text.trim().toLowerCase());
  const groups: readonly PaletteGroup[] = [
    {
      kind: "chats",
      options: (query === "" ? firstChats(app) : otherChats(app, query)).map((id) => ({ kind: "chat", id })),
    },
    { kind: "people", options: people.map((contact) => ({ kind: "person", contact })) },
    {
      kind: "actions",
      options:
        query === ""
          ? all.slice(0, firstActions)
          : [...(isKnown ? [] : startChats(app, text)), ...all.filter((option) => isNamed(option, query))],
    },
    { kind: "messages", options: hits.map((hit) => ({ kind: "message", hit })) },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

function isNamed(option: PaletteOption, query: string): boolean {
  return option.kind === "action" && fold(option.action.label).includes(query);
}

/** Those with unread messages before the others, each the newest first; not the one that is open. */
function firstChats({ roster, replica, ui }: AppParts): readonly ConversationId[] {
  const open = ui.conversationId.peek();
  const ids = roster.recent.peek().filter((id) => id !== open);
  const isUnread = (id: ConversationId): boolean => (replica.conversations.peek(id)?.unread ?? 0) > 0;
  return [...ids.filter(isUnread), ...ids.filter((id) => !isUnread(id))].slice(0, maxChats);
}

/** Chats with people who are not on the list: the list finds the others. */
function otherChats({ roster, replica, actions }: AppParts, query: string): readonly ConversationId[] {
  return roster.recent
    .peek()
    .filter(
      (id) =>
        contactOf(id, (contact) => replica.contacts.peek(contact)) === undefined &&
        matches(query, fold(actions.nameOf(id)), fold(replica.conversations.peek(id)?.address ?? "")),
    )
    .slice(0, maxChats);
}

/** Chats with an address that was typed, from each account that can reach it. */
function startChats({ client, replica, ui, actions, words }: AppParts, text: string): readonly PaletteOption[] {
  const { t } = words.value;
  const address = text.trim();
  const start = (accountId: AccountId): void => {
    client.request("conversations.start", { accountId, address }).then(
      ({ conversationId }) => actions.openConversation(conversationId),
      // The dialog tries again and says what is wrong.
      () => (ui.dialog.value = { kind: "new-chat", address, accountId }),
    );
  };
  const accounts = accountsFor(text, replica.accounts.all(), replica.networks.all()).slice(0, maxAccounts);
  return accounts.map((account) => {
    const own = account.label ?? account.address;
    const label = accounts.length > 1 ? t("palette.chatFrom", { address, own }) : t("palette.chat", { address });
    return { kind: "action", action: { label, icon: "chats", run: () => start(account.id) } };
  });
}
