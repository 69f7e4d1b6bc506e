import { randomUUID } from "node:crypto";
import { HallwayError } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { createTunnel } from "../proxy/tunnel.ts";
import { connectSecurely } from "../secure-socket.ts";
import { createSimpleNetwork } from "../simple/network.ts";
import { testEnvironment as simpleEnvironment } from "../simple/testing/client.ts";
import { createXmppNetwork } from "../xmpp/network.ts";
import { testEnvironment as xmppEnvironment } from "../xmpp/testing/client.ts";

/**
 * A process of its own, since what it tries depends on the environment that a process is started with: reaches one
 * server, whose certificate nobody vouches for, in every way that the program has. Arguments: its port, and PEM with
 * which it would be trusted. Writes a line of JSON.
 */
const [, , port = "", pem = ""] = process.argv;
const target = { host: "127.0.0.1", port: Number(port) };
const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];
const signal = AbortSignal.timeout(20_000);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "connected",
    (error: unknown) => (error instanceof HallwayError && error.code !== "proxy-failed" ? error.code : nodeCode(error)),
  );

function nodeCode(error: unknown): string {
  const cause = error instanceof HallwayError ? error.cause : error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(error);
}

function signIn(protocol: "xmpp" | "simple", transport: "direct-tls" | "tls" | "websocket"): Promise<string> {
  const account: AccountConfig = {
    id: "account-1",
    protocol,
    address: "alice@example.test",
    enabled: true,
    deviceId: randomUUID(),
    server: { ...target, transport },
  };
  const network = protocol === "xmpp" ? createXmppNetwork(xmppEnvironment()) : createSimpleNetwork(simpleEnvironment());
  const connection = network.open(account, { password: async () => "secret" }, () => undefined);
  return codeOf(connection.connect({ availability: "available" }, signal)).finally(() => connection.close());
}

const secured = (ca: readonly string[] | undefined): Promise<string> =>
  codeOf(
    connectSecurely(
      { ...target, host: "example.test", ca, minVersion: "TLSv1.2", mayHave: () => true, lookup },
      signal,
    ).then((socket) => socket.destroy()),
  );

function throughProxy(): Promise<string> {
  const trust = () => ({ anchors: [], minVersion: "TLSv1.2" as const, mayHave: () => true });
  const tunnel = createTunnel({
    choose: () => ({ mode: "fixed", url: `https://127.0.0.1:${port}` }),
    find: async () => undefined,
    trust,
  });
  return codeOf(tunnel({ host: "elsewhere.test", port: 443 }, signal));
}

const found = {
  "a web server": await secured(undefined),
  "a proxy": await throughProxy(),
  "XMPP over TLS": await signIn("xmpp", "direct-tls"),
  "XMPP over WebSocket": await signIn("xmpp", "websocket"),
  "SIP over TLS": await signIn("simple", "tls"),
  "SIP over WebSocket": await signIn("simple", "websocket"),
  "with its authority": await secured([pem]),
};
console.log(JSON.stringify(found));
process.exit(0);
