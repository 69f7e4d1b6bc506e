import { connect, createServer, type Server, type Socket } from "node:net";
import { freePorts } from "./ports.ts";

/** A door in front of a server: one client goes through it, and what may happen to a network happens here. */
export interface Proxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Ends all connections with a reset; new ones are welcome. */
  cut(): void;
  /** Connections stay open, but no byte goes through either way any more, until `restore`. */
  blackhole(): void;
  /** Resets all connections and refuses new ones, until `restore`. */
  refuse(): Promise<void>;
  /** Everything goes through again. What a black hole swallowed stays lost, so its connections are reset. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Hears what goes through a door, piece by piece, also what is swallowed. */
export type Tap = (bytes: Buffer, to: "server" | "client") => void;

/**
 * Opens a door on a free port of 127.0.0.1 to `target` on the same machine. `from`: the loopback address that the
 * server sees.
 */
export async function startProxy(target: number, from = "127.0.0.1", tap?: Tap): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let swallowing = false;
  let accepted = 0;
  let server: Server | undefined;
  // Not one that the system may give to somebody's outgoing connection while nothing listens on it.
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error("a port was asked for");

  const serve = (client: Socket): void => {
    accepted++;
    const upstream = connect({ host: "127.0.0.1", port: target, localAddress: from, noDelay: true });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.setNoDelay(true);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on("data", (bytes) => {
        tap?.(bytes, from === client ? "server" : "client");
        if (swallowing || to.destroyed) return;
        if (!to.write(bytes)) from.pause();
      });
      to.on("drain", () => from.resume());
      from.on("end", () => {
        if (!swallowing) to.end();
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        pairs.delete(pair);
        if (!swallowing) to.destroy();
      });
    }
  };

  const listen = async (): Promise<void> => {
    const fresh = createServer({ allowHalfOpen: true }, serve);
    await new Promise<void>((resolve, reject) => {
      fresh.once("error", reject);
      fresh.listen(port, "127.0.0.1", resolve);
    });
    server = fresh;
  };

  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
    pairs.clear();
  };

  const stopListening = async (): Promise<void> => {
    const old = server;
    server = undefined;
    cut();
    if (old) await new Promise<void>((resolve) => old.close(() => resolve()));
  };

  await listen();
  return {
    port,
    get open() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    cut,
    blackhole() {
      swallowing = true;
    },
    refuse: stopListening,
    async restore() {
      if (swallowing) cut();
      swallowing = false;
      if (!server) await listen();
    },
    close: stopListening,
  };
}
