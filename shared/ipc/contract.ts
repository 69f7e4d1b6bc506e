import * as v from "valibot";
import { LookAlikeSchema } from "../look-alike/look-alike.ts";
import { AccountIdSchema, ProtocolSchema, ServerSettingsSchema } from "../model/account.ts";
import { BlockIdSchema } from "../model/block.ts";
import { ContactIdSchema, ContactRecordSchema, GroupSchema, maxNameLength } from "../model/contact.ts";
import { ConversationIdSchema } from "../model/conversation-id.ts";
import { DeletionSchema, RetentionLimitsSchema } from "../model/deletion.ts";
import { ExportFormatSchema, ExportQuerySchema } from "../model/export.ts";
import { MessageIdSchema, MessageRecordSchema, maxBodyLength, SearchHitSchema } from "../model/message.ts";
import { PolicyPageSchema } from "../model/policy.ts";
import { OwnPresenceSchema } from "../model/presence.ts";
import { RosterPlaceSchema, RosterViewStateSchema } from "../model/roster.ts";
import { SearchFilterSchema } from "../model/search-filter.ts";
import { WindowStateSchema } from "../model/window-state.ts";
import { type SettingKey, SettingKeySchema } from "../settings/declaration.ts";
import { SnapshotSchema } from "./updates.ts";

/**
 * Every request that the renderer may make: method -> arguments, result, and the setting that must allow it. Both sides
 * take their types from here; main validates arguments at run time (main/ipc/dispatch.ts), checks the sender, then the
 * gate, then calls the handler. A rejected request carries an ErrorInfo, never a raw message.
 */
const nothing = v.object({});
/**
 * Longest group that a contact list is read with, in UTF-16 units, and most groups of one person: as much as a contact
 * list may have at all.
 */
const maxListedGroup = 1_048_576;
const maxListedGroups = 50_000;
const password = v.pipe(v.string(), v.minLength(1), v.maxLength(1023));
const address = v.pipe(v.string(), v.maxLength(3071));
const name = v.pipe(v.string(), v.maxLength(maxNameLength));
const groups = v.pipe(v.array(GroupSchema), v.maxLength(50));
/** With those that the server has, which may be longer, and more, than any that are made here. */
const allGroups = v.pipe(v.array(v.pipe(v.string(), v.maxLength(maxListedGroup))), v.maxLength(maxListedGroups));
const groupName = v.pipe(v.string(), v.maxLength(200));
const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200));

/** A page of a conversation, oldest first. `before`/`after`: whether older/newer messages exist beyond it. */
export const PageSchema = v.object({ messages: v.array(MessageRecordSchema), before: v.boolean(), after: v.boolean() });
export type Page = v.InferOutput<typeof PageSchema>;

export const contract = {
  /** The whole state; asked for at start and after a gap in `seq`. */
  "app.snapshot": { args: nothing, result: SnapshotSchema, whileLocked: true },
  /**
   * Conversation that the person is looking at, so that "read" means visible and focused, and notifications know when
   * to be silent.
   */
  "app.attention": {
    args: v.object({ focused: v.boolean(), conversationId: v.optional(ConversationIdSchema) }),
    result: nothing,
  },
  /** How the window was left; nothing at the first start. */
  "app.windowState": { args: nothing, result: v.object({ state: v.optional(WindowStateSchema) }) },
  "app.keepWindowState": { args: v.object({ state: WindowStateSchema }), result: nothing },
  "app.quit": { args: nothing, result: nothing, whileLocked: true },
  /** Somebody uses the window; said now and then while they do. */
  "app.activity": { args: nothing, result: nothing },
  /** IANA name of the time zone that the computer is set to: said at start and when it changes. */
  "app.timeZone": {
    args: v.object({ zone: v.pipe(v.string(), v.maxLength(100)) }),
    result: nothing,
    whileLocked: true,
  },
  /** `confirmed`: the person has seen where it leads; without it a `content-warning` may ask for that (LinkMode). */
  "app.openLink": {
    args: v.object({ url: v.pipe(v.string(), v.url(), v.maxLength(8192)), confirmed: v.optional(v.boolean()) }),
    result: nothing,
  },

  /**
   * The person accepts the organization's notice as it stands in setting ComplianceNotice, in the language in which it
   * was shown. Error: `not-found` when it is another by now.
   */
  "app.acceptNotice": {
    args: v.object({ version: v.pipe(v.string(), v.maxLength(50)), language: v.picklist(["en", "fr"]) }),
    result: nothing,
  },
  /** The person declines it: that is recorded, and nothing signs in until they accept. Errors as above. */
  "app.declineNotice": {
    args: v.object({ version: v.pipe(v.string(), v.maxLength(50)), language: v.picklist(["en", "fr"]) }),
    result: nothing,
  },

  /** Where there is no secret store: make the passphrase (first start; error `passphrase-weak`) or unlock with it. */
  "vault.create": { args: v.object({ passphrase: password }), result: nothing },
  "vault.unlock": { args: v.object({ passphrase: password }), result: nothing },
  /**
   * Everything on disk gets another key, under `passphrase` (absent: the one of now) or, with `secretStore`, in the
   * system's secret store. `current` is the passphrase of now, where there is one. All accounts sign out meanwhile; the
   * app record's `vault` says how far it is. What fails is undone. Errors: `vault-wrong-passphrase`, `passphrase-weak`,
   * `vault-unavailable`, `storage-full`, `storage-failed`, `not-allowed`.
   */
  "vault.change": {
    args: v.object({
      current: v.optional(password),
      passphrase: v.optional(password),
      secretStore: v.optional(v.boolean()),
    }),
    result: nothing,
  },
  /** Looks again, after state `failed` (the person has unlocked the secret store). */
  "vault.retry": { args: nothing, result: nothing },

  /**
   * Covers the window until the person shows who they are. Error: `not-allowed` (there is nothing to unlock it with
   * yet).
   */
  "lock.now": { args: nothing, result: nothing, whileLocked: true },
  /**
   * `secret` is what the app record's `lockedBy` says; `address` goes with `sign-in`. Errors: `unlock-refused`,
   * `unlock-later` (param `count`: seconds until a try counts again), and for `sign-in` whatever keeps the server from
   * being asked.
   */
  "lock.unlock": {
    args: v.object({ secret: password, address: v.optional(address) }),
    result: nothing,
    whileLocked: true,
  },

  /**
   * Finds the server, signs in, and only then keeps the account: until it works nothing is stored and what was typed
   * stays in the form. `protocol` absent: `sip:`/`xmpp:` in the address decides, else both are looked for, XMPP first.
   */
  "accounts.add": {
    args: v.object({ address, password, protocol: v.optional(ProtocolSchema), server: ServerSettingsSchema }),
    result: v.object({ accountId: AccountIdSchema }),
    requires: "AccountManagementEnabled",
  },
  "accounts.cancelAdd": { args: nothing, result: nothing },
  "accounts.update": {
    args: v.object({
      accountId: AccountIdSchema,
      label: v.optional(name),
      server: v.optional(ServerSettingsSchema),
      enabled: v.optional(v.boolean()),
    }),
    result: nothing,
    requires: "AccountManagementEnabled",
  },
  "accounts.setPassword": { args: v.object({ accountId: AccountIdSchema, password }), result: nothing },
  "accounts.remove": {
    args: v.object({ accountId: AccountIdSchema }),
    result: nothing,
    requires: "AccountManagementEnabled",
  },
  /** Try again now instead of waiting for the next try. */
  "accounts.retry": { args: v.object({ accountId: v.optional(AccountIdSchema) }), result: nothing },
  /** After error `weaker-sign-in`: signs in with as little as `method`, its parameter `now`, all the same. */
  "accounts.allowWeakerSignIn": {
    args: v.object({ accountId: AccountIdSchema, method: v.pipe(v.string(), v.maxLength(40)) }),
    result: nothing,
  },

  /** For all accounts, or for one when `accountId` is there; `presence` null there: follow the one for all again. */
  "presence.set": {
    args: v.object({ accountId: v.optional(AccountIdSchema), presence: v.nullable(OwnPresenceSchema) }),
    result: nothing,
  },

  /**
   * Part of the contact list that the window shows: from now on tables `groups`, `roster` and `contacts` carry that. Answered
   * after the updates that follow from it.
   */
  "roster.show": { args: RosterViewStateSchema, result: nothing },
  /**
   * People in the order of names whose name or address a text finds. `asked`: only those who were asked to share their
   * presence and have not answered.
   */
  "roster.find": {
    args: v.object({ text: v.pipe(v.string(), v.maxLength(3_071)), limit, asked: v.optional(v.boolean()) }),
    result: v.object({ people: v.array(ContactRecordSchema) }),
  },
  /**
   * The next row of the list, from a row on and going round, whose name begins with a text. A row without `at` is that
   * of a group; `names` are those that the window has for the special groups. Nothing where there is none.
   */
  "roster.typeahead": {
    args: v.object({
      text: v.pipe(v.string(), v.maxLength(200)),
      from: v.object({ group: v.pipe(v.string(), v.maxLength(1_048_600)), at: v.optional(v.number()) }),
      names: v.object({ pinned: groupName, ungrouped: groupName, unlisted: groupName }),
    }),
    result: v.object({ row: v.optional(v.object({ ...RosterPlaceSchema.entries, at: v.optional(v.number()) })) }),
  },
  /** The next (1) or previous (-1) conversation with unread messages, in the order of the list, going round. */
  "roster.unread": {
    args: v.object({ from: v.optional(ConversationIdSchema), step: v.picklist([1, -1]) }),
    result: v.object({ conversationId: v.optional(ConversationIdSchema) }),
  },

  "contacts.add": {
    args: v.object({ accountId: AccountIdSchema, address, name: v.optional(name), groups }),
    result: v.object({ contactId: ContactIdSchema }),
  },
  "contacts.update": {
    args: v.object({
      contactId: ContactIdSchema,
      name: v.optional(name),
      groups: v.optional(allGroups),
      pinned: v.optional(v.boolean()),
    }),
    result: nothing,
  },
  /**
   * Asks once more to see the presence of somebody who has not answered, for the request may have been lost. Errors:
   * `offline`, `not-found` (not on the list).
   */
  "contacts.ask": { args: v.object({ contactId: ContactIdSchema }), result: nothing },
  "contacts.remove": { args: v.object({ contactId: ContactIdSchema }), result: nothing },
  /** Whom somebody may be taken for (setting LookAlikeWarningsEnabled); `name`: what they call themselves. */
  "contacts.lookAlike": {
    args: v.object({ accountId: AccountIdSchema, address, name: v.optional(name) }),
    result: v.object({ warning: v.optional(LookAlikeSchema) }),
  },
  /**
   * Nothing is heard of them any more, and nothing said to them; they learn nothing of it. Holds at once, also off
   * line. Error: `invalid-address` (oneself).
   */
  "contacts.block": { args: v.object({ contactId: ContactIdSchema }), result: nothing },
  /** Takes an entry off the block list. Error: `not-found`. */
  "contacts.unblock": { args: v.object({ blockId: BlockIdSchema }), result: nothing },
  /**
   * `accept`: they see our presence and are added to the list; `decline`: they learn no; `block`: they learn nothing,
   * ever.
   */
  "requests.answer": {
    args: v.object({
      requestId: ContactIdSchema,
      answer: v.picklist(["accept", "decline", "block"]),
      groups: v.optional(groups),
    }),
    result: nothing,
  },

  /** A conversation with any address, on the list or not; nothing is sent yet. */
  "conversations.start": {
    args: v.object({ accountId: AccountIdSchema, address }),
    result: v.object({ conversationId: ConversationIdSchema }),
  },
  /**
   * Opens a conversation: its messages stream as updates of table `messages` until it is closed. The page is around the
   * first unread, else the newest.
   */
  "conversations.open": {
    args: v.object({ conversationId: ConversationIdSchema, around: v.optional(MessageIdSchema), limit }),
    result: PageSchema,
  },
  /**
   * Older or newer ones than a message, half of each `around` one (the newest, where it is not there), or with `oldest`
   * the first ones of all.
   */
  "conversations.page": {
    args: v.object({
      conversationId: ConversationIdSchema,
      limit,
      before: v.optional(MessageIdSchema),
      after: v.optional(MessageIdSchema),
      around: v.optional(MessageIdSchema),
      oldest: v.optional(v.boolean()),
    }),
    result: PageSchema,
  },
  "conversations.close": { args: v.object({ conversationId: ConversationIdSchema }), result: nothing },
  /** All up to and with this message has been seen. */
  "conversations.markRead": {
    args: v.object({ conversationId: ConversationIdSchema, messageId: MessageIdSchema }),
    result: nothing,
  },
  "conversations.draft": {
    args: v.object({ conversationId: ConversationIdSchema, text: v.pipe(v.string(), v.maxLength(maxBodyLength)) }),
    result: nothing,
  },
  /** `active` false: paused or gone. Main sends what the network and its throttle allow. */
  "conversations.typing": {
    args: v.object({ conversationId: ConversationIdSchema, active: v.boolean() }),
    result: nothing,
  },

  /**
   * Accepts it at once (state `waiting`), also while offline; `messageId` is made by the caller so that a repeated call
   * sends once. Rules of the organization may refuse it (`content-blocked`) or ask first (`content-warning`, whose
   * param `token` is handed back as `confirm` with the same text); the body of the answer is what is sent, which rules
   * may have taken parts out of.
   */
  "messages.send": {
    args: v.object({
      conversationId: ConversationIdSchema,
      messageId: v.pipe(v.string(), v.uuid()),
      body: v.pipe(v.string(), v.minLength(1), v.maxLength(maxBodyLength)),
      confirm: v.optional(v.pipe(v.string(), v.maxLength(100))),
    }),
    result: MessageRecordSchema,
  },
  /**
   * Puts another text in the place of an own message, at once here and when it is on line there; `correctionId` is made
   * by the caller so that a repeated call corrects once. Rules apply as to `messages.send`. Errors: `not-found` (none
   * that may still be changed, see shared/model/message-change.ts), `unsupported`.
   */
  "messages.correct": {
    args: v.object({
      conversationId: ConversationIdSchema,
      messageId: MessageIdSchema,
      correctionId: v.pipe(v.string(), v.uuid()),
      body: v.pipe(v.string(), v.minLength(1), v.maxLength(maxBodyLength)),
      confirm: v.optional(v.pipe(v.string(), v.maxLength(100))),
    }),
    result: MessageRecordSchema,
  },
  /** Asks everybody to take an own message away, and does so here. Errors as above. */
  "messages.retract": {
    args: v.object({ conversationId: ConversationIdSchema, messageId: MessageIdSchema }),
    result: MessageRecordSchema,
  },
  /** A message that was not sent, or a change of one, is sent again. */
  "messages.retry": { args: v.object({ messageId: MessageIdSchema }), result: nothing },

  /**
   * Full text over all history: words and, for the last word, prefixes; case and accents do not matter. Without a text:
   * all that the filter lets through. Newest first; where `more`, go on with `beforeSeq` as `below` says (there may be
   * fewer hits than asked for).
   */
  "history.search": {
    args: v.object({
      text: v.pipe(v.string(), v.maxLength(500)),
      filter: v.optional(SearchFilterSchema),
      limit,
      beforeSeq: v.optional(v.number()),
    }),
    result: v.object({ hits: v.array(SearchHitSchema), more: v.boolean(), below: v.optional(v.number()) }),
  },

  /**
   * Exports what is meant. Where to is asked outside the window, which names no path; `started` false: the person did
   * not say. How it goes on is `export` of the app record. Errors: `export-running`, and those of the audit log,
   * without which none begins.
   */
  "history.export": {
    args: v.object({ format: ExportFormatSchema, query: ExportQuerySchema }),
    result: v.object({ started: v.boolean() }),
    requires: "HistoryExportEnabled",
  },
  /** Nothing of it is left then. */
  "history.cancelExport": { args: nothing, result: nothing },
  /** Shows the folder of the last export, where the desktop can. Error: `not-found`. */
  "history.showExport": { args: nothing, result: nothing },

  /**
   * Deletes from this computer: some messages, a conversation, all of it. What a rule of the organization keeps is
   * taken out of the person's sight and stays in the record; the answer says how many, and why.
   */
  "history.delete": {
    args: v.object({
      conversationId: ConversationIdSchema,
      messageIds: v.optional(v.pipe(v.array(MessageIdSchema), v.minLength(1), v.maxLength(500))),
    }),
    result: DeletionSchema,
    requires: "HistoryDeleteEnabled",
  },
  "history.deleteAll": { args: nothing, result: DeletionSchema, requires: "HistoryDeleteEnabled" },
  /** Rules that would keep some of that, to be said before it is deleted. */
  "history.retention": {
    args: v.object({ conversationId: v.optional(ConversationIdSchema) }),
    result: RetentionLimitsSchema,
  },

  /** The person's own choice for a setting; `null` takes it back. */
  "settings.set": {
    args: v.object({ key: SettingKeySchema, value: v.nullable(v.unknown()) }),
    result: nothing,
    requires: "PreferencesEnabled",
  },

  /**
   * Policy in force and why, for the policy page: asked again when table `settings` or the app record's `policy`
   * changes.
   */
  "policy.page": { args: nothing, result: PolicyPageSchema },
} as const satisfies Record<string, RequestDeclaration>;

/** Declaration of one request. */
export interface RequestDeclaration {
  readonly args: v.GenericSchema;
  readonly result: v.GenericSchema;
  /** The request is refused with `blocked-by-policy` unless this setting's effective value is true. */
  readonly requires?: SettingKey;
  /** It is answered while Hallway is locked, too; every other request is refused with `app-locked`. */
  readonly whileLocked?: true;
}

export type Method = keyof typeof contract;
export type Args<M extends Method> = v.InferOutput<(typeof contract)[M]["args"]>;
export type Result<M extends Method> = v.InferOutput<(typeof contract)[M]["result"]>;
