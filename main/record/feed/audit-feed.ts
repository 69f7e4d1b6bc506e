import type { ErrorInfo } from "../../../shared/errors.ts";
import type { SettingValue } from "../../../shared/settings/declaration.ts";
import type { ServerReach } from "../../networks/dial-host.ts";
import type { Log } from "../../networks/log.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import { type AuditEntry, readPosition } from "../audit/entry.ts";
import { entryParcel } from "./audit-parcels.ts";
import type { Destination } from "./destinations/destination.ts";
import { createSyslogDestination } from "./destinations/syslog.ts";
import { createFeeder } from "./feeder.ts";

type Server = SettingValue<"AuditSyslogServer">;

export interface AuditFeedOptions {
  readonly audit: AuditLog;
  /** Setting AuditSyslogServer, and as `ArchivePolicy.reaching`. */
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
export function createAuditFeed(options: AuditFeedOptions): { close(): Promise<void> } {
  const { audit, log } = options;
  let place = "";
  let destination: Destination | undefined;
  let device = "";

  function follow(): boolean {
    const server = options.server();
    const next = JSON.stringify([server, options.reaching()]);
    if (next === place) return false;
    place = next;
    destination =
      server === null ? undefined : createSyslogDestination({ ...server, authority: server.authority }, options.reach);
    return true;
  }

  /** Of the server that is set now. */
  function markName(): string {
    const server = options.server();
    return `audit ${server?.host ?? ""}:${server?.port ?? 0}`;
  }

  follow();
  const feeder = createFeeder<AuditEntry>({
    async head(count) {
      // The device's key is known as soon as there is an entry.
      device = audit.head()?.publicKey ?? device;
      return await audit.entries(readPosition(await options.mark(markName())), count);
    },
    async taken(entries) {
      const last = entries.at(-1);
      if (last) await options.setMark(markName(), JSON.stringify({ n: last.n, hash: last.hash }));
    },
    // Syslog has no way to refuse.
    refused: async () => undefined,
    parcel: (entry) => entryParcel(entry, device),
    destination: () => destination,
    onState(trouble: ErrorInfo | undefined) {
      if (options.server() === null) return;
      if (trouble)
        log.warn("The audit log server cannot be reached", {
          reason: String(trouble.params?.["reason"] ?? trouble.code),
        });
      else log.info("The audit log server can be reached", {});
    },
    ...(options.firstWait === undefined ? {} : { firstWait: options.firstWait }),
  });
  const stopListening = audit.onAppended(() => feeder.wake());
  const stopFollowing = options.onChange(() => {
    if (follow()) feeder.changed();
  });
  return {
    async close() {
      stopListening();
      stopFollowing();
      await feeder.close();
    },
  };
}
