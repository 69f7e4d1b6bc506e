import { randomUUID, X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTestProxy } from "../networks/proxy/testing/test-proxy.ts";
import {
  createTestAuthority,
  type IssuedCertificate,
  type TestAuthority,
} from "../networks/revocation/testing/authority.ts";
import { type OcspResponder, startOcspResponder } from "../networks/revocation/testing/responder.ts";
import { keyOf } from "../networks/server-trust.ts";
import {
  type HttpsReceiver,
  type SyslogReceiver,
  startHttpsReceiver,
  startSyslogReceiver,
} from "../record/feed/receivers.test-helper.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";

/** However busy the machine is. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, 20_000);

let testApp: SignedInTestApp;
let conversationId: string;
let authority: TestAuthority;
let responder: OcspResponder;
let certificate: IssuedCertificate;
let warnings: string[];
let endings: (() => Promise<void>)[];

beforeEach(async () => {
  authority = createTestAuthority();
  responder = await startOcspResponder(authority.root);
  certificate = authority.issue("localhost", [`authorityInfoAccess=OCSP;URI:${responder.url}`]);
  await say("good");
  warnings = [];
  endings = [];
  testApp = await openSignedInTestApp([bob], {
    onWarning: (what, { reason }) => warnings.push(`${what}: ${String(reason)}`),
  });
  conversationId = testApp.id(bob);
});
afterEach(async () => {
  await testApp.close();
  for (const end of endings.reverse()) await end();
  await responder.stop();
  authority.remove();
});

const say = (state: "good" | "revoked") => responder.say([{ pem: certificate.pem, state }]);
const otherPin = `${"A".repeat(43)}=`;
const pin = () => keyOf(new X509Certificate(certificate.pem));
const trusted = () => ({ AdditionalTrustAnchors: [authority.root.pem] });

async function proxy() {
  const started = await startTestProxy("http");
  endings.push(started.stop);
  return started;
}

describe.each(["https", "syslog"] as const)("an archive over %s", { timeout: 60_000 }, (kind) => {
  let receiver: HttpsReceiver | SyslogReceiver;

  async function start(maxVersion?: "TLSv1.2"): Promise<void> {
    receiver = await (kind === "https" ? startHttpsReceiver : startSyslogReceiver)(0, certificate, maxVersion);
    endings.push(receiver.stop);
  }
  const received = (): string =>
    ("messages" in receiver ? receiver.messages : receiver.requests.map(({ body }) => body)).join("\n");
  const policy = (more: object) =>
    testApp.policy({
      ArchiveScope: "all",
      ArchiveRequired: true,
      ArchiveDestination:
        kind === "https"
          ? { type: "https", url: `https://localhost:${receiver.port}/` }
          : { type: "syslog", host: "localhost", port: receiver.port },
      ...more,
    });

  /** Nothing is handed over, nothing is sent, and both the person and the log learn why. */
  async function refusedFor(code: string, reason: string): Promise<void> {
    const body = `under ${reason} ${randomUUID()}`;
    await testApp.request("messages.send", { conversationId, messageId: randomUUID(), body });
    await eventually(async () =>
      expect((await testApp.appRecord()).archiveBlocked).toEqual({ code, params: { reason } }),
    );
    expect(warnings).toContain(`The archive cannot be reached: ${reason}`);
    expect(received()).not.toContain(body);
    expect(testApp.network.messages.map((message) => message.body)).not.toContain(body);
  }

  /**
   * Expects waiting items to be handed over and sent, unless the account, of which its network says too little, may not
   * be signed in under these rules.
   */
  async function takenAgain(isSent = true): Promise<void> {
    const { messages } = await testApp.request("conversations.open", { conversationId, limit: 100 });
    await eventually(() => {
      for (const { body } of messages) {
        expect(received()).toContain(body);
        if (isSent) expect(testApp.network.messages.map((message) => message.body)).toContain(body);
      }
    });
    await eventually(async () => expect((await testApp.appRecord()).archiveBlocked).toBeUndefined());
  }

  it("is trusted from the moment policy names its authority, and no longer than that", async () => {
    await start();
    await policy({});
    await refusedFor("archive-not-trusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    await policy(trusted());
    await takenAgain();
    await policy({ AdditionalTrustAnchors: [] });
    await refusedFor("archive-not-trusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    await policy(trusted());
    await takenAgain();
  });

  it("has to have one of the keys that are pinned", async () => {
    await start();
    await policy({ ...trusted(), CertificatePins: [{ host: "localhost", keys: [otherPin] }] });
    await refusedFor("archive-not-trusted", "certificate-pin-mismatch");
    await policy({ ...trusted(), CertificatePins: [{ host: "localhost", keys: [otherPin, pin()] }] });
    await takenAgain();
    // Pins that cannot be used let nothing connect.
    await policy({ ...trusted(), CertificatePins: [{ host: "localhost", keys: ["no pin"] }] });
    await refusedFor("archive-not-trusted", "certificate-pin-mismatch");
    await policy({ ...trusted(), CertificatePins: [{ host: "other.test", keys: [otherPin] }] });
    await takenAgain();
  });

  it("gets nothing when its certificate was revoked, nor under hard when nobody answers about it", async () => {
    await start();
    await say("revoked");
    await policy({ ...trusted(), RevocationMode: "soft" });
    await refusedFor("archive-not-trusted", "certificate-revoked");
    await policy({ ...trusted(), RevocationMode: "off" });
    await takenAgain();
  });

  it("under hard gets nothing when nobody answers about its certificate, and under soft all the same", async () => {
    await start();
    responder.falter(true);
    await policy({ ...trusted(), RevocationMode: "hard" });
    await refusedFor("archive-not-trusted", "certificate-unchecked");
    await policy({ ...trusted(), RevocationMode: "soft" });
    await takenAgain();
  });

  it("has to speak the version of TLS that policy asks for, and is found good under hard", async () => {
    await start("TLSv1.2");
    await policy({ ...trusted(), TlsMinVersion: "1.3" });
    await refusedFor("archive-unreachable", "TlsMinVersion");
    await policy({ ...trusted(), TlsMinVersion: "1.2", RevocationMode: "hard" });
    await takenAgain(false);
    expect(responder.asked).toBe(1);
  });

  it("is reached through the proxy that policy names, and not around it", async () => {
    await start();
    const [first, gone] = [await proxy(), await proxy()];
    gone.refuse();
    await policy({ ...trusted(), ProxySettings: { mode: "fixed", url: gone.url } });
    await refusedFor("archive-unreachable", "proxy-refused");
    await policy({ ...trusted(), ProxySettings: { mode: "blocked" } });
    await refusedFor("archive-unreachable", "ProxySettings");
    await policy({ ...trusted(), ProxySettings: { mode: "fixed", url: first.url } });
    await takenAgain(false);
    expect(first.targets).toContain(`localhost:${receiver.port}`);
  });
});

describe("the audit log's server", { timeout: 60_000 }, () => {
  it("is held to the same rules: nothing goes to one that cannot prove itself, and all of it to one that can", async () => {
    const receiver = await startSyslogReceiver(0, certificate);
    endings.push(receiver.stop);
    const policy = (more: object) =>
      testApp.policy({ AuditSyslogServer: { host: "localhost", port: receiver.port }, ...more });
    const refusedFor = async (reason: string): Promise<void> => {
      await eventually(() => expect(warnings.at(-1)).toBe(`The audit log server cannot be reached: ${reason}`));
      expect(receiver.messages).toEqual([]);
    };
    const one = await proxy();
    await policy({});
    await refusedFor("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    await policy({ ...trusted(), CertificatePins: [{ host: "localhost", keys: [otherPin] }] });
    await refusedFor("certificate-pin-mismatch");
    await policy({ ...trusted(), ProxySettings: { mode: "blocked" } });
    await refusedFor("ProxySettings");
    await say("revoked");
    await policy({ ...trusted(), RevocationMode: "hard" });
    await refusedFor("certificate-revoked");
    await policy({ ...trusted(), RevocationMode: "off", ProxySettings: { mode: "fixed", url: one.url } });
    await eventually(() => expect(receiver.messages.length).toBeGreaterThan(1));
    expect(one.targets).toContain(`localhost:${receiver.port}`);
  });
});
