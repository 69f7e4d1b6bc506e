import type { ErrorInfo } from "../../../shared/errors.ts";
import type { SettingValue } from "../../../shared/settings/declaration.ts";
import type { ServerReach } from "../../networks/dial-host.ts";
import type { Log } from "../../networks/log.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { type AuditEntry, readPosition } from "../audit/entry.ts";
import { entryParcel } from "./audit-parcels.ts";
import type { Destination } from "./destinations/destination.ts";
import { createSyslogDestination } from "./destinations/syslog.ts";
import { Feeder } from "./feeder.ts";

type Server = SettingValue<"AuditSyslogServer">;

export interface AuditFeedOptions {
  readonly audit: AuditLog;
  /** Setting AuditSyslogServer, and as `FeedPolicy.reaching`. */
  readonly server: () => Server;
  readonly reaching: () => string;
  readonly reach: ServerReach;
  readonly onChange: (listener: () => void) => () => void;
  /** Keeps how far each server has got. */
  readonly mark: (name: string) => Promise<string | undefined>;
  readonly setMark: (name: string, value: string) => Promise<unknown>;
  readonly log: Log;
  /** The first wait after the server failed, in milliseconds; 1 s. */
  readonly firstWait?: number;
}

/**
 * Feeds the entries of the audit log, in order, to the organization's syslog server. How far it has got is kept for
 * each server, so that a new one receives the log from its beginning and none misses what was written while it was
 * away.
 */
export class AuditFeed {
  readonly #options: AuditFeedOptions;
  readonly #feeder: Feeder<AuditEntry>;
  readonly #stopFollowing: readonly (() => void)[];
  #place = "";
  #destination: Destination | undefined;
  #device = "";

  constructor(options: AuditFeedOptions) {
    this.#options = options;
    const { audit, firstWait } = options;
    this.#follow();
    this.#feeder = new Feeder<AuditEntry>({
      head: (count) => this.#head(count),
      taken: (entries) => this.#taken(entries),
      // Syslog has no way to refuse.
      refused: async () => undefined,
      parcel: (entry) => entryParcel(entry, this.#device),
      destination: () => this.#destination,
      onState: (trouble) => this.#tellState(trouble),
      ...(firstWait === undefined ? {} : { firstWait }),
    });
    this.#feeder.start();
    this.#stopFollowing = [
      audit.onAppended(() => this.#feeder.wake()),
      options.onChange(() => {
        if (this.#follow()) this.#feeder.changed();
      }),
    ];
  }

  async close(): Promise<void> {
    for (const stop of this.#stopFollowing) stop();
    await this.#feeder.close();
  }

  /** True when the server, or how it is reached, is another. */
  #follow(): boolean {
    const { server: read, reaching, reach } = this.#options;
    const server = read();
    const next = JSON.stringify([server, reaching()]);
    if (next === this.#place) return false;
    this.#place = next;
    this.#destination =
      server === null ? undefined : createSyslogDestination({ ...server, authority: server.authority }, reach);
    return true;
  }

  async #head(count: number): Promise<readonly AuditEntry[]> {
    const { audit, mark } = this.#options;
    // The device's key is known as soon as there is an entry.
    this.#device = audit.head()?.publicKey ?? this.#device;
    return await audit.entries(readPosition(await mark(this.#markName())), count);
  }

  async #taken(entries: readonly AuditEntry[]): Promise<void> {
    const last = entries.at(-1);
    if (last) await this.#options.setMark(this.#markName(), JSON.stringify({ n: last.n, hash: last.hash }));
  }

  /** Of the server that is set now. */
  #markName(): string {
    const server = this.#options.server();
    return `audit ${server?.host ?? ""}:${server?.port ?? 0}`;
  }

  #tellState(trouble: ErrorInfo | undefined): void {
    const { server, log } = this.#options;
    if (server() === null) return;
    if (trouble)
      log.warn("The audit log server cannot be reached", {
        reason: String(trouble.params?.["reason"] ?? trouble.code),
      });
    else log.info("The audit log server can be reached", {});
  }
}
