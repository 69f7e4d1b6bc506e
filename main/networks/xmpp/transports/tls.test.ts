import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import { dialHost } from "../../dial-host.ts";
import { openClient as openSipClient } from "../../simple/testing/client.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { openTestClient } from "../testing/client.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";
import { socketError } from "./tls.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "connected",
    (error: unknown) =>
      error instanceof HallwayError || (error instanceof Error && "code" in error) ? error.code : String(error),
  );
const srv = (service: string) => `otherName:1.3.6.1.5.5.7.8.7;IA5STRING:${service}`;

async function signIn(certificate: TestCertificate, transport: "starttls" | "direct-tls") {
  const script = await startScriptedServer({ certificate, direct: transport === "direct-tls" });
  const client = openTestClient({ host: "127.0.0.1", port: script.port, transport, caPem: certificate.pem });
  endings.push(script.stop, () => client.connection.close());
  return codeOf(client.connection.connect({ availability: "available" }, new AbortController().signal));
}

it.each([
  ["ECONNREFUSED", "connection-refused"],
  ["ECONNRESET", "connection-lost"],
  ["ECONNABORTED", "connection-lost"],
  ["EPIPE", "connection-lost"],
  ["EADDRNOTAVAIL", "no-network"],
  ["EHOSTDOWN", "no-network"],
  ["EHOSTUNREACH", "no-network"],
  ["ENETDOWN", "no-network"],
  ["ENETUNREACH", "no-network"],
  ["EAI_AGAIN", "no-network"],
  ["ENOTFOUND", "unknown-host"],
  ["ENODATA", "unknown-host"],
  ["ETIMEDOUT", "timed-out"],
  ["EPROTO", "tls-failed"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-failed"],
  ["ERR_TLS_REQUIRED_SERVER_NAME", "tls-failed"],
  ["EMFILE", "server-error"],
  ["", "server-error"],
])("calls %j of a socket %s, whether it comes alone or as the first of several", (code, ours) => {
  const error = Object.assign(new Error("socket"), { code });
  const expected = { code: ours, params: { host: "a.test" } };
  expect(socketError(error, "a.test", "server-error")).toMatchObject(expected);
  const several = new AggregateError([error, Object.assign(new Error("later"), { code: "EINVAL" })], "both");
  expect(socketError(several, "a.test", "server-error")).toMatchObject(expected);
});

describe("the names of an XMPP server's certificate", () => {
  it.each([
    ["its domain", "DNS:example.test", "connected"],
    ["the service of clients alone", srv("_xmpp-client.example.test"), "connected"],
    ["that and the web server of somebody else", `DNS:web.test,${srv("_xmpp-client.example.test")}`, "connected"],
    ["the XMPP address alone", "otherName:1.3.6.1.5.5.7.8.5;UTF8:example.test", "connected"],
    ["the service of servers", srv("_xmpp-server.example.test"), "certificate-wrong-name"],
    ["the service of another domain", srv("_xmpp-client.other.test"), "certificate-wrong-name"],
    ["a mail address", "email:postmaster@example.test", "certificate-wrong-name"],
    ["nothing but the common name", "", "certificate-wrong-name"],
  ])("%s", async (_, names, code) => {
    const certificate = createTestCertificate("example.test", names);
    expect([await signIn(certificate, "direct-tls"), await signIn(certificate, "starttls")]).toEqual([code, code]);
  });
});

async function listenWith(certificate: TestCertificate) {
  const server = createServer({ key: certificate.key, cert: certificate.pem });
  const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false });
  const connected = new Promise<string>((resolve) => void sockets.once("connection", () => resolve("connected")));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { at: { host: "127.0.0.1", port: (server.address() as AddressInfo).port }, connected };
}

describe("a SIP server's certificate", () => {
  const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];
  const none = () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" }));
  const reached = async (host: (port: number) => string, names: string) => {
    const certificate = createTestCertificate("server.test", names);
    const { at, connected } = await listenWith(certificate);
    const { port } = at;
    const settings: ServerSettings = {
      host: host(port),
      transport: "websocket",
      caPem: certificate.pem,
      ...(host(port).endsWith(`:${port}`) ? {} : { port }),
    };
    const client = openSipClient(settings, undefined, { dns: { resolveSrv: none, resolveNaptr: none, lookup } });
    endings.push(() => client.connection.close());
    return Promise.race([codeOf(client.signIn()), connected]);
  };

  it.each([
    ["its domain as a SIP URI", () => "server.test", "URI:sip:example.test", "connected"],
    ["its domain", () => "server.test", "DNS:example.test", "connected"],
    ["the host that the person fixed", () => "server.test", "DNS:server.test", "connected"],
    [
      "the host that the person fixed, with its port",
      (port: number) => `server.test:${port}`,
      "DNS:server.test",
      "connected",
    ],
    ["an address, which is nobody's name", () => "127.0.0.1", "IP:127.0.0.1", "certificate-wrong-name"],
    [
      "another domain as a SIP URI beside the right name",
      () => "server.test",
      "URI:sip:other.test,DNS:example.test",
      "certificate-wrong-name",
    ],
  ] as const)("may name %s", async (_, host, names, outcome) => expect(await reached(host, names)).toBe(outcome));
});

describe("a certificate with nothing but a common name", () => {
  const certificate = createTestCertificate("example.test", "");
  const listen = async () => (await listenWith(certificate)).at;

  it("is for no web server", async () => {
    const { port } = await listen();
    const target = {
      host: "example.test",
      port,
      ca: [certificate.pem],
      minVersion: "TLSv1.2",
      mayHave: () => true,
    } as const;
    const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];
    expect(await codeOf(dialHost({ ...target, lookup }, AbortSignal.timeout(20_000)))).toBe(
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  });

  it.each(["tls", "websocket"] as const)("is for no SIP server over %s", async (transport) => {
    const settings: ServerSettings = { ...(await listen()), transport, caPem: certificate.pem };
    const client = openSipClient(settings);
    endings.push(() => client.connection.close());
    expect(await codeOf(client.signIn())).toBe("certificate-wrong-name");
  });

  it("is for no XMPP server over WebSocket", async () => {
    const client = openTestClient({ ...(await listen()), transport: "websocket", caPem: certificate.pem });
    endings.push(() => client.connection.close());
    expect(await codeOf(client.connection.connect({ availability: "available" }, new AbortController().signal))).toBe(
      "certificate-wrong-name",
    );
  });
});
