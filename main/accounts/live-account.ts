import { HallwayError } from "../../shared/errors.ts";
import { type AccountConfig, type AccountRecord, maxLabelLength, type Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { AccountRules } from "../enforcement/rules.ts";
import type { Heard } from "../messaging/heard.ts";
import type { Messaging } from "../messaging/messaging.ts";
import type { Connections } from "../networks/connections.ts";
import type { Log } from "../networks/log.ts";
import type { Connection, Network } from "../networks/network.ts";
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

export interface LiveAccountOptions {
  readonly config: AccountConfig;
  readonly password: () => Promise<string | undefined>;
  /** False while the account is only tried. */
  readonly isKept: () => boolean;
  /** The presence to announce now. */
  readonly presence: () => OwnPresence;
  /** The presence chosen for this account alone. */
  readonly ownPresence: () => OwnPresence | undefined;
}

/** An account with its session. */
export interface LiveAccount {
  config: AccountConfig;
  readonly session: AccountSession;
  readonly audit: AccountAudit;
  /** Shows the account as it is now; a trial account (not kept yet) is not shown. */
  publish(): void;
  close(): void;
}

/** Error: `unsupported` where there is no such network. */
export function createLiveAccount(parts: LiveAccountParts, options: LiveAccountOptions): LiveAccount {
  return new JoinedAccount(parts, options);
}

/** Joins a session to the store and to messaging: its events are taken in, and a catch-up follows each sign-in. */
class JoinedAccount implements LiveAccount {
  config: AccountConfig;
  readonly session: AccountSession;
  readonly audit: AccountAudit;
  readonly #parts: LiveAccountParts;
  readonly #options: LiveAccountOptions;
  #rosterReady = Promise.withResolvers<void>();
  #before: SessionStatus["state"] | undefined;

  constructor(parts: LiveAccountParts, options: LiveAccountOptions) {
    const { config, password, presence } = options;
    const { id, protocol } = config;
    const network = parts.networks.get(protocol);
    if (!network) throw new HallwayError("unsupported", { protocol });
    this.#parts = parts;
    this.#options = options;
    this.config = config;
    this.audit = new AccountAudit(parts.audit, () => this.config);
    this.session = createAccountSession({
      audit: this.audit,
      config,
      network,
      password,
      refusal: (current) => parts.rules.refusal(this.config, current),
      presence,
      log: parts.log,
      now: parts.now,
      onStatus: (status) => this.#onStatus(status),
      onEvent: (event) => {
        const stored = parts.ingest(id, protocol, event);
        if (event.type === "roster") this.#rosterReady.resolve();
        return stored;
      },
      onSignedIn: (connection, resumed, signal) => this.#onSignedIn(connection, resumed, signal),
    });
  }

  publish(): void {
    const { isKept, ownPresence } = this.#options;
    if (isKept()) this.#parts.accountRecords.put(toRecord(this.config, this.session.status, ownPresence()));
  }

  close(): void {
    this.#parts.messaging.sending.close(this.#options.config.id);
    this.session.close();
  }

  #onStatus({ state }: SessionStatus): void {
    const { contacts, messaging, heard } = this.#parts;
    const { id } = this.#options.config;
    // Only the change counts: a status also comes when facets are found, in the middle of signing in.
    if (state === "connecting" && this.#before !== "connecting") {
      contacts.signingIn(id);
      this.#rosterReady = Promise.withResolvers<void>();
    }
    this.#before = state;
    if (state !== "online") {
      messaging.sending.hold(id);
      heard.left(id);
    }
    this.publish();
  }

  async #onSignedIn(connection: Connection, resumed: boolean, signal: AbortSignal): Promise<void> {
    const { contacts, blocklist, messaging, heard, log } = this.#parts;
    const { id } = this.#options.config;
    contacts.signedIn(id, resumed);
    tellBlocks(id, connection, blocklist).catch((error: unknown) =>
      log.info("The server did not take the block list", { account: id, error }),
    );
    await sync({
      ...{ connection, resumed, signal, messaging, heard },
      config: this.config,
      rosterReady: this.#rosterReady.promise,
    });
  }
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
