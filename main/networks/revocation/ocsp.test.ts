import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readAnswer, writeRequest } from "./ocsp.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "./testing/authority.ts";
import { type OcspResponder, startOcspResponder } from "./testing/responder.ts";

const day = 24 * 3_600_000;
let authority: TestAuthority;
let responder: OcspResponder;
let server: IssuedCertificate;

beforeAll(async () => {
  authority = createTestAuthority();
  responder = await startOcspResponder(authority.root);
  server = authority.issue("example.test");
});
afterAll(async () => {
  await responder.stop();
  authority.remove();
});
beforeEach(() => responder.say([{ pem: server.pem, state: "good" }]));

const der = ({ pem }: IssuedCertificate) => new X509Certificate(pem).raw;

/** Answer of openssl about the server's certificate, and what is made of it. */
async function asked(signer?: IssuedCertificate, { now = Date.now(), nonce }: { now?: number; nonce?: Buffer } = {}) {
  const about = { certificate: der(server), issuer: der(authority.root) };
  const made = await writeRequest(about.certificate, about.issuer);
  return readAnswer(await responder.answer(made.request, signer), { ...about, nonce: nonce ?? made.nonce, now });
}

describe("an answer of openssl", () => {
  it("is read", async () => {
    const good = await asked();
    expect(good?.state).toBe("good");
    expect(Math.abs((good?.until ?? 0) - Date.now() - day)).toBeLessThan(60_000);
    await responder.say([{ pem: server.pem, state: "revoked" }]);
    expect((await asked())?.state).toBe("revoked");
    await responder.say([]);
    expect((await asked())?.state).toBe("unknown");
  });

  it("counts within its time; that a certificate was revoked counts for ever", async () => {
    expect(await asked(undefined, { now: Date.now() + 2 * day })).toBeUndefined();
    expect(await asked(undefined, { now: Date.now() - day })).toBeUndefined();
    await responder.say([{ pem: server.pem, state: "revoked" }]);
    expect((await asked(undefined, { now: Date.now() + 2 * day }))?.state).toBe("revoked");
  });

  it("counts for a week at most", async () => {
    const about = { certificate: der(server), issuer: der(authority.root), nonce: undefined };
    const { request } = await writeRequest(about.certificate, about.issuer);
    const answer = await responder.answer(request, undefined, 30);
    const until = async (now: number) => (await readAnswer(answer, { ...about, now }))?.until;
    const now = Date.now();
    expect(await until(now)).toBe(now + 604_800_000);
    const late = now + 29 * day;
    expect(await until(late)).toBeLessThan(late + 2 * day);
  });

  it("to another request does not count", async () => {
    expect(await asked(undefined, { nonce: Buffer.alloc(32) })).toBeUndefined();
  });

  it("counts from whom the authority charged with it, and from nobody else", async () => {
    expect((await asked(authority.issue("ocsp.test", ["extendedKeyUsage=OCSPSigning"])))?.state).toBe("good");
    // Another server of the same authority, and the one that it is about: a thief of its key would say that it is good.
    expect(await asked(authority.issue("other.test", ["extendedKeyUsage=serverAuth"]))).toBeUndefined();
    expect(await asked(server)).toBeUndefined();
    // Whoever is charged with it by somebody else.
    const stranger = createTestAuthority();
    try {
      expect(await asked(stranger.issue("ocsp.test", ["extendedKeyUsage=OCSPSigning"]))).toBeUndefined();
      expect(await asked(stranger.root)).toBeUndefined();
    } finally {
      stranger.remove();
    }
  });

  it("counts from an authority below another one", async () => {
    const below = authority.issue("authority.test", ["basicConstraints=critical,CA:TRUE"]);
    const certificate = authority.issue("example.test", [], below);
    const second = await startOcspResponder(below);
    try {
      await second.say([{ pem: certificate.pem, state: "good" }]);
      const about = { certificate: der(certificate), issuer: der(below) };
      const { request, nonce } = await writeRequest(about.certificate, about.issuer);
      const charged = authority.issue("ocsp.test", ["extendedKeyUsage=OCSPSigning"], below);
      // Charged by the one above, which is not the issuer of what is asked about.
      const wronglyCharged = authority.issue("ocsp.test", ["extendedKeyUsage=OCSPSigning"]);
      const stateBy = async (signer: IssuedCertificate) =>
        (await readAnswer(await second.answer(request, signer), { ...about, nonce, now: Date.now() }))?.state;
      expect(await stateBy(below)).toBe("good");
      expect(await stateBy(charged)).toBe("good");
      expect(await stateBy(wronglyCharged)).toBeUndefined();
    } finally {
      await second.stop();
    }
  });

  it("about another certificate, or by an authority that only looks the same, does not count", async () => {
    const about = { certificate: der(server), issuer: der(authority.root) };
    const { request } = await writeRequest(about.certificate, about.issuer);
    const answer = await responder.answer(request);
    const other = { certificate: der(authority.issue("example.test")), issuer: about.issuer };
    expect(await readAnswer(answer, { ...other, nonce: undefined, now: Date.now() })).toBeUndefined();
    const stranger = createTestAuthority();
    expect(
      await readAnswer(answer, { ...about, issuer: der(stranger.root), nonce: undefined, now: Date.now() }),
    ).toBeUndefined();
    stranger.remove();
  });
});

describe("bytes that are no answer", () => {
  it("say nothing", async () => {
    const about = { certificate: der(server), issuer: der(authority.root), nonce: undefined, now: Date.now() };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await readAnswer(bytes, about)).toBeUndefined();
      }),
    );
  });

  it("do not become a good one by a changed byte", async () => {
    await responder.say([{ pem: server.pem, state: "revoked" }]);
    const about = { certificate: der(server), issuer: der(authority.root), nonce: undefined, now: Date.now() };
    const answer = await responder.answer((await writeRequest(about.certificate, about.issuer)).request);
    await fc.assert(
      fc.asyncProperty(fc.nat(answer.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(answer);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect((await readAnswer(changed, about))?.state).not.toBe("good");
      }),
    );
  });
});
