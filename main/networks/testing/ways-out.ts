import { randomUUID } from "node:crypto";
import { HallwayError } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { createHttpsDestination } from "../../record/feed/destinations/https.ts";
import { createSyslogDestination } from "../../record/feed/destinations/syslog.ts";
import { noRules } from "../connection-rules.ts";
import { dialHost } from "../dial-host.ts";
import type { NetworkEnvironment } from "../environment.ts";
import { createTunnel } from "../proxy/tunnel.ts";
import { certificateError, trustAnchors } from "../server-trust.ts";
import { createSimpleNetwork } from "../simple/network.ts";
import { XcapClient } from "../simple/xcap/xcap-client.ts";
import { createXmppNetwork } from "../xmpp/network.ts";
import { findWebSockets } from "../xmpp/stream/host-meta.ts";

/** A server on loopback that goes by the name example.test, a proxy by localhost, and what it has to prove. */
export interface WayOut {
  readonly port: number;
  /** Trust anchors beside the system's, PEM. */
  readonly anchors: readonly string[];
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  readonly mayHave: (key: string) => boolean;
  readonly revocation: NetworkEnvironment["revocation"];
  readonly signal: AbortSignal;
}

const serverName = "example.test";
const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];

/** Every kind of connection over TLS that the program makes. Each resolves only where the server has proved itself. */
export const waysOut: Readonly<Record<string, (way: WayOut) => Promise<unknown>>> = {
  "XMPP over TLS": (way) => signIn("xmpp", "direct-tls", way),
  "XMPP with STARTTLS": (way) => signIn("xmpp", "starttls", way),
  "XMPP over WebSocket": (way) => signIn("xmpp", "websocket", way),
  "SIP over TLS": (way) => signIn("simple", "tls", way),
  "SIP over WebSocket": (way) => signIn("simple", "websocket", way),
  XCAP: (way) => readXcap(way),
  "a web server": async (way) => (await dialHost(hostTarget(way), way.signal)).destroy(),
  "host-meta": (way) => readHostMeta(way),
  "a feed over HTTPS": (way) => createHttpsDestination(httpsPlace(way), environmentOf(way)).probe(way.signal),
  "a feed to syslog": (way) => createSyslogDestination(syslogPlace(way), environmentOf(way)).probe(way.signal),
  "a proxy": (way) => throughProxy(way),
};

/** Outcome of a way out: our code for it, where there is one. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "connected";
  } catch (error) {
    return codeOf(error);
  }
}

/** The first code of the chain of causes that says why. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  const wrapping = code === "proxy-failed" || code.startsWith("archive-");
  if (error instanceof HallwayError && wrapping && error.cause !== undefined) return codeOf(error.cause);
  if (error instanceof HallwayError) return code;
  return (
    certificateError(code) ?? (/^(ERR_SSL|EPROTO|ECONNRESET)/.test(code) ? "tls-failed" : `${code} ${error.message}`)
  );
}

function environmentOf({ anchors, minVersion, mayHave, revocation }: WayOut): NetworkEnvironment {
  const none = () => Promise.reject(Object.assign(new Error("no DNS here"), { code: "ENOTFOUND" }));
  return {
    dns: { resolveSrv: none, resolveNaptr: none, lookup },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    now: Date.now,
    extraTrust: anchors,
    minTlsVersion: minVersion,
    rules: { ...noRules, key: (_, key) => key !== undefined && mayHave(key) },
    allowCleartext: () => false,
    cache: { get: async () => undefined, set: async () => undefined },
    ...(revocation ? { revocation } : {}),
  };
}

type Transport = NonNullable<AccountConfig["server"]["transport"]>;

async function signIn(protocol: "xmpp" | "simple", transport: Transport, way: WayOut): Promise<void> {
  const account: AccountConfig = {
    id: "account-1",
    protocol,
    address: `alice@${serverName}`,
    enabled: true,
    deviceId: randomUUID(),
    server: { host: serverName, port: way.port, transport },
  };
  const network = (protocol === "xmpp" ? createXmppNetwork : createSimpleNetwork)(environmentOf(way));
  const connection = network.open(account, { credentials: { password: async () => "secret" }, emit: () => undefined });
  try {
    await connection.connect({ availability: "available" }, way.signal);
  } finally {
    connection.close();
  }
}

async function readXcap(way: WayOut): Promise<void> {
  const client = new XcapClient({
    root: `https://${serverName}:${way.port}/xcap`,
    own: `alice@${serverName}`,
    user: "alice",
    password: "secret",
    trust: () => ({
      anchors: way.anchors,
      minVersion: way.minVersion,
      mayHave: (_, key) => way.mayHave(key),
      revocation: way.revocation,
    }),
    lookup,
    may: () => true,
    allowCleartext: () => false,
  });
  try {
    await client.change({ auid: "resource-lists", name: "index", type: "text/xml" }, () => undefined);
  } finally {
    client.close();
  }
}

async function readHostMeta(way: WayOut): Promise<void> {
  const { anchors, minVersion, mayHave, revocation, port, signal } = way;
  const tls = { ca: trustAnchors(anchors), minVersion, pins: [], mayHave: (_: unknown, key: string) => mayHave(key) };
  const found = await findWebSockets(serverName, { tls, lookup, revocation, port }, signal);
  // It never rejects: what cannot be read says nothing.
  if (found.length === 0) throw new HallwayError("not-found");
}

async function throughProxy({ anchors, minVersion, mayHave, port, signal }: WayOut): Promise<void> {
  const tunnel = createTunnel({
    choose: () => ({ mode: "fixed", url: `https://localhost:${port}` }),
    find: async () => undefined,
    trust: () => ({ anchors, minVersion, mayHave: (_, key) => mayHave(key) }),
  });
  (await tunnel({ host: "elsewhere.test", port: 443 }, signal))?.destroy();
}

const hostTarget = ({ port, anchors, minVersion, mayHave, revocation }: WayOut) => ({
  host: serverName,
  port,
  ca: trustAnchors(anchors),
  minVersion,
  mayHave: (_: unknown, key: string) => mayHave(key),
  lookup,
  revocation,
});

const httpsPlace = ({ port }: WayOut) => ({
  url: `https://${serverName}:${port}/feed`,
  authority: undefined,
  authorizationFile: undefined,
});

const syslogPlace = ({ port }: WayOut) => ({ host: serverName, port, authority: undefined });
