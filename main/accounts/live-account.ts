import { HallwayError } from "../../shared/errors.ts";
import { type AccountConfig, type AccountRecord, maxLabelLength, type Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { AccountRules } from "../enforcement/rules.ts";
import type { Heard } from "../messaging/heard.ts";
import type { Messaging } from "../messaging/messaging.ts";
import type { Connections } from "../networks/connections.ts";
import type { Log } from "../networks/log.ts";
import type { Network } from "../networks/network.ts";
import type { Profile } from "../profile/profile.ts";
import type { Audit } from "../record/audit/audit.ts";
import type { AccountRecords } from "../store/account-records.ts";
import type { Blocklist } from "../store/blocklist.ts";
import type { Contacts } from "../store/contacts.ts";
import type { Ingest } from "../store/ingest.ts";
import { AccountAudit } from "./account-audit.ts";
import { type AccountSession, createAccountSession, type SessionStatus } from "./account-session.ts";
import { sync } from "./sync.ts";
import { tellBlocks } from "./tell-blocks.ts";

/** Parts that every account's session works with. */
export interface LiveAccountParts {
  readonly networks: ReadonlyMap<Protocol, Network>;
  readonly profile: Profile;
  readonly heard: Heard;
  readonly contacts: Contacts;
  readonly blocklist: Blocklist;
  readonly connections: Connections;
  readonly ingest: Ingest;
  readonly messaging: Pick<Messaging, "sending" | "receiving">;
  readonly accountRecords: AccountRecords;
  /** Own presence in the words that a network has; the rest of it is in the status text. */
  readonly seenAs: (presence: OwnPresence, protocol: Protocol) => OwnPresence;
  readonly rules: AccountRules;
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
}

/** An account with its session. */
export interface LiveAccount {
  config: AccountConfig;
  readonly session: AccountSession;
  readonly audit: AccountAudit;
  /** Shows the account as it is now; a trial account (not kept yet) is not shown. */
  readonly publish: () => void;
  readonly close: () => void;
}

/** Joins a session to the store and to messaging: its events are taken in, and a catch-up follows each sign-in. */
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
  const { contacts, accountRecords, messaging, log, now } = parts;
  const { id, protocol } = options.config;
  const network = parts.networks.get(protocol);
  if (!network) throw new HallwayError("unsupported", { protocol });
  let rosterReady = Promise.withResolvers<void>();
  let before: SessionStatus["state"] | undefined;

  function onStatus(status: SessionStatus): void {
    // Only the change counts: a status also comes when facets are found, in the middle of signing in.
    if (status.state === "connecting" && before !== "connecting") {
      contacts.signingIn(id);
      rosterReady = Promise.withResolvers<void>();
    }
    before = status.state;
    if (status.state !== "online") {
      messaging.sending.hold(id);
      parts.heard.left(id);
    }
    publish();
  }

  const audit = new AccountAudit(parts.audit, () => account.config);
  const session = createAccountSession({
    audit,
    config: options.config,
    network,
    password: options.password,
    refusal: (current) => parts.rules.refusal(account.config, current),
    presence: options.presence,
    log,
    now,
    onStatus,
    onEvent(event) {
      const stored = parts.ingest(id, protocol, event);
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
        messaging,
        heard: parts.heard,
      });
    },
  });

  function publish(): void {
    if (options.isKept()) accountRecords.put(toRecord(account.config, session.status, options.ownPresence()));
  }

  const account: LiveAccount = {
    config: options.config,
    session,
    audit,
    publish,
    close() {
      messaging.sending.close(id);
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
    facets: status.facets,
    ...(label === undefined ? {} : { label }),
    ...(status.error === undefined ? {} : { error: status.error }),
    ...(status.retryAt === undefined ? {} : { retryAt: status.retryAt }),
    ...(status.security === undefined ? {} : { security: status.security }),
    ...(status.syncing ? { syncing: true } : {}),
    ...(presence === undefined ? {} : { presence }),
  };
}
