import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ServerSettings } from "../../shared/model/account.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import { friendly, startScriptedServer as startSipServer } from "../networks/simple/testing/scripted-server.ts";
import { createTestCertificate } from "../networks/xmpp/testing/certificate.ts";
import { honestScram } from "../networks/xmpp/testing/scram-server.ts";
import { startScriptedServer as startXmppServer } from "../networks/xmpp/testing/scripted-server.ts";

const password = "secret";
const certificate = createTestCertificate("example.test");

/** A server that asks to sign in as a test says. */
interface AskingServer {
  readonly settings: ServerSettings;
  /** Ways of signing in that it offers from now on, as policy AuthMethods has them. */
  ask(...methods: readonly string[]): void;
  /** Attempts to sign in so far. */
  readonly attempts: number;
  /** Ways in which the password was used, in order. */
  readonly used: readonly string[];
  stop(): Promise<void>;
}

async function askOverXmpp(...methods: readonly string[]): Promise<AskingServer> {
  const mechanisms = [...methods];
  const scram = honestScram(password);
  let plain = false;
  const server = await startXmppServer({
    certificate,
    mechanisms,
    sasl: (element, client) => {
      if (element.name === "auth") plain = element.attrs["mechanism"] === "PLAIN";
      return plain ? "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" : scram(element, client);
    },
  });
  return {
    settings: { host: "127.0.0.1", port: server.port, caPem: certificate.pem },
    ask: (...next) => void mechanisms.splice(0, mechanisms.length, ...next),
    get attempts() {
      return server.clients.length;
    },
    get used() {
      const auths = server.clients.flatMap(({ elements }) => elements.filter(({ name }) => name === "auth"));
      return auths.map(({ attrs }) => attrs["mechanism"] ?? "");
    },
    stop: () => server.stop(),
  };
}

async function askOverSip(...methods: readonly string[]): Promise<AskingServer> {
  let asked = methods;
  const server = await startSipServer((request, times) => {
    if (request.method !== "REGISTER" || request.headers.get("authorization") !== undefined)
      return friendly(request, times);
    const challenge = (method: string): string =>
      `WWW-Authenticate: Digest realm="example.test", nonce="n", qop="auth", algorithm=${method.replace("DIGEST-", "")}`;
    return { status: 401, headers: asked.map(challenge) };
  }, certificate);
  const registers = () =>
    server.received.flatMap((message) =>
      message.kind === "request" && message.method === "REGISTER" ? [message.headers.get("authorization")] : [],
    );
  return {
    settings: { host: "127.0.0.1", port: server.port, transport: "tls", caPem: certificate.pem },
    ask: (...next) => {
      asked = next;
    },
    get attempts() {
      return registers().filter((answer) => answer === undefined).length;
    },
    get used() {
      return registers().flatMap((answer) =>
        answer === undefined ? [] : [`DIGEST-${/algorithm=([\w-]+)/.exec(answer)?.[1] ?? ""}`],
      );
    },
    stop: () => server.close(),
  };
}

describe.each([
  { protocol: "xmpp", start: askOverXmpp, before: "SCRAM-SHA-256", now: "PLAIN", other: "SCRAM-SHA-1" },
  {
    protocol: "simple",
    start: askOverSip,
    before: "DIGEST-SHA-256",
    now: "DIGEST-MD5",
    other: "DIGEST-MD5 (RFC 2069)",
  },
] as const)("a $protocol server that asks for a weaker way of signing in than before", (way) => {
  const { protocol, before, now, other } = way;
  const account = { address: "alice@example.test", password, protocol };
  const refused = { state: "failed", error: { code: "weaker-sign-in", params: { before, now } } };
  let testApps: TestApps;
  let server: AskingServer;

  beforeEach(async () => {
    server = await way.start(before, now);
    testApps = await createTestApps();
  });
  afterEach(async () => {
    await testApps.close();
    await server.stop();
  });

  async function signIn(testApp: TestApp): Promise<string> {
    const { accountId } = await testApp.request("accounts.add", { ...account, server: server.settings });
    await testApp.untilAccount({ state: "online" });
    return accountId;
  }

  /** An account that has signed in the stronger way; then the server asks for the weaker one alone. */
  async function signedInOnce(): Promise<string> {
    const testApp = await testApps.open();
    const accountId = await signIn(testApp);
    await testApp.app.stop();
    expect(new Set(server.used)).toEqual(new Set([before]));
    server.ask(now);
    return accountId;
  }

  it("does not get the password, not even after a restart, and the person is told", async () => {
    await signedInOnce();
    for (let start = 0; start < 2; start++) {
      const testApp = await testApps.open();
      await testApp.untilAccount(refused);
      const { attempts } = server;
      await testApp.request("accounts.retry", {});
      await expect.poll(() => server.attempts).toBeGreaterThan(attempts);
      await testApp.untilAccount(refused);
      await testApp.app.stop();
    }
    expect(server.used).not.toContain(now);
  });

  it("gets it when the person consents to that way, and to no other, and again after a restart", async () => {
    const accountId = await signedInOnce();
    const second = await testApps.open();
    await second.untilAccount(refused);
    await expect(second.request("accounts.allowWeakerSignIn", { accountId, method: other })).rejects.toMatchObject({
      code: "not-found",
    });
    expect(server.used).not.toContain(now);
    await second.request("accounts.allowWeakerSignIn", { accountId, method: now });
    await second.untilAccount({ state: "online" });
    await second.app.stop();
    const third = await testApps.open();
    await third.untilAccount({ state: "online" });
    // What was consented to is no way around what follows: the stronger way, once it is back, counts again.
    server.ask(before);
    await third.app.stop();
    const fourth = await testApps.open();
    await fourth.untilAccount({ state: "online" });
    await fourth.app.stop();
    server.ask(now);
    await (await testApps.open()).untilAccount(refused);
  });

  it("does not get it to find out whether a password is right", async () => {
    const testApp = await testApps.open();
    await testApp.policy({ PasswordSaveEnabled: false });
    await signIn(testApp);
    await testApp.request("lock.now", {});
    await testApp.app.stop();
    server.ask(now);
    const second = await testApps.open();
    await expect.poll(async () => (await second.appRecord()).lockedBy).toBe("sign-in");
    const asked = second.request("lock.unlock", { secret: password, address: account.address });
    await expect(asked).rejects.toMatchObject({ code: "weaker-sign-in" });
    expect(server.used).not.toContain(now);
  });

  it("does not get it by asking for consent when there is nothing to consent to", async () => {
    const testApp = await testApps.open();
    const accountId = await signIn(testApp);
    await expect(testApp.request("accounts.allowWeakerSignIn", { accountId, method: now })).rejects.toMatchObject({
      code: "not-found",
    });
  });
});
