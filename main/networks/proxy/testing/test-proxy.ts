import { connect, createServer, type Socket } from "node:net";

/** A proxy on loopback, for tests: CONNECT or SOCKS 5 without a login. */
export interface TestProxy {
  readonly url: string;
  /** `host:port` of every connection that was asked for. */
  readonly targets: readonly string[];
  /** Answers no to everything from now on. */
  refuse(): void;
  stop(): Promise<void>;
}

export async function startTestProxy(kind: "http" | "socks5"): Promise<TestProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  let refusing = false;

  function through(client: Socket, host: string, port: number, yes: string | Buffer, no: string | Buffer): void {
    targets.push(`${host}:${port}`);
    if (refusing) {
      client.end(no);
      return;
    }
    // A proxy of a test knows one name, that of the server behind it.
    const server = connect({ host: "127.0.0.1", port }, () => {
      client.write(yes);
      client.pipe(server).pipe(client);
    });
    sockets.add(server);
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  }

  const listener = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined);
    client.once("data", (first) => {
      if (kind === "http") {
        const [, host = "", port = ""] = /^CONNECT (\S+):(\d+) HTTP/.exec(first.toString("latin1")) ?? [];
        through(client, host, Number(port), "HTTP/1.1 200 Go on\r\nVia: test\r\n\r\n", "HTTP/1.1 403 No\r\n\r\n");
        return;
      }
      client.write(Buffer.from([5, 0]));
      client.once("data", (asked) => {
        const kindOfAddress = asked[3];
        const end = kindOfAddress === 3 ? 5 + (asked[4] ?? 0) : kindOfAddress === 4 ? 20 : 8;
        const host =
          kindOfAddress === 3
            ? asked.subarray(5, end).toString()
            : kindOfAddress === 4
              ? `[${asked.subarray(4, end).toString("hex").match(/.{4}/g)?.join(":")}]`
              : [...asked.subarray(4, end)].join(".");
        through(
          client,
          host,
          asked.readUInt16BE(end),
          Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
          Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]),
        );
      });
    });
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, "127.0.0.1", resolve);
  });
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("a proxy listens on TCP");
  return {
    url: `${kind}://127.0.0.1:${address.port}`,
    targets,
    refuse() {
      refusing = true;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        listener.close(() => resolve());
      }),
  };
}

/** Terms of a proxy over TLS where no policy says anything. */
export const freely = {
  anchors: [] as readonly string[],
  minVersion: "TLSv1.2",
  mayHave: (_host: string, _key: string): boolean => true,
} as const;
