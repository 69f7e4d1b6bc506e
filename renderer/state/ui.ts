import { type Signal, signal } from "@preact/signals";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { ContactId } from "../../shared/model/contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { ExportQuery } from "../../shared/model/export.ts";
import type { MessageId } from "../../shared/model/message.ts";
import type { SectionId } from "../settings/sections.ts";

export const views = ["people", "chats", "requests", "history", "settings"] as const;
export type View = (typeof views)[number];

/** Whether the main pane shows the open conversation in this view; otherwise the view has it for itself. */
export function showsConversation(view: View): boolean {
  return view !== "settings" && view !== "requests";
}

/** The dialog that is open, with what it is about. */
export type DialogState =
  | { readonly kind: "palette" }
  | { readonly kind: "add-contact"; readonly address?: string; readonly accountId?: AccountId }
  | {
      readonly kind: "new-chat";
      readonly address?: string;
      readonly accountId?: AccountId;
      /** Link of the desktop that asked for it, with what it fills in. */
      readonly fromLink?: { readonly address?: string; readonly text?: string; readonly error?: ErrorInfo };
    }
  | { readonly kind: "rename"; readonly contactId: ContactId }
  | { readonly kind: "groups"; readonly contactId: ContactId }
  /** Asking somebody once more for their presence has failed. */
  | { readonly kind: "ask-again"; readonly contactId: ContactId; readonly error: ErrorInfo }
  | { readonly kind: "remove-contact"; readonly contactId: ContactId }
  /** Without a message the whole conversation, without a conversation all history. */
  | { readonly kind: "delete-history"; readonly conversationId?: ConversationId; readonly messageId?: MessageId }
  /** Dialog of an export; beside everything, a conversation or the results of a search may be chosen. */
  | { readonly kind: "export"; readonly conversationId?: ConversationId; readonly results?: ExportQuery }
  /** The details of a chat, where there is no room beside it. */
  | { readonly kind: "details"; readonly conversationId: ConversationId }
  /** `request`: they wait for an answer; of a burst it is the whole domain. */
  | { readonly kind: "block"; readonly contactId: ContactId; readonly request?: boolean }
  | { readonly kind: "presence" }
  | { readonly kind: "key"; readonly change: "key" | "passphrase" | "to-store" }
  | { readonly kind: "delete-message"; readonly conversationId: ConversationId; readonly messageId: MessageId }
  | { readonly kind: "open-link"; readonly url: string }
  | { readonly kind: "add-account" }
  | { readonly kind: "edit-account"; readonly accountId: AccountId }
  | { readonly kind: "password"; readonly accountId: AccountId }
  | { readonly kind: "remove-account"; readonly accountId: AccountId };

/** A menu that is open: its place in CSS pixels from the window's top left, and what it is about. */
export interface MenuState {
  readonly contactId: ContactId;
  readonly x: number;
  readonly y: number;
}

/** State of this window. Held here only; main hears of selection and drafts through requests. */
export interface Ui {
  readonly view: Signal<View>;
  /** Page of the settings view. */
  readonly settingsPage: Signal<"settings" | "policy">;
  /** The section of the settings that is read. */
  readonly settingsSection: Signal<SectionId | undefined>;
  readonly conversationId: Signal<ConversationId | undefined>;
  /** A message to show and mark in the open conversation; a new object each time. */
  readonly jump: Signal<{ readonly messageId: MessageId } | undefined>;
  /** Text that was searched for and is marked in the message that was opened at it, until the person moves on. */
  readonly searched: Signal<{ readonly messageId: MessageId; readonly text: string } | undefined>;
  /** In a window too narrow for both: which pane shows. */
  readonly pane: Signal<"list" | "main">;
  readonly details: Signal<boolean>;
  readonly dialog: Signal<DialogState | undefined>;
  readonly menu: Signal<MenuState | undefined>;
  /** Text in the list's search box. */
  readonly filter: Signal<string>;
  /** Groups that are folded, by their key in the tree. */
  readonly collapsed: Signal<ReadonlySet<string>>;
  /** History search only in this conversation. */
  readonly searchIn: Signal<ConversationId | undefined>;
  /** Said by a screen reader when it changes. */
  readonly announcement: Signal<string>;
  /** Text that goes into the message field of a conversation, if that is empty. */
  readonly fillIn: Signal<{ readonly conversationId: ConversationId; readonly text: string } | undefined>;
  /** Grows when the composer should take the focus. */
  readonly focusComposer: Signal<number>;
  /** Grows when the search box of the history should take the focus. */
  readonly focusSearch: Signal<number>;
  /** The details should take the focus. */
  readonly focusDetails: Signal<boolean>;
  /** Grows when what had the focus is gone, and it should go where somebody goes on. */
  readonly focusHome: Signal<number>;
}

export function createUi(): Ui {
  return {
    view: signal<View>("people"),
    settingsPage: signal<"settings" | "policy">("settings"),
    settingsSection: signal<SectionId | undefined>(undefined),
    conversationId: signal<ConversationId | undefined>(undefined),
    jump: signal<{ readonly messageId: MessageId } | undefined>(undefined),
    searched: signal<{ readonly messageId: MessageId; readonly text: string } | undefined>(undefined),
    pane: signal<"list" | "main">("list"),
    details: signal(true),
    dialog: signal<DialogState | undefined>(undefined),
    menu: signal<MenuState | undefined>(undefined),
    filter: signal(""),
    collapsed: signal<ReadonlySet<string>>(new Set()),
    searchIn: signal<ConversationId | undefined>(undefined),
    announcement: signal(""),
    fillIn: signal<{ readonly conversationId: ConversationId; readonly text: string } | undefined>(undefined),
    focusComposer: signal(0),
    focusSearch: signal(0),
    focusDetails: signal(false),
    focusHome: signal(0),
  };
}
