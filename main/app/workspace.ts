import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Protocol } from "../../shared/model/account.ts";
import { domainOf, isUnanswerable } from "../../shared/model/address.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import { type Accounts, createAccounts } from "../accounts/accounts.ts";
import type { PasswordKeeper } from "../accounts/password-keeper.ts";
import type { Federation } from "../enforcement/federation.ts";
import { type FirstMessages, openFirstMessages } from "../enforcement/first-messages.ts";
import type { AccountRules } from "../enforcement/rules.ts";
import { createStrangerBursts } from "../enforcement/stranger-bursts.ts";
import { createLookAlikes } from "../guard/look-alikes.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { History } from "../history/history.ts";
import { createScope, type ScopeRules, sameRules } from "../history/scope.ts";
import type { BlockingParts } from "../ipc/handlers/blocking.ts";
import type { ContactParts } from "../ipc/handlers/contacts.ts";
import type { ConversationParts } from "../ipc/handlers/conversations.ts";
import type { DeletionParts } from "../ipc/handlers/deletion.ts";
import { createHeard } from "../messaging/heard.ts";
import { createOwnChanges } from "../messaging/own-changes.ts";
import { createTurns } from "../messaging/turns.ts";
import type { Log } from "../networks/log.ts";
import type { Network } from "../networks/network.ts";
import type { Profile } from "../profile/profile.ts";
import type { AuditLog } from "../record/audit/audit-log.ts";
import type { Exports } from "../record/export/exports.ts";
import type { Archive } from "../record/feed/archive.ts";
import { createKeeper, type KeeperOptions } from "../record/retention/keeper.ts";
import type { Provisioning } from "../settings/provisioning.ts";
import { createAccountFacts } from "../store/account-facts.ts";
import type { Blocklist } from "../store/blocklist.ts";
import { createContacts } from "../store/contacts.ts";
import { type Arrival, createConversations, type Received } from "../store/conversations.ts";
import { createIngest, type Ingest } from "../store/ingest.ts";
import { createMessageChanges } from "../store/message-changes.ts";
import { createRequests, type StrangerChoices } from "../store/requests.ts";
import type { TablesWriter } from "../store/tables.ts";

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
  /** People who may be written to for the first time in an hour. */
  readonly newPeople: () => number;
}

/** All that exists only while the vault is open: the databases and everything that stands on them. */
export interface Workspace {
  readonly parts: BlockingParts & ContactParts & ConversationParts & DeletionParts;
  readonly accounts: Accounts;
  readonly exports: Exports;
  /** Puts accounts, lists, drafts and conversations from disk on the screen, then signs in. */
  start(): Promise<void>;
  setHistoryMode(mode: HistoryMode): Promise<void>;
  /** What may be shown of strangers has changed. */
  showStrangers(): void;
  close(): Promise<void>;
}

export function createWorkspace(options: {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly history: History;
  readonly audit: AuditLog;
  readonly exports: Exports;
  readonly keeping: Pick<KeeperOptions, "removals" | "policy">;
  readonly archive: Archive;
  readonly passwords: PasswordKeeper;
  /** Whom the person has blocked; the networks hold to it, too. */
  readonly blocklist: Blocklist;
  readonly networks: ReadonlyMap<Protocol, Network>;
  readonly choices: WorkspaceChoices;
  readonly guard: ContentGuard;
  /** What policy says; `accounts.obey` and `accounts.provision` follow a change. */
  readonly rules: AccountRules;
  /** Who may be talked with; the networks hold to it, too. */
  readonly talk: Federation;
  /** Why nothing may be said to anybody now; the networks hold to it, too. */
  readonly silenced: () => ErrorInfo | undefined;
  /** The accounts that policy sets up. */
  readonly provisioned: () => Provisioning;
  /** New messages were stored: notify, badge. */
  readonly onArrivals: (arrivals: readonly Arrival[]) => void;
  /** An own message will not be sent. */
  readonly onFailed: (record: MessageRecord) => void;
  /** A message of theirs reads otherwise now, or was taken back. */
  readonly onChanged: (record: MessageRecord) => void;
  /** Which conversations may be written to disk (HistoryScope), as of now. */
  readonly scope: () => ScopeRules;
  /** What is shown in the place of a retraction by programs that do not know them. */
  readonly retractionText: () => string;
  readonly seenAs: (presence: OwnPresence, protocol: Protocol) => OwnPresence;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
  readonly now: () => number;
}): Workspace {
  const { tables, profile, history, archive, passwords, blocklist, networks, choices, guard, log, now } = options;
  const kept = (conversationId: string): boolean => createScope(options.scope())(conversationId);
  const keeps = (conversationId: string): boolean => history.mode === "encrypted" && kept(conversationId);
  const received: Received = (accountId, message, found) =>
    guard.received({ ...message, own: accounts.address(accountId) }, found);
  const notKept = (error: unknown): void => options.onTrouble(toErrorInfo(error));
  const contacts = createContacts(tables, profile, notKept);
  const bursts = createStrangerBursts(now);
  const requests = createRequests(
    tables,
    profile,
    notKept,
    {
      ...choices.strangers,
      keeps,
      burst: (accountId, address) =>
        choices.harvestDefense() ? bursts.admit(accountId, address, accounts.address(accountId)) : undefined,
    },
    now,
    blocklist,
  );
  const heard = createHeard({ profile, keeps: () => history.keeps, now, log });
  let firstMessages: FirstMessages | undefined;
  const ownChanges = createOwnChanges({
    profile,
    keeps,
    changed(messageId) {
      const show = async (): Promise<void> => {
        const record = await history.get(messageId);
        if (record) conversations.changed(record);
      };
      show().catch((error: unknown) => log.warn("A change of a message could not be shown", { error }));
    },
    log,
  });
  const conversations = createConversations(
    tables,
    history,
    contacts,
    requests,
    now,
    received,
    ownChanges.marked,
    { archived: archive.covers, kept },
    heard.earliest,
  );
  archive.onChange(() => conversations.governed());
  const keeper = createKeeper({
    ...options.keeping,
    profile,
    audit: options.audit,
    own: () => new Map([...tables.all("accounts")].map(({ id, address }) => [id, address])),
    onRemoved: conversations.removed,
    onWithdrawn: (accountId, id) => accounts.outbox(accountId)?.settled(id, false),
    onFailed: notKept,
    now,
  });
  const accounts = createAccounts({
    forgetHistory: keeper.forgetAccount,
    networks,
    passwords,
    profile,
    heard,
    history,
    contacts,
    conversations,
    requests,
    blocklist,
    ingest: () => ingest,
    facts: createAccountFacts(tables),
    wantReceipts: () => true,
    ownChanges,
    retractionText: options.retractionText,
    seenAs: options.seenAs,
    guard,
    rules: options.rules,
    audit: options.audit,
    archive,
    log,
    now,
  });
  const ingest: Ingest = createIngest({
    tables,
    contacts,
    conversations,
    changes: createMessageChanges({ history, conversations, requests, received, changed: options.onChanged, now }),
    requests,
    blocklist,
    history,
    received,
    log,
    now,
    listener: {
      changeDelivered: (event) => ownChanges.delivered(event),
      arrived(accountId, arrivals) {
        const connection = accounts.connection(accountId);
        if (choices.sendReceipts()) {
          for (const { incoming, record } of arrivals) {
            // Only people on the list learn that we are here; and what cannot be shown has not reached the person.
            const isTold =
              tables.get("contacts", record.conversationId)?.listed === true && incoming.notice === undefined;
            if (isTold && incoming.via === "live" && incoming.wantsDelivered && incoming.id !== undefined)
              connection?.sendReceipt?.({ to: incoming.peer, messageId: incoming.id, kind: "delivered" });
          }
        }
        options.onArrivals(arrivals);
      },
      // A trial account that is not kept yet has no outbox to tell.
      settled: (accountId, id, again) => accounts.outbox(accountId)?.settled(id, again),
      stored: (accountId, news) =>
        heard.stored(
          accountId,
          news.map(({ archiveId }) => archiveId),
        ),
      notStored: heard.notStored,
      failed: options.onFailed,
      accept(accountId, address) {
        void accounts
          .connection(accountId)
          ?.contacts.accept(address)
          .catch((error: unknown) => log.info("Could not answer a contact request", { account: accountId, error }));
      },
    },
  });

  /** Changes of the mode take turns, so that the last one said is the one in force. */
  let switching: Promise<void> = Promise.resolve();

  /** What the window was last told the lines of conversations under. */
  let shownUnder = { mode: history.mode, scope: options.scope() };

  async function restoreConversations(): Promise<void> {
    await conversations.restore(await profile.all("draft"));
    await requests.purge().catch(notKept);
    const now = { mode: history.mode, scope: options.scope() };
    if (now.mode !== shownUnder.mode || !sameRules(now.scope, shownUnder.scope)) conversations.reread();
    shownUnder = now;
  }

  return {
    parts: {
      tables,
      accounts,
      contacts,
      requests,
      blocklist,
      lookAlikes: createLookAlikes({
        enabled: choices.lookAlikes,
        familiar: () => ({
          contacts: [...tables.all("contacts")].filter(({ listed }) => listed),
          domains: [
            ...new Set([...[...tables.all("accounts")].map(({ address }) => domainOf(address)), ...choices.domains()]),
          ],
        }),
      }),
      conversations,
      ownChanges,
      history,
      keeper,
      profile,
      guard,
      now,
      inTurn: createTurns(),
      mayTalk(address) {
        const refusal = options.talk(address);
        if (refusal) throw new HallwayError(refusal.code, refusal.params);
      },
      mayWrite(id) {
        const { accountId, address } = parseContactId(id);
        if (isUnanswerable(address)) throw new HallwayError("unanswerable");
        const isBlocked = blocklist.covers(accountId, address);
        const refusal =
          options.talk(address) ??
          options.silenced() ??
          (isBlocked ? toErrorInfo(new HallwayError("contact-blocked", { address })) : undefined);
        if (refusal) throw new HallwayError(refusal.code, refusal.params);
      },
      firstMessages() {
        if (!firstMessages) throw new HallwayError("vault-locked");
        return firstMessages;
      },
      sendReceipts: choices.sendReceipts,
      sendTyping: choices.sendTyping,
    },
    accounts,
    exports: options.exports,
    async start() {
      firstMessages = await openFirstMessages({ profile, limit: choices.newPeople, now });
      await ownChanges.restore();
      await blocklist.restore();
      await accounts.restore();
      await accounts.provision(options.provisioned());
      await requests.restore();
      await restoreConversations();
      await keeper.start();
      accounts.start();
    },
    showStrangers: () => requests.obey(),
    setHistoryMode(mode) {
      switching = switching.then(async () => {
        await ingest.idle();
        await history.setMode(mode);
        await restoreConversations();
      });
      const done = switching;
      switching = done.catch(() => undefined);
      return done;
    },
    async close() {
      await accounts.stop();
      await ingest.idle();
      await heard.flush();
      await options.exports.close();
      await keeper.close();
      await archive.close();
      await history.close();
      await options.audit.close();
      await profile.close();
    },
  };
}
