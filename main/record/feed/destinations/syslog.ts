import { once } from "node:events";
import type { TLSSocket } from "node:tls";
import { reachServer, type ServerReach } from "../../../networks/dial-host.ts";
import { type Destination, NotNow, notNow } from "./destination.ts";
import { syslogFrames } from "./syslog-message.ts";

export interface SyslogPlace {
  readonly host: string;
  readonly port: number;
  /** PEM certificates to trust there besides the others. */
  readonly authority: string | undefined;
}

/** How long the server may take for anything before it counts as gone, in milliseconds. */
export interface SyslogTimes {
  readonly connect: number;
  /** Without anything moving. */
  readonly stall: number;
}

const usual: SyslogTimes = { connect: 10_000, stall: 30_000 };

/**
 * Syslog over TLS (RFC 5425). Syslog acknowledges nothing, so a batch has a connection of its own and counts as taken
 * only when, in this order,
 *
 *   all was written and we said close_notify,
 *   the server closed its side without a reset (RFC 5425 section 4.4: it answers after it has read to the end),
 *   and a new connection could be made and secured after that.
 *
 * A server that dies with something unread resets the connection; one that dies with all read and not yet kept has its
 * side closed by its system, and then does not answer the new connection. What a server holds in memory only after that
 * is beyond us.
 */
export function createSyslogDestination(
  place: SyslogPlace,
  reach: ServerReach,
  times: SyslogTimes = usual,
): Destination {
  async function open(signal: AbortSignal): Promise<TLSSocket> {
    const limit = AbortSignal.timeout(times.connect);
    try {
      const socket = await reachServer(place, reach, AbortSignal.any([signal, limit]));
      // Nothing that a syslog server says counts.
      socket.resume();
      socket.setTimeout(times.stall, () => socket.destroy(new NotNow("stalled")));
      return socket;
    } catch (error) {
      throw signal.aborted || limit.aborted ? new NotNow("no-answer", { cause: error }) : notNow(error);
    }
  }

  /** Writes it all, says that this is the end, and waits for the other side's. */
  async function exchange(socket: TLSSocket, frames: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const stop = (): void => void socket.destroy(new NotNow("cancelled"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    let written = false;
    let ended = false;
    const closed = new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.once("end", () => {
        ended = written;
      });
      socket.once("close", () => (ended ? resolve() : reject(new NotNow("ended-early"))));
    });
    closed.catch(() => undefined);
    try {
      for (const frame of frames) if (!socket.write(frame)) await Promise.race([once(socket, "drain"), closed]);
      socket.end(() => {
        written = true;
      });
      await closed;
    } catch (error) {
      throw notNow(error);
    } finally {
      signal.removeEventListener("abort", stop);
      socket.destroy();
    }
  }

  async function probe(signal: AbortSignal): Promise<void> {
    await exchange(await open(signal), [], signal);
  }

  return {
    async deliver(parcels, signal) {
      await exchange(
        await open(signal),
        parcels.flatMap((parcel) => syslogFrames(parcel)),
        signal,
      );
      await probe(signal);
    },
    probe,
  };
}
