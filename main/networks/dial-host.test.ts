import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dialHost } from "./dial-host.ts";
import { freely, startTestProxy } from "./proxy/testing/test-proxy.ts";
import { createTunnel } from "./proxy/tunnel.ts";
import { createRevocationCheck } from "./revocation/revocation.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "./revocation/testing/authority.ts";
import { type OcspResponder, startOcspResponder } from "./revocation/testing/responder.ts";
import { keyOf, trustAnchors } from "./server-trust.ts";
import { XcapClient } from "./simple/xcap/xcap-client.ts";
import { findWebSockets } from "./xmpp/stream/host-meta.ts";

let authority: TestAuthority;
let responder: OcspResponder;
let certificate: IssuedCertificate;
let server: ReturnType<typeof createServer>;
let port: number;
/** Paths that were asked for: nobody asks a server that cannot prove who it is. */
let asked: string[];
const endings: (() => Promise<void>)[] = [];

beforeEach(async () => {
  authority = createTestAuthority();
  responder = await startOcspResponder(authority.root);
  certificate = authority.issue("web.test", [`authorityInfoAccess=OCSP;URI:${responder.url}`]);
  await say("good");
  asked = [];
  const links = [{ rel: "urn:xmpp:alt-connections:websocket", href: "wss://web.test/ws" }];
  server = createServer({ key: certificate.key, cert: certificate.pem }, (request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200).end(JSON.stringify({ links }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  for (const end of endings.splice(0)) await end();
  await responder.stop();
  authority.remove();
});

const say = (state: "good" | "revoked") => responder.say([{ pem: certificate.pem, state }]);
const dns = { lookup: async () => [{ address: "127.0.0.1", family: 4 as const }] };

/** How everything in the house asks whether a certificate was revoked. */
const revocation = (mode: "soft" | "hard" = "soft") =>
  createRevocationCheck({ mode: () => mode, dns, tunnel: undefined, now: Date.now });
const base = () => ({
  ca: trustAnchors([authority.root.pem]),
  minVersion: "TLSv1.2" as const,
  mayHave: (_: unknown, key: string) => key === keyOf(Buffer.from(certificate.pem)),
  lookup: dns.lookup,
  revocation: revocation("hard"),
});
const mayNot = () => false;
const signal = AbortSignal.timeout(30_000);

describe("a secured connection", () => {
  const connected = async (more: Partial<Parameters<typeof dialHost>[0]> = {}) => {
    const socket = await dialHost({ host: "web.test", port, ...base(), ...more }, signal);
    const version = socket.getProtocol();
    socket.destroy();
    return version;
  };

  it("stands with a server that is who it says, for its own name only", async () => {
    expect(await connected()).toBe("TLSv1.3");
    await expect(connected({ host: "other.test" })).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    await expect(connected({ host: "127.0.0.1" })).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    await expect(connected({ ca: trustAnchors([]) })).rejects.toMatchObject({
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
  });

  it("does not stand with another key, or a revoked certificate, or under hard one about which nobody answers", async () => {
    await expect(connected({ mayHave: mayNot })).rejects.toMatchObject({
      code: "certificate-pin-mismatch",
      params: { host: "web.test" },
    });
    await say("revoked");
    await expect(connected()).rejects.toMatchObject({ code: "certificate-revoked", params: { host: "web.test" } });
    responder.falter(true);
    await expect(connected({ revocation: revocation("hard") })).rejects.toMatchObject({
      code: "certificate-unchecked",
    });
    await connected({ revocation: revocation("soft") });
  });

  it("goes through the proxy, under the same checks, and not around it", async () => {
    const proxy = await startTestProxy("http");
    endings.push(proxy.stop);
    const tunnel = createTunnel({
      choose: () => ({ mode: "fixed", url: proxy.url }),
      find: async () => undefined,
      trust: () => freely,
    });
    const through = { tunnel, lookup: () => Promise.reject(new Error("the proxy's to resolve")) };
    await connected(through);
    await expect(connected({ ...through, host: "other.test" })).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
    await expect(connected({ ...through, mayHave: mayNot })).rejects.toMatchObject({
      code: "certificate-pin-mismatch",
    });
    expect(proxy.targets).toEqual([`web.test:${port}`, `other.test:${port}`, `web.test:${port}`]);
    proxy.refuse();
    await expect(connected(through)).rejects.toMatchObject({ code: "proxy-refused" });
  });

  it("ends when it is told to, and says what it was told", async () => {
    const reason = new Error("enough");
    const silent = {
      revocation: (_: unknown, over: AbortSignal) => ended(over),
    };
    const ending = new AbortController();
    const opening = dialHost({ host: "web.test", port, ...base(), ...silent }, ending.signal);
    ending.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await expect(dialHost({ host: "web.test", port, ...base() }, ending.signal)).rejects.toBe(reason);
  });
});

function ended(over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => over.addEventListener("abort", () => reject(over.reason), { once: true }));
}

it("a domain's web server that cannot prove itself is not asked where the domain's WebSockets are (XEP-0156)", async () => {
  const find = ({
    mayHave = () => true,
    pins = [],
    mode = "hard",
  }: {
    mayHave?: () => boolean;
    pins?: string[];
    mode?: "soft" | "hard";
  } = {}) => {
    const { ca, minVersion, lookup } = base();
    return findWebSockets(
      "web.test",
      { tls: { ca, minVersion, pins, mayHave }, lookup, revocation: revocation(mode), port },
      signal,
    );
  };
  expect(await find()).toMatchObject([{ host: "web.test", transport: "websocket" }]);
  asked.splice(0);
  expect(await find({ mayHave: mayNot })).toEqual([]);
  expect(await find({ pins: [`${"A".repeat(43)}=`] })).toEqual([]);
  responder.falter(true);
  expect(await find()).toEqual([]);
  responder.falter(false);
  await say("revoked");
  expect(await find({ mode: "soft" })).toEqual([]);
  expect(asked).toEqual([]);
});

it("an XCAP server that cannot prove itself is told nothing", async () => {
  const read = async ({
    mayHave = (): boolean => true,
    anchors = [authority.root.pem],
    check = revocation("hard"),
  } = {}) => {
    const client = new XcapClient({
      root: `https://web.test:${port}/xcap/`,
      own: "alice@example.test",
      user: "alice",
      password: "secret",
      trust: () => ({ anchors, mayHave, minVersion: "TLSv1.2", revocation: check }),
      lookup: dns.lookup,
      may: () => true,
      allowCleartext: () => false,
    });
    return client.read({ auid: "resource-lists", name: "index", type: "x/y" });
  };
  expect(await read()).toContain("wss://web.test/ws");
  expect(asked.splice(0)).toEqual(["/xcap/resource-lists/users/sip:alice@example.test/index"]);
  await expect(read({ mayHave: mayNot })).rejects.toMatchObject({ code: "certificate-pin-mismatch" });
  await expect(read({ anchors: [] })).rejects.toMatchObject({ code: "certificate-untrusted" });
  await say("revoked");
  await expect(read()).rejects.toMatchObject({ code: "certificate-revoked" });
  responder.falter(true);
  await expect(read({ check: revocation("hard") })).rejects.toMatchObject({ code: "certificate-unchecked" });
  expect(asked).toEqual([]);
  expect(await read({ check: revocation("soft") })).toContain("wss://web.test/ws");
});
