import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { History } from "../history/history.ts";
import type { Profile } from "../history/profile.ts";
import type { Connection } from "../networks/network.ts";
import type { Ingest } from "../store/ingest.ts";
import type { Outbox } from "./outbox.ts";
import type { OwnChanges } from "./own-changes.ts";

/** The contact list must be there before the archive is read, else everybody in it looks like a stranger. */
const rosterWait = 30_000;

/**
 * What follows a sign-in: wait for the contact list, read what the server's archive has since last time, then let waiting
 * messages go. A resumed session missed nothing and skips the first two.
 */
export async function sync(parts: {
  readonly config: AccountConfig;
  readonly connection: Connection;
  readonly resumed: boolean;
  readonly signal: AbortSignal;
  readonly rosterReady: Promise<void>;
  readonly ingest: Ingest;
  readonly history: History;
  readonly profile: Profile;
  readonly outbox: Outbox;
  readonly ownChanges: OwnChanges;
}): Promise<void> {
  const { config, connection, resumed, signal, ingest, history, profile, outbox, ownChanges } = parts;
  try {
    if (!resumed) {
      await Promise.race([parts.rosterReady, new Promise((resolve) => setTimeout(resolve, rosterWait).unref())]);
      if (signal.aborted) return;
      const since = await profile.get("archive-mark", config.id);
      if (signal.aborted) return;
      await connection.catchUp?.(
        since,
        async (messages, mark, changes) => {
          if (signal.aborted) throw new HallwayError("cancelled");
          await ingest.archive(config.id, config.protocol, messages, since === undefined, changes);
          // The account may be gone by now.
          if (!signal.aborted) await profile.put([{ namespace: "archive-mark", key: config.id, value: mark }]);
        },
        signal,
      );
    }
  } finally {
    // Also when the archive could not be read: a message that waits must not wait for a broken archive.
    if (!signal.aborted) {
      await ingest.idle();
      const waiting = await history.waiting(config.id);
      // What was taken back before it was sent is not sent.
      outbox.release(
        connection,
        waiting.filter((record) => record.retracted !== true),
        ownChanges.waiting(config.id),
      );
    }
  }
}
