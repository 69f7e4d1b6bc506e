import { connect, createServer, type Socket } from "node:net";

/** A way in to a server that notes what clients write. */
export interface Wiretap {
  readonly port: number;
  /** All that clients wrote, one UTF-16 unit for each byte. */
  readonly written: string;
  stop(): Promise<void>;
}

/** Starts one on a free port, in front of a port of 127.0.0.1 that speaks clear text. */
export async function startWiretap(target: number): Promise<Wiretap> {
  const sockets = new Set<Socket>();
  let written = "";
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    for (const [socket, other] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(socket);
      socket.on("error", () => other.destroy()).on("close", () => other.destroy());
      socket.pipe(other);
    }
    client.on("data", (bytes) => {
      written += bytes.toString("latin1");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    get written() {
      return written;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
