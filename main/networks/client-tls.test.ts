import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createTestCertificate } from "./xmpp/testing/certificate.ts";

const folder = mkdtempSync(join(tmpdir(), "hallway-trust-"));
const file = join(folder, "anchors.pem");
const keys = join(folder, "keys.log");
const certificate = createTestCertificate("example.test");
const server = createServer({ key: certificate.key, cert: certificate.pem }, (socket) =>
  socket.on("error", () => undefined),
);

beforeAll(async () => {
  writeFileSync(file, certificate.pem);
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What a process with this environment reaches, and how. */
async function reached(environment: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const { port } = server.address() as AddressInfo;
  const probe = new URL("testing/trust-probe.ts", import.meta.url).pathname;
  const { PATH = "", HOME = "" } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [probe, String(port), certificate.pem], {
    env: { PATH, HOME, ...environment },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

const refused = {
  "a web server": "DEPTH_ZERO_SELF_SIGNED_CERT",
  "a proxy": "DEPTH_ZERO_SELF_SIGNED_CERT",
  "XMPP over TLS": "certificate-untrusted",
  "XMPP over WebSocket": "certificate-untrusted",
  "SIP over TLS": "certificate-untrusted",
  "SIP over WebSocket": "certificate-untrusted",
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
      (path) => !/\.test(-helper)?\.ts$|\/testing\/|^networks\/client-tls\.ts$/.test(path),
    );
    expect(sources.length).toBeGreaterThan(300);
    const offenders = sources.filter((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const imported = /import (?!type)[^;]*?from "(?:node:)?(?:tls|https)";/.exec(text)?.[0] ?? "";
      return (
        /\bconnect\b|https|createSecureContext/.test(imported) ||
        /\btls\.connect\(|rejectUnauthorized|\bfetch\(|undici/.test(text)
      );
    });
    expect(offenders).toEqual([]);
  });
});
