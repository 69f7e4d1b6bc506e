import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { dial } from "../dial.ts";
import type { Revocation } from "../environment.ts";
import { writeRequest } from "./ocsp.ts";
import { createRevocationCheck, type RevocationOptions } from "./revocation.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "./testing/authority.ts";
import { type OcspResponder, startOcspResponder } from "./testing/responder.ts";

let authority: TestAuthority;
let responder: OcspResponder;
let certificate: IssuedCertificate;
const endings: (() => void)[] = [];

beforeAll(async () => {
  authority = createTestAuthority();
  responder = await startOcspResponder(authority.root);
  certificate = named(responder.url);
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
});
afterAll(async () => {
  await responder.stop();
  authority.remove();
});

/** A certificate that names this responder. */
const named = (url: string) => authority.issue("example.test", [`authorityInfoAccess=OCSP;URI:${url}`]);
const say = (state: "good" | "revoked") => responder.say([{ pem: certificate.pem, state }]);

function checking(more: Partial<RevocationOptions> = {}) {
  const dns = { lookup: () => Promise.reject(new Error("nobody is to be looked up")) };
  return createRevocationCheck({ mode: () => "soft", dns, tunnel: undefined, now: Date.now, ...more });
}

/** Result of a check of a server with this certificate and this staple. */
async function check(
  checks: ReturnType<typeof checking>,
  { pem, key } = certificate,
  staple: Buffer | undefined = undefined,
  signal = new AbortController().signal,
): Promise<Revocation> {
  const server = createServer({ key, cert: pem, ca: authority.root.pem });
  server.on("OCSPRequest", (_certificate, _issuer, answer) => answer(null, staple ?? null));
  server.listen(0, "127.0.0.1");
  endings.push(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { socket, revocation } = await dial(
    { host: "127.0.0.1", port },
    {
      host: "example.test",
      asked: "example.test",
      ca: [authority.root.pem],
      minVersion: "TLSv1.2",
      isNamed: () => true,
      mayHave: () => true,
      revocation: (handshake) => checks(handshake, signal),
    },
    new AbortController().signal,
  );
  socket.destroy();
  return revocation;
}

/** URL of a responder that does this. */
async function odd(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  server.listen(0, "127.0.0.1");
  endings.push(
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function stapleOf(state: "good" | "revoked"): Promise<Buffer> {
  await say(state);
  return responder.answer(
    (await writeRequest(new X509Certificate(certificate.pem).raw, new X509Certificate(authority.root.pem).raw)).request,
  );
}

it("an answer is kept for as long as it counts, and asked for again after that", async () => {
  let now = Date.now();
  const checks = checking({ now: () => now });
  await say("good");
  const before = responder.asked;
  expect([await check(checks), await check(checks)]).toEqual(["good", "good"]);
  expect(responder.asked).toBe(before + 1);
  now += 25 * 3_600_000;
  // Of now, for whoever lives tomorrow, is too old: it is asked for and not believed.
  expect(await check(checks)).toBe("unknown");
  expect(responder.asked).toBe(before + 2);
});

it("that nobody knows anything is forgotten after a minute", async () => {
  let now = Date.now();
  const checks = checking({ now: () => now });
  await responder.say([]);
  expect(await check(checks)).toBe("unknown");
  await say("revoked");
  expect(await check(checks)).toBe("unknown");
  now += 61_000;
  await expect(check(checks)).rejects.toMatchObject({ code: "certificate-revoked", params: { host: "example.test" } });
});

it("what a server brings counts, but not against what is known to be revoked", async () => {
  const checks = checking();
  const [revoked, good] = [await stapleOf("revoked"), await stapleOf("good")];
  const before = responder.asked;
  expect(await check(checks, certificate, good)).toBe("good");
  await expect(check(checks, certificate, revoked)).rejects.toMatchObject({ code: "certificate-revoked" });
  expect(responder.asked).toBe(before);
  await say("revoked");
  await expect(check(checks)).rejects.toMatchObject({ code: "certificate-revoked" });
  await expect(check(checks, certificate, good)).rejects.toMatchObject({ code: "certificate-revoked" });
});

it("a responder that sends too much, sends elsewhere, or is not to be found says nothing", async () => {
  let elsewhere = 0;
  const other = await odd((_request, response) => {
    elsewhere += 1;
    response.end();
  });
  const endless = await odd((_request, response) => {
    response.on("error", () => undefined);
    const more = () => void (response.destroyed || response.write(Buffer.alloc(16_384), () => setImmediate(more)));
    more();
  });
  const redirecting = await odd((_request, response) => void response.writeHead(302, { Location: other }).end());
  for (const url of [endless, redirecting, "http://nowhere.test/", "https://127.0.0.1/", "ldap://127.0.0.1/"]) {
    expect(await check(checking(), named(url)), url).toBe("unknown");
    await expect(check(checking({ mode: () => "hard" }), named(url)), url).rejects.toMatchObject({
      code: "certificate-unchecked",
    });
  }
  expect(elsewhere).toBe(0);
});

it("an answer has 65,536 bytes at most, from a responder and from the server itself", async () => {
  const padded = async (request: Uint8Array, length: number): Promise<Buffer> => {
    const answer = await responder.answer(request);
    return Buffer.concat([answer, Buffer.alloc(length - answer.length)]);
  };
  let length = 0;
  const url = await odd((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void padded(Buffer.concat(chunks), length).then((answer) => response.end(answer)));
  });
  const asking = named(url);
  await responder.say([{ pem: asking.pem, state: "good" }]);
  const states: Revocation[] = [];
  for (length of [65_536, 65_537]) states.push(await check(checking(), asking));
  // No server of openssl sends as much itself. The responder, asked behind the longer one, says nothing that counts.
  const [certificateDer, issuerDer] = [asking, authority.root].map(({ pem }) => new X509Certificate(pem).raw);
  const { request } = await writeRequest(certificateDer ?? Buffer.of(), issuerDer ?? Buffer.of());
  for (const staple of [await padded(request, 65_536), await padded(request, 65_537)]) {
    const checks = checking();
    states.push(await check((handshake, signal) => checks({ ...handshake, staple }, signal), asking));
  }
  expect(states).toEqual(["good", "unknown", "good", "unknown"]);
});

it("whoever gives up does not wait for a silent responder, nor for its name", async () => {
  const abort = new AbortController();
  const silent = await odd(() => abort.abort());
  await expect(check(checking(), named(silent), undefined, abort.signal)).rejects.toMatchObject({ code: "cancelled" });
  const looking = new AbortController();
  const lookup = () => {
    looking.abort();
    return new Promise<never>(() => undefined);
  };
  await expect(
    check(checking({ dns: { lookup } }), named("http://nowhere.test/"), undefined, looking.signal),
  ).rejects.toMatchObject({ code: "cancelled" });
});
