import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Protocol } from "../../shared/model/account.ts";
import { type Address, domainOf, isUnanswerable } from "../../shared/model/address.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import type { AccountPasswords } from "../accounts/account-passwords.ts";
import { type Accounts, createAccounts } from "../accounts/accounts.ts";
import { AddAccount } from "../accounts/add-account.ts";
import { createContactList } from "../accounts/contact-list.ts";
import { createStrangers } from "../accounts/strangers.ts";
import type { Federation } from "../enforcement/federation.ts";
import type { FirstMessages } from "../enforcement/first-messages.ts";
import type { AccountRules } from "../enforcement/rules.ts";
import { StrangerBursts } from "../enforcement/stranger-bursts.ts";
import { createLookAlikes, type LookAlikes } from "../guard/look-alikes.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { History } from "../history/history.ts";
import { createScope, type ScopedPlace, type ScopeRules } from "../history/scope.ts";
import type { Services } from "../ipc/handlers/handlers.ts";
import { createHeard, type Heard } from "../messaging/heard.ts";
import { createMessaging, type Messaging } from "../messaging/messaging.ts";
import { createOwnChanges, type OwnChanges } from "../messaging/own-changes.ts";
import type { Notifications } from "../messaging/receive/notify.ts";
import type { StageHook } from "../messaging/stage.ts";
import { Connections } from "../networks/connections.ts";
import type { Log } from "../networks/log.ts";
import type { Network } from "../networks/network.ts";
import type { Profile } from "../profile/profile.ts";
import type { AuditLog } from "../record/audit/audit-log.ts";
import type { Exports } from "../record/export/exports.ts";
import type { Feeds } from "../record/feed/open-feeds.ts";
import type { Retention } from "../record/retention/retention.ts";
import type { Provisioning } from "../settings/provisioning.ts";
import { createAccountRecords } from "../store/account-records.ts";
import type { Blocklist } from "../store/blocklist.ts";
import { type Contacts, createContacts } from "../store/contacts.ts";
import { createConversationViews } from "../store/conversation-views.ts";
import { type Conversations, createConversations } from "../store/conversations.ts";
import { createIngest } from "../store/ingest.ts";
import { createRequests, type Requests, type StrangerChoices } from "../store/requests.ts";
import type { TablesWriter } from "../store/tables.ts";
import { WindowPlaces } from "../store/window-places.ts";
import { HistoryModes } from "./history-modes.ts";

/** The person's choices that the workspace reads whenever it acts. */
export interface WorkspaceChoices {
  readonly sendReceipts: () => boolean;
  readonly sendTyping: () => boolean;
  readonly strangers: Omit<StrangerChoices, "burst" | "keeps">;
  /** Strangers who come in bursts are folded into one line, and learn nothing. */
  readonly harvestDefense: () => boolean;
  /** Warn of people who look like others? */
  readonly lookAlikes: () => boolean;
  /** The organization's domains, beside those of the accounts. */
  readonly domains: () => readonly string[];
}

/** All that exists only while the vault is open: the databases and everything that stands on them. */
export interface Workspace {
  /** Services that answer the requests of the window. */
  readonly services: Services;
  readonly accounts: Accounts;
  readonly exports: Exports;
  readonly retention: Retention;
  /** Puts accounts, lists, drafts and conversations from disk on the screen, then signs in. */
  start(): Promise<void>;
  setHistoryMode(mode: HistoryMode): Promise<void>;
  /** Applies a change of what may be shown of strangers. */
  showStrangers(): void;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly history: History;
  readonly audit: AuditLog;
  readonly exports: Exports;
  readonly retention: Retention;
  readonly feeds: Feeds;
  readonly passwords: AccountPasswords;
  /** Whom the person has blocked; the networks hold to it, too. */
  readonly blocklist: Blocklist;
  readonly networks: ReadonlyMap<Protocol, Network>;
  readonly choices: WorkspaceChoices;
  readonly guard: ContentGuard;
  /** Rules of policy; `accounts.applyPolicy` and `accounts.provision` follow a change. */
  readonly rules: AccountRules;
  /** Rules about whom one may talk with; the networks follow them, too. */
  readonly talk: Federation;
  /** Why nothing may be said to anybody now; the networks hold to it, too. */
  readonly silenced: () => ErrorInfo | undefined;
  readonly firstMessages: Pick<FirstMessages, "admit">;
  /** The accounts that policy sets up. */
  readonly provisioned: () => Promise<Provisioning>;
  /** The person is told on the desktop. */
  readonly notifications: Notifications;
  /** Which conversations may be written to disk (HistoryScope), as of now. */
  readonly scope: () => ScopeRules;
  /** Text that programs without support for retractions show in place of one. */
  readonly retractionText: () => string;
  readonly seenAs: (presence: OwnPresence, protocol: Protocol) => OwnPresence;
  readonly hook?: StageHook | undefined;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
  readonly now: () => number;
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { history, feeds, profile, retention } = options;
  const live = createLiveState(options);
  const { ownChanges, heard, conversations, requests } = live;
  const messaging = createMessagingOf(options, live);
  retention.removed.add((removed) => conversations.removed(removed));
  retention.withdrawn.add(({ accountId, id }) => messaging.sending.settled(accountId, id, false));
  const accounts = createAccountsOf(options, { ...live, messaging });
  feeds.archive.onChange(() => conversations.governed());
  const restorer = new HistoryModes({ ...options, conversations, requests, messaging });
  return {
    services: createServices(options, { ...live, messaging, accounts }),
    accounts,
    exports: options.exports,
    retention,
    async start() {
      await ownChanges.restore();
      await options.blocklist.restore();
      await accounts.restore();
      await accounts.provision(await options.provisioned());
      await requests.restore();
      await restorer.restore();
      await retention.start();
      accounts.start();
    },
    showStrangers: () => requests.applyPolicy(),
    setHistoryMode: (mode) => restorer.set(mode),
    async close() {
      await accounts.stop();
      await messaging.receiving.idle();
      await heard.flush();
      await options.exports.close();
      await retention.close();
      await feeds.close();
      await history.close();
      await options.audit.close();
      await profile.close();
    },
  };
}

/** State of accounts, contacts and conversations while the vault is open. */
interface LiveState {
  readonly connections: Connections;
  readonly contacts: Contacts;
  readonly requests: Requests;
  /** False while what comes gets to memory only, not to the files of the history and the record. */
  readonly keepsAll: () => boolean;
  readonly heard: Heard;
  readonly ownChanges: OwnChanges;
  readonly conversations: Conversations;
}

function createLiveState(options: WorkspaceOptions): LiveState {
  const { tables, profile, history, blocklist, choices, log, now } = options;
  const { archive } = options.feeds;
  const kept = (place: ScopedPlace): boolean => createScope(options.scope())(place);
  const keeps = (place: ScopedPlace): boolean => history.mode === "encrypted" && kept(place);
  const keepsAll = (): boolean => history.keeps && archive.keeps;
  const onFailed = (error: unknown): void => options.onTrouble(toErrorInfo(error));
  const connections = new Connections();
  const bursts = new StrangerBursts(now);
  const requests = createRequests({
    tables,
    profile,
    blocklist,
    choices: {
      ...choices.strangers,
      keeps: (id) => keeps(parseContactId(id)),
      burst: (accountId, address) =>
        choices.harvestDefense() ? bursts.admit(accountId, address, connections.address(accountId)) : undefined,
    },
    onFailed,
    now,
  });
  const ownChanges = createOwnChanges({ profile, keeps, log });
  return {
    connections,
    contacts: createContacts({ tables, profile, onFailed }),
    requests,
    keepsAll,
    heard: createHeard({ profile, keeps: keepsAll, now, log }),
    ownChanges,
    conversations: createConversations({
      tables,
      history,
      requests,
      marked: (record) => ownChanges.marked(record),
      governance: { archived: (place) => archive.covers(place), kept },
    }),
  };
}

function createMessagingOf(options: WorkspaceOptions, live: LiveState): Messaging {
  return createMessaging({
    ...options,
    ...live,
    keeps: live.keepsAll,
    mayWrite: mayWrite(options),
    sendReceipts: options.choices.sendReceipts,
    sendTyping: options.choices.sendTyping,
    clearance: ({ kind, ...said }, signal) =>
      options.feeds.archive.taken(kind === "text" ? said : { ...said, kind }, signal),
    methods: [],
  });
}

/** Throws why nothing may be said in a conversation, before anything is stored; the network refuses it in any case. */
function mayWrite({ talk, silenced, blocklist }: WorkspaceOptions): (place: ConversationPlace) => void {
  return ({ accountId, address }) => {
    if (isUnanswerable(address)) throw new HallwayError("unanswerable");
    const isBlocked = blocklist.covers(accountId, address);
    refuse(
      talk(address) ??
        silenced() ??
        (isBlocked ? toErrorInfo(new HallwayError("contact-blocked", { address })) : undefined),
    );
  };
}

function refuse(refusal: ErrorInfo | undefined): void {
  if (refusal) throw new HallwayError(refusal.code, refusal.params);
}

function createAccountsOf(options: WorkspaceOptions, parts: LiveState & { readonly messaging: Messaging }): Accounts {
  return createAccounts({
    ...options,
    ...parts,
    forgetHistory: (accountId) => options.retention.forgetAccount(accountId),
    ingest: createIngest({ ...options, ...parts, messages: parts.messaging.receiving }),
    accountRecords: createAccountRecords(options.tables),
  });
}

function createServices(
  options: WorkspaceOptions,
  parts: LiveState & { readonly messaging: Messaging; readonly accounts: Accounts },
): Services {
  const all = { ...options, ...parts };
  return {
    ...parts,
    retention: options.retention,
    exports: options.exports,
    addAccount: new AddAccount(parts.accounts, [...options.networks.keys()]),
    contactList: createContactList({ ...all, lookAlikes: lookAlikes(options) }),
    strangers: createStrangers(all),
    views: createConversationViews({
      ...all,
      mayTalk: (address: Address) => refuse(options.talk(address)),
      marked: (record) => parts.ownChanges.marked(record),
    }),
    windowPlaces: new WindowPlaces(options),
  };
}

function lookAlikes({ tables, choices }: WorkspaceOptions): LookAlikes {
  return createLookAlikes({
    enabled: choices.lookAlikes,
    familiar: () => ({
      contacts: [...tables.all("contacts")].filter(({ listed }) => listed),
      domains: [
        ...new Set([...[...tables.all("accounts")].map(({ address }) => domainOf(address)), ...choices.domains()]),
      ],
    }),
  });
}
