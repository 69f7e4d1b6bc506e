import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRevocationCheck } from "./revocation/revocation.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "./revocation/testing/authority.ts";
import { type OcspResponder, startOcspResponder } from "./revocation/testing/responder.ts";
import { startTlsServer } from "./testing/tls-server.ts";
import { outcomeOf, type WayOut, waysOut } from "./testing/ways-out.ts";

/** Every kind of connection refuses the same servers, and says nothing to them. */

let authority: TestAuthority;
let responder: OcspResponder;
let good: IssuedCertificate;
let revoked: IssuedCertificate;
let expired: IssuedCertificate;
let misnamed: IssuedCertificate;
let weak: IssuedCertificate;
let unnamed: IssuedCertificate;

beforeAll(async () => {
  authority = createTestAuthority();
  responder = await startOcspResponder(authority.root);
  const asking = [`authorityInfoAccess=OCSP;URI:${responder.url}`];
  const names = "example.test,DNS:localhost";
  good = authority.issue(names, asking);
  revoked = authority.issue(names, asking);
  expired = authority.issueExpired(names);
  misnamed = authority.issue("other.test");
  weak = authority.issueWeak(names);
  unnamed = authority.issueCommonNames("example.test", "localhost");
  await responder.say([
    { pem: good.pem, state: "good" },
    { pem: revoked.pem, state: "revoked" },
  ]);
});
afterAll(async () => {
  await responder.stop();
  authority.remove();
});

interface Fault {
  readonly certificate: () => IssuedCertificate;
  readonly server?: object;
  readonly way?: Partial<WayOut>;
  readonly code: string;
}

const dns = { lookup: async () => [{ address: "127.0.0.1", family: 4 as const }] };

const faults: Readonly<Record<string, Fault>> = {
  "a certificate for another name": { certificate: () => misnamed, code: "certificate-wrong-name" },
  "a certificate with the right common name alone": { certificate: () => unnamed, code: "certificate-wrong-name" },
  "an expired certificate": { certificate: () => expired, code: "certificate-expired" },
  "a certificate of nobody that is trusted": {
    certificate: () => good,
    way: { anchors: [] },
    code: "certificate-untrusted",
  },
  "a certificate with a weak key": {
    certificate: () => weak,
    server: { ciphers: "DEFAULT@SECLEVEL=0" },
    code: "certificate-untrusted",
  },
  "a revoked certificate": {
    certificate: () => revoked,
    way: { revocation: createRevocationCheck({ mode: () => "soft", dns, tunnel: undefined, now: Date.now }) },
    code: "certificate-revoked",
  },
  "a key that is not pinned": {
    certificate: () => good,
    way: { mayHave: () => false },
    code: "certificate-pin-mismatch",
  },
  "TLS 1.1": {
    certificate: () => good,
    server: { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    code: "tls-failed",
  },
  "TLS 1.2 where policy asks for 1.3": {
    certificate: () => good,
    server: { maxVersion: "TLSv1.2" },
    way: { minVersion: "TLSv1.3" },
    code: "blocked-by-policy",
  },
};

async function reach(kind: string, { certificate, server: options, way }: Omit<Fault, "code">) {
  const { pem, key } = certificate();
  const server = await startTlsServer({ cert: pem, key, ...options });
  // What nobody answers inside TLS is given up.
  const giveUp = new AbortController();
  const watch = setInterval(() => server.told !== "" && giveUp.abort(), 10);
  try {
    const outcome = await outcomeOf(
      waysOut[kind]?.({
        port: server.port,
        anchors: [authority.root.pem],
        minVersion: "TLSv1.2",
        mayHave: () => true,
        revocation: undefined,
        signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(30_000)]),
        ...way,
      }) ?? Promise.reject(new Error("no such way")),
    );
    return { outcome, told: server.told };
  } finally {
    clearInterval(watch);
    await server.stop();
  }
}

/** Requests that cannot say why they were refused, and those that are not asked about. */
const silent: ReadonlySet<string> = new Set(["host-meta"]);
const unasked = (kind: string, fault: string): boolean => kind === "a proxy" && fault === "a revoked certificate";

describe.each(Object.keys(waysOut))("%s", (kind) => {
  it("reaches a server that proves itself", async () => {
    const { told, outcome } = await reach(kind, { certificate: () => good });
    // A server that was reached is spoken to, or reaching it was all.
    expect(told !== "" || outcome === "connected").toBe(true);
  });

  it.each(Object.keys(faults).filter((fault) => !unasked(kind, fault)))("refuses %s", async (fault) => {
    const described = faults[fault];
    if (!described) throw new Error("no such fault");
    const { outcome, told } = await reach(kind, described);
    expect(outcome).toBe(silent.has(kind) ? "not-found" : described.code);
    expect(told).toBe("");
  });
});
