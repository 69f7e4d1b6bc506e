import { createHash } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { openTestClient, testEnvironment } from "../testing/client.ts";
import { honestScram } from "../testing/scram-server.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "../testing/scripted-server.ts";

const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
let certificate: TestCertificate;
let cleanups: (() => unknown)[] = [];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  const all = cleanups.reverse();
  cleanups = [];
  for (const clean of all) await clean();
});

async function start(options: ScriptOptions): Promise<ScriptedServer> {
  const script = await startScriptedServer({ certificate, ...options });
  cleanups.push(() => script.stop());
  return script;
}

async function signIn(script: ScriptedServer): Promise<{ code: string; mechanism: string; first: string }> {
  const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem });
  cleanups.push(() => client.connection.close());
  const code = await client.connection.connect({ availability: "available" }, new AbortController().signal).then(
    () => "signed in",
    (error: unknown) => (error instanceof HallwayError ? error.code : String(error)),
  );
  const auth = script.client.elements.find((e) => e.name === "auth");
  return {
    code,
    mechanism: auth?.attrs["mechanism"] ?? "",
    first: Buffer.from(auth?.getText() ?? "", "base64").toString(),
  };
}

const all = [
  "SCRAM-SHA-512",
  "SCRAM-SHA-512-PLUS",
  "PLAIN",
  "SCRAM-SHA-1",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-256-PLUS",
];
const without = (...names: readonly string[]) => all.filter((m) => !names.includes(m));
/** XEP-0440. */
const lists = (...types: readonly string[]) =>
  `<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>${types.map((type) => `<channel-binding type='${type}'/>`).join("")}</sasl-channel-binding>`;

it.each([
  [
    "everything, TLS 1.3",
    { mechanisms: all, saslFeatures: lists("tls-server-end-point", "tls-exporter") },
    "SCRAM-SHA-512-PLUS",
    "p=tls-exporter,,",
  ],
  ["everything, TLS 1.2", { mechanisms: all, maxVersion: "TLSv1.2" }, "SCRAM-SHA-512-PLUS", "p=tls-unique,,"],
  ["binding over TLS 1.3 without a list, which is a guess", { mechanisms: all }, "SCRAM-SHA-512", "n,,"],
  ["SHA-256", { mechanisms: ["SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"] }, "SCRAM-SHA-256", "y,,"],
  [
    "SHA-1 with binding only",
    { mechanisms: without("SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"), saslFeatures: lists("tls-exporter") },
    "SCRAM-SHA-1-PLUS",
    "p=tls-exporter,,",
  ],
  ["no binding", { mechanisms: ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"] }, "SCRAM-SHA-512", "y,,"],
  [
    "the binding that every server has",
    { mechanisms: all, saslFeatures: lists("tls-server-end-point") },
    "SCRAM-SHA-512-PLUS",
    "p=tls-server-end-point,,",
  ],
  [
    "a list that nobody knows a type of",
    { mechanisms: all, saslFeatures: lists("x-bogus") },
    "SCRAM-SHA-512-PLUS",
    "p=tls-exporter,,",
  ],
  ["an empty list", { mechanisms: all, saslFeatures: lists() }, "SCRAM-SHA-512-PLUS", "p=tls-exporter,,"],
  [
    "SCRAM with binding alone, no list",
    { mechanisms: ["PLAIN", "SCRAM-SHA-256-PLUS"] },
    "SCRAM-SHA-256-PLUS",
    "p=tls-exporter,,",
  ],
  ["SHA-512 alone", { mechanisms: ["SCRAM-SHA-512"] }, "SCRAM-SHA-512", "y,,"],
  ["SHA-1 only", { mechanisms: ["PLAIN", "SCRAM-SHA-1"] }, "SCRAM-SHA-1", "y,,"],
] as const)("signs in with the best of %s", async (_, options, mechanism, gs2) => {
  const result = await signIn(await start({ ...options, sasl: honestScram("secret") }));
  expect(result).toMatchObject({ code: "signed in", mechanism });
  expect(result.first.startsWith(gs2)).toBe(true);
});

/** Elements that were sent for signing in, over all connections. */
const tried = (script: ScriptedServer) =>
  script.clients.flatMap((c) =>
    c.elements
      .filter((e) => e.name === "auth")
      .map((e) => `${e.attrs["mechanism"]} ${decode(e.getText()).split("n=")[0]}`),
  );
const decode = (text: string) => Buffer.from(text, "base64").toString();
/** Binds to something else than the connection, as ejabberd 23.01 does over TLS 1.3. */
const bindsWrongly = (answer: string): NonNullable<ScriptOptions["sasl"]> => {
  const inner = honestScram("secret");
  let plus = false;
  return (element, client) => {
    if (element.name === "auth") plus = element.attrs["mechanism"]?.endsWith("-PLUS") === true;
    return plus && element.name === "response" ? answer : inner(element, client);
  };
};
const failure = (condition: string) => `<failure xmlns='${nsSasl}'><${condition}/></failure>`;

it.each(["not-authorized", "malformed-request", "invalid-mechanism", "what-is-this"])(
  "goes without binding, once, where a server that lists no type says %s",
  async (condition) => {
    const script = await start({ mechanisms: all, maxVersion: "TLSv1.2", sasl: bindsWrongly(failure(condition)) });
    expect((await signIn(script)).code).toBe("signed in");
    expect(tried(script)).toEqual(["SCRAM-SHA-512-PLUS p=tls-unique,,", "SCRAM-SHA-512 n,,"]);
  },
);

it.each([
  ["the guess is all there is", { mechanisms: ["PLAIN", "SCRAM-SHA-256-PLUS"] }],
  ["the list names nothing that we know", { mechanisms: all, saslFeatures: lists("x-bogus") }],
])("does not call a password wrong, nor sends it in another way, where %s", async (_, options) => {
  const script = await start({ ...options, sasl: bindsWrongly(failure("not-authorized")) });
  expect((await signIn(script)).code).toBe("sign-in-refused");
  expect(tried(script)).toHaveLength(1);
});

it.each([
  ["not-authorized", "wrong-password"],
  ["credentials-expired", "password-expired"],
  ["account-disabled", "account-disabled"],
  ["temporary-auth-failure", "server-error"],
  ["invalid-authzid", "sign-in-refused"],
  ["policy-violation", "sign-in-refused"],
  ["something-of-its-own", "sign-in-refused"],
])("says what a server means by %s", async (condition, code) => {
  expect(await signIn(await start({ mechanisms: ["SCRAM-SHA-256"], sasl: () => failure(condition) }))).toMatchObject({
    code,
  });
});

it.each([
  ["where binding is not in question", { mechanisms: all }, 1],
  ["where the server lists its binding", { mechanisms: all, saslFeatures: lists("tls-exporter") }, 1],
  ["after a try without binding", { mechanisms: all, maxVersion: "TLSv1.2" }, 2],
] as const)("tells a wrong password %s", async (_, options, tries) => {
  const script = await start({ ...options, sasl: honestScram("another") });
  expect(await signIn(script)).toMatchObject({ code: "wrong-password" });
  expect(tried(script)).toHaveLength(tries);
});

it("finds out that somebody changed what the server offered, where the server signs that (XEP-0474)", async () => {
  const hash = (mechanisms: readonly string[]) =>
    createHash("sha256")
      .update(`${mechanisms.toSorted().join("\u001E")}\u001Ftls-exporter`)
      .digest("base64");
  const offer = { mechanisms: ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"], saslFeatures: lists("tls-exporter") };
  const honest = await start({ ...offer, sasl: honestScram("secret", `,h=${hash(offer.mechanisms)}`) });
  expect((await signIn(honest)).code).toBe("signed in");
  const forged = await start({
    ...offer,
    sasl: honestScram("secret", `,h=${hash(["SCRAM-SHA-512", ...offer.mechanisms])}`),
  });
  expect((await signIn(forged)).code).toBe("server-not-authentic");
});

it("sends the password itself only where there is nothing else, inside TLS", async () => {
  const script = await start({ mechanisms: ["PLAIN"] });
  expect(await signIn(script)).toMatchObject({ code: "signed in", mechanism: "PLAIN", first: "\0alice\0secret" });
  expect(script.client.secured).toBe(true);
});

describe("a server that has signed in better before", () => {
  const offers = {
    "the password itself": ["PLAIN"],
    "a weaker hash": ["SCRAM-SHA-1", "PLAIN"],
    "no binding": ["SCRAM-SHA-512", "PLAIN"],
  };
  const strong = { mechanisms: ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"], saslFeatures: lists("tls-exporter") };
  const connect = (script: ScriptedServer, environment: NetworkEnvironment) => {
    const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem }, environment);
    cleanups.push(() => client.connection.close());
    return {
      client,
      signedIn: () => client.connection.connect({ availability: "available" }, new AbortController().signal),
    };
  };

  it.each(Object.entries(offers))(
    "is not followed to %s, also after a restart, unless the person consents",
    async (_, mechanisms) => {
      const environment = testEnvironment();
      const before = await start({ ...strong, sasl: honestScram("secret") });
      await connect(before, environment).signedIn();
      const now = await start({
        mechanisms,
        sasl: (e, c) =>
          e.attrs["mechanism"] === "PLAIN" ? `<success xmlns='${nsSasl}'/>` : honestScram("secret")(e, c),
      });
      // The same account, and another object, as after a restart.
      const { client, signedIn } = connect(now, environment);
      const refusal = { code: "weaker-sign-in", params: { before: "SCRAM-SHA-256-PLUS", now: mechanisms[0] } };
      await expect(signedIn()).rejects.toMatchObject(refusal);
      expect(tried(now)).toEqual([]);
      await client.connection.allowWeaker?.(mechanisms[0] ?? "");
      await signedIn().catch(() => undefined);
      expect(tried(now)[0]).toContain(`${mechanisms[0]} `);
    },
  );

  it("is followed to something stronger, which counts from then on", async () => {
    const environment = testEnvironment();
    await connect(await start({ mechanisms: ["SCRAM-SHA-1"], sasl: honestScram("secret") }), environment).signedIn();
    await connect(
      await start({ mechanisms: ["SCRAM-SHA-1", "SCRAM-SHA-512"], sasl: honestScram("secret") }),
      environment,
    ).signedIn();
    await expect(connect(await start({ mechanisms: ["SCRAM-SHA-256"] }), environment).signedIn()).rejects.toMatchObject(
      { code: "weaker-sign-in" },
    );
  });

  it("is not followed to a sign-in without binding when binding is refused", async () => {
    const environment = testEnvironment();
    const older = { mechanisms: all, maxVersion: "TLSv1.2" } as const;
    await connect(await start({ ...older, sasl: honestScram("secret") }), environment).signedIn();
    const relayed = await start({ ...older, sasl: bindsWrongly(failure("not-authorized")) });
    await expect(connect(relayed, environment).signedIn()).rejects.toMatchObject({ code: "wrong-password" });
    expect(tried(relayed)).toHaveLength(1);
  });

  it.each([
    ["lists no type any more, over TLS 1.3", {}],
    ["lists nothing that we know any more", { saslFeatures: lists("x-bogus") }],
  ])("is asked about where it %s, and cannot bind as we do", async (_, offer) => {
    const environment = testEnvironment();
    await connect(await start({ ...strong, sasl: honestScram("secret") }), environment).signedIn();
    const now = await start({ mechanisms: strong.mechanisms, ...offer, sasl: bindsWrongly(failure("not-authorized")) });
    const { client, signedIn } = connect(now, environment);
    await expect(signedIn()).rejects.toMatchObject({
      code: "weaker-sign-in",
      params: { before: "SCRAM-SHA-256-PLUS", now: "SCRAM-SHA-256" },
    });
    expect(tried(now)).toEqual(["SCRAM-SHA-256-PLUS p=tls-exporter,,"]);
    await client.connection.allowWeaker?.("SCRAM-SHA-256");
    await signedIn();
    expect(tried(now).slice(1)).toEqual(["SCRAM-SHA-256 n,,"]);
  });

  it("says so before it says anything of other servers that cannot be reached", async () => {
    const environment = testEnvironment();
    await connect(await start({ ...strong, sasl: honestScram("secret") }), environment).signedIn();
    const now = await start({ mechanisms: ["PLAIN"] });
    const names = new Map([["_xmpp-client._tcp.example.test", [now.port, 9]]]);
    const dns = {
      ...environment.dns,
      resolveSrv: (name: string) =>
        names.has(name)
          ? Promise.resolve(
              (names.get(name) ?? []).map((port, priority) => ({ name: "x.example.test", port, priority, weight: 0 })),
            )
          : environment.dns.resolveSrv(name),
    };
    const client = openTestClient({ caPem: certificate.pem }, { ...environment, dns });
    cleanups.push(() => client.connection.close());
    await expect(
      client.connection.connect({ availability: "available" }, new AbortController().signal),
    ).rejects.toMatchObject({ code: "weaker-sign-in" });
  });
});
