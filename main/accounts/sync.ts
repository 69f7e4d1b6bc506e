import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { Heard } from "../messaging/heard.ts";
import type { Messaging } from "../messaging/messaging.ts";
import type { Connection } from "../networks/network.ts";

/** The contact list must be there before the archive is read, else everybody in it looks like a stranger. */
const rosterWait = 30_000;

/**
 * Synchronization after a sign-in: waits for the contact list, reads what the server's archive has since last time,
 * then lets waiting messages go. A resumed session missed nothing and skips the first two, unless it was lost before
 * the archive had been read to its end.
 */
export async function sync(parts: {
  readonly config: AccountConfig;
  readonly connection: Connection;
  readonly resumed: boolean;
  readonly signal: AbortSignal;
  readonly rosterReady: Promise<void>;
  readonly messaging: Pick<Messaging, "sending" | "receiving">;
  readonly heard: Heard;
}): Promise<void> {
  const { config, connection, resumed, signal, messaging, heard } = parts;
  const { sending, receiving } = messaging;
  const { archive } = connection;
  // Before anything that comes live is stored: this session begins here.
  const before = heard.begin(config.id, resumed, archive && ((archiveId, at) => archive.markAt(archiveId, at)));
  try {
    const { complete, mark: since, marked } = await before;
    if (!complete) {
      if (!resumed)
        await Promise.race([parts.rosterReady, new Promise((resolve) => setTimeout(resolve, rosterWait).unref())]);
      if (signal.aborted) return;
      const places = new Map<ConversationId, number>();
      const reader = connection.archive;
      await reader?.catchUp(
        since,
        async ({ messages, changes, mark, exact }) => {
          if (signal.aborted) throw new HallwayError("cancelled");
          await receiving.archive(config.id, config.protocol, {
            messages,
            changes,
            isFirstSync: since === undefined,
            run: { heardUntil: marked, exact, places },
          });
          // The account may be gone by now.
          if (!signal.aborted)
            await heard.page(config.id, mark, new Set([...messages, ...changes].map(({ archiveId }) => archiveId)));
        },
        signal,
      );
      // Where the server shows no archive today, what one holds after the mark has not been read.
      if (!signal.aborted && (reader !== undefined || since === undefined)) heard.caughtUp(config.id);
    }
  } finally {
    // Also when the archive could not be read: a message that waits must not wait for a broken archive.
    if (!signal.aborted) {
      await receiving.idle();
      await sending.release(config.id, signal);
    }
  }
}
