import { type ErrorCode, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { Connection } from "../networks/network.ts";
import type { Blocklist } from "../store/blocklist.ts";

/** These say nothing about what the network can; it is told at the next sign-in. */
const later: ReadonlySet<ErrorCode> = new Set(["offline", "connection-lost", "timed-out", "cancelled", "rate-limited"]);

/**
 * Tells the network what it does not know yet of the block list, after a sign-in and after each change. Here the list
 * counts in any case. Errors: the first of what the network refuses; a network without such lists refuses nothing.
 */
export async function tellBlocks(
  accountId: AccountId,
  connection: Pick<Connection, "blocking"> | undefined,
  blocklist: Blocklist,
): Promise<void> {
  if (!connection) return;
  const { blocking } = connection;
  let refused: unknown;
  for (const untold of blocklist.untold(accountId)) {
    try {
      if (!blocking) throw new HallwayError("unsupported");
      await (untold.isBlocked ? blocking.block(untold.address) : blocking.unblock(untold.address));
    } catch (error) {
      const { code } = toErrorInfo(error);
      if (later.has(code)) return;
      // Whoever is blocked there no longer must not be here either: the server has no list that could say otherwise.
      if (code !== "unsupported") refused ??= error;
      if (code !== "unsupported" || untold.isBlocked) continue;
    }
    await blocklist.told(accountId, untold);
  }
  if (refused !== undefined) throw refused;
}
