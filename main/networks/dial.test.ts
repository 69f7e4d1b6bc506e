import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer as createTcpServer, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { open } from "./dial.ts";
import { dialHost } from "./dial-host.ts";
import { connectStream } from "./simple/transports/stream.ts";
import { startTlsServer, type TlsServer } from "./testing/tls-server.ts";
import { waysOut } from "./testing/ways-out.ts";
import { createTestCertificate } from "./xmpp/testing/certificate.ts";

const folder = mkdtempSync(join(tmpdir(), "hallway-trust-"));
const file = join(folder, "anchors.pem");
const keys = join(folder, "keys.log");
const certificate = createTestCertificate("example.test");
let server: TlsServer;

beforeAll(async () => {
  writeFileSync(file, certificate.pem);
  server = await startTlsServer({ key: certificate.key, cert: certificate.pem });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Hosts that a process with this environment reaches, and how. */
async function reached(environment: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const { port } = server;
  const probe = new URL("testing/trust-probe.ts", import.meta.url).pathname;
  const { PATH = "", HOME = "" } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [probe, String(port), certificate.pem], {
    env: { PATH, HOME, ...environment },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** The one that never rejects says that it has found nothing. */
const refused = {
  ...Object.fromEntries(
    Object.keys(waysOut).map((kind) => [kind, kind === "host-meta" ? "not-found" : "certificate-untrusted"]),
  ),
  "with its authority": "connected",
};

describe("whom we trust", () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["nothing", {}],
    ["NODE_TLS_REJECT_UNAUTHORIZED", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }],
    ["NODE_EXTRA_CA_CERTS", { NODE_EXTRA_CA_CERTS: file }],
    ["SSL_CERT_FILE", { SSL_CERT_FILE: file, SSL_CERT_DIR: folder, NODE_USE_SYSTEM_CA: "1" }],
    [
      "NODE_OPTIONS for OpenSSL's anchors",
      { NODE_OPTIONS: `--use-openssl-ca --tls-keylog=${keys}`, SSL_CERT_FILE: file },
    ],
    [
      "a proxy of the environment",
      {
        NODE_USE_ENV_PROXY: "1",
        HTTPS_PROXY: "http://127.0.0.1:1",
        HTTP_PROXY: "http://127.0.0.1:1",
        ALL_PROXY: "socks5://127.0.0.1:1",
      },
    ],
  ])("is not changed by %s", async (_, environment) => {
    expect(await reached(environment)).toEqual(refused);
    expect(existsSync(keys)).toBe(false);
  });

  it("is said in one file: no other makes a TLS connection, or hands options of its own to one", () => {
    const root = new URL("..", import.meta.url).pathname;
    const sources = globSync("**/*.ts", { cwd: root }).filter(
      (path) => !/\.test(-helper)?\.ts$|\/testing\/|^networks\/(dial|secure-context)\.ts$/.test(path),
    );
    expect(sources.length).toBeGreaterThan(300);
    const offenders = sources.filter((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const imported = /import (?!type)[^;]*?from "(?:node:)?(?:tls|https)";/.exec(text)?.[0] ?? "";
      return (
        /\bconnect\b|https|createSecureContext/.test(imported) ||
        /\btls\.connect\(|rejectUnauthorized|(?:await|return|void|=>?|[(,?:])\s*(?:globalThis\.)?fetch\(|undici/.test(
          text,
        )
      );
    });
    expect(offenders).toEqual([]);
  });
});

/** A way to the server on which a record can be slipped in that its keys did not make. */
async function openWay(): Promise<{ readonly port: number; spoil(): void; close(): void }> {
  const { port } = server;
  const clients = new Set<Socket>();
  const way = createTcpServer((client) => {
    const inner = connect(port, "127.0.0.1");
    clients.add(client);
    for (const socket of [client, inner]) socket.on("error", () => undefined);
    client.pipe(inner).pipe(client);
  });
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
  return {
    port: (way.address() as AddressInfo).port,
    spoil() {
      const record = Buffer.concat([Buffer.from([0x17, 0x03, 0x03, 0x00, 0x40]), Buffer.alloc(0x40, 7)]);
      for (const client of clients) client.write(record);
    },
    close() {
      for (const client of clients) client.destroy();
      way.close();
    },
  };
}

describe("a record that cannot be decrypted ends the connection, though nothing more is written", () => {
  it("of every TLS client", async () => {
    const way = await openWay();
    const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];
    const trust = { ca: [certificate.pem], minVersion: "TLSv1.2", mayHave: () => true, lookup } as const;
    const socket = await dialHost({ ...trust, host: "example.test", port: way.port }, AbortSignal.timeout(10_000));
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    way.spoil();
    await closed;
    expect(socket.destroyed).toBe(true);
    way.close();
  });

  it("of SIP, which reports it as lost", async () => {
    const way = await openWay();
    const lost = Promise.withResolvers<string>();
    await connectStream(
      {
        address: "127.0.0.1",
        port: way.port,
        tunnelled: undefined,
        trust: {
          names: ["example.test"],
          anchors: [certificate.pem],
          pins: [],
          mayHave: () => true,
          minVersion: "TLSv1.2",
        },
        timeout: 10_000,
        signal: AbortSignal.timeout(10_000),
      },
      { lost: ({ code }) => lost.resolve(code), message: () => undefined, refused: () => undefined },
    );
    way.spoil();
    expect(await lost.promise).toBe("connection-lost");
    way.close();
  });
});

it("leaves nothing open of a proxy that answers in the moment of giving up", async () => {
  const controller = new AbortController();
  const tunnelled = new Socket();
  const tunnel = async (): Promise<Socket> => {
    controller.abort(new Error("given up"));
    return tunnelled;
  };
  await expect(open({ host: "server.test", port: 1, tunnel }, controller.signal)).rejects.toThrow("given up");
  expect(tunnelled.destroyed).toBe(true);
});
