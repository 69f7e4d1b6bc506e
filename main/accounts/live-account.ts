import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { type AccountConfig, type AccountRecord, maxLabelLength, type Protocol } from "../../shared/model/account.ts";
import { parseContactId } from "../../shared/model/contact.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { AccountRules } from "../enforcement/rules.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { History } from "../history/history.ts";
import type { Heard } from "../messaging/heard.ts";
import { createOutbox, type Outbox } from "../messaging/outbox.ts";
import type { OwnChanges } from "../messaging/own-changes.ts";
import type { Log } from "../networks/log.ts";
import type { Network } from "../networks/network.ts";
import type { Profile } from "../profile/profile.ts";
import type { Audit } from "../record/audit/audit.ts";
import type { Archive } from "../record/feed/archive.ts";
import type { AccountFacts } from "../store/account-facts.ts";
import type { Blocklist } from "../store/blocklist.ts";
import type { Contacts } from "../store/contacts.ts";
import type { Ingest } from "../store/ingest.ts";
import { type AccountAudit, createAccountAudit } from "./account-audit.ts";
import { createSession, type Session, type SessionStatus } from "./session.ts";
import { sync } from "./sync.ts";
import { tellBlocks } from "./tell-blocks.ts";

/** What every account's session works with. */
export interface LiveAccountParts {
  readonly networks: ReadonlyMap<Protocol, Network>;
  readonly profile: Profile;
  readonly heard: Heard;
  readonly history: History;
  readonly contacts: Contacts;
  readonly blocklist: Blocklist;
  readonly ingest: () => Ingest;
  readonly facts: AccountFacts;
  readonly wantReceipts: () => boolean;
  readonly ownChanges: OwnChanges;
  /** Own presence in the words that a network has; the rest of it is in the status text. */
  readonly seenAs: (presence: OwnPresence, protocol: Protocol) => OwnPresence;
  /** What is shown in the place of a retraction by programs that do not know them. */
  readonly retractionText: () => string;
  readonly guard: ContentGuard;
  readonly rules: AccountRules;
  readonly audit: Audit;
  readonly archive: Pick<Archive, "taken">;
  readonly log: Log;
  readonly now: () => number;
}

/** An account with its session and its waiting messages. */
export interface LiveAccount {
  config: AccountConfig;
  readonly session: Session;
  readonly audit: AccountAudit;
  readonly outbox: Outbox;
  /** Shows the account as it is now; a trial account (not kept yet) is not shown. */
  readonly publish: () => void;
  readonly close: () => void;
}

/** Joins a session to the store: what it reports is ingested, shown, and followed by a catch-up. */
export function createLiveAccount(
  parts: LiveAccountParts,
  options: {
    readonly config: AccountConfig;
    readonly password: () => Promise<string | undefined>;
    /** False while the account is only tried. */
    readonly isKept: () => boolean;
    /** The presence to announce now. */
    readonly presence: () => OwnPresence;
    /** The presence chosen for this account alone. */
    readonly ownPresence: () => OwnPresence | undefined;
  },
): LiveAccount {
  const { history, contacts, facts, log, now } = parts;
  const { id, protocol } = options.config;
  const network = parts.networks.get(protocol);
  if (!network) throw new HallwayError("unsupported", { protocol });
  let rosterReady = Promise.withResolvers<void>();
  let before: SessionStatus["state"] | undefined;

  const outbox = createOutbox({
    onFailed(message, error) {
      log.warn("A message could not be sent", { account: id, error });
      const { address } = parseContactId(message.conversationId);
      parts.ingest().event(id, protocol, {
        type: "delivery",
        id: message.id,
        peer: address,
        state: "failed",
        error: toErrorInfo(error),
      });
    },
    wantReceipts: parts.wantReceipts,
    now,
    check: ({ conversationId, body }) =>
      parts.guard.stillAllowed({ own: options.config.address, peer: parseContactId(conversationId).address, body }),
    retractionText: parts.retractionText,
    clearance: parts.archive.taken,
  });

  function onStatus(status: SessionStatus): void {
    // Only the change counts: a status also comes when features are found, in the middle of signing in.
    if (status.state === "connecting" && before !== "connecting") {
      contacts.signingIn(id);
      rosterReady = Promise.withResolvers<void>();
    }
    before = status.state;
    if (status.state !== "online") {
      outbox.hold();
      parts.heard.left(id);
    }
    publish();
  }

  const audit = createAccountAudit(parts.audit, () => account.config);
  const session = createSession({
    audit,
    config: options.config,
    network,
    password: options.password,
    refusal: (standing) => parts.rules.refusal(account.config, standing),
    presence: options.presence,
    log,
    now,
    onStatus,
    onEvent(event) {
      const stored = parts.ingest().event(id, protocol, event);
      if (event.type === "roster") rosterReady.resolve();
      return stored;
    },
    async onSignedIn(connection, resumed, signal) {
      contacts.signedIn(id, resumed);
      tellBlocks(id, connection, parts.blocklist).catch((error: unknown) =>
        log.info("The server did not take the block list", { account: id, error }),
      );
      await sync({
        config: account.config,
        connection,
        resumed,
        signal,
        rosterReady: rosterReady.promise,
        ingest: parts.ingest(),
        history,
        heard: parts.heard,
        outbox,
        ownChanges: parts.ownChanges,
      });
    },
  });

  function publish(): void {
    if (options.isKept()) facts.put(toRecord(account.config, session.status, options.ownPresence()));
  }

  const account: LiveAccount = {
    config: options.config,
    session,
    audit,
    outbox,
    publish,
    close() {
      outbox.close();
      session.close();
    },
  };
  return account;
}

function toRecord(config: AccountConfig, status: SessionStatus, presence: OwnPresence | undefined): AccountRecord {
  const label = visibleName(config.label, maxLabelLength);
  return {
    id: config.id,
    protocol: config.protocol,
    address: config.address,
    enabled: config.enabled,
    server: config.server,
    ...(config.provisioned === undefined ? {} : { provisioned: true }),
    state: status.state,
    features: [...status.features],
    ...(label === undefined ? {} : { label }),
    ...(status.error === undefined ? {} : { error: status.error }),
    ...(status.retryAt === undefined ? {} : { retryAt: status.retryAt }),
    ...(status.security === undefined ? {} : { security: status.security }),
    ...(status.syncing ? { syncing: true } : {}),
    ...(presence === undefined ? {} : { presence }),
  };
}
