import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import { afterEach, beforeAll, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { openTestClient } from "../testing/client.ts";
import { type ScriptedClient, type ScriptedServer, type ScriptOptions, startScriptedServer } from "../testing/scripted-server.ts";

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

/** The server's side of SCRAM (RFC 5802), honest: it knows the password and checks the channel binding. */
function honest(password: string): NonNullable<ScriptOptions["sasl"]> {
  const nonce = "server-nonce";
  const salt = Buffer.from("some salt");
  let bare = "";
  let gs2 = "";
  let challenge = "";
  let mechanism = "";
  return (element, client) => {
    const text = Buffer.from(element.getText(), "base64").toString();
    if (element.name === "auth") {
      mechanism = element.attrs["mechanism"] ?? "";
      const at = text.indexOf("n=", text.indexOf(",") + 1);
      gs2 = text.slice(0, at);
      bare = text.slice(at);
      challenge = `r=${/r=([^,]+)/.exec(bare)?.[1]}${nonce},s=${salt.toString("base64")},i=4096`;
      return `<challenge xmlns='${nsSasl}'>${Buffer.from(challenge).toString("base64")}</challenge>`;
    }
    const hash = mechanism.includes("256") ? "sha256" : "sha1";
    const mac = (key: Buffer, data: string) => createHmac(hash, key).update(data).digest();
    const salted = pbkdf2Sync(password, salt, 4096, hash === "sha256" ? 32 : 20, hash);
    const [, binding = "", proof = ""] = /^c=([^,]+),r=[^,]+,p=(.+)$/.exec(text) ?? [];
    const signed = `${bare},${challenge},${text.slice(0, text.lastIndexOf(",p="))}`;
    const clientKey = mac(salted, "Client Key");
    const signature = mac(createHash(hash).update(clientKey).digest(), signed);
    const right = Buffer.from(clientKey.map((b, i) => b ^ (signature[i] ?? 0)));
    const bound = Buffer.concat([Buffer.from(gs2), mechanism.endsWith("-PLUS") ? material(client, gs2) : Buffer.alloc(0)]);
    const given = Buffer.from(proof, "base64");
    if (!bound.equals(Buffer.from(binding, "base64")) || given.length !== right.length || !timingSafeEqual(given, right)) {
      return `<failure xmlns='${nsSasl}'><not-authorized/></failure>`;
    }
    return `<success xmlns='${nsSasl}'>${Buffer.from(`v=${mac(mac(salted, "Server Key"), signed).toString("base64")}`).toString("base64")}</success>`;
  };
}

function material(client: ScriptedClient, gs2: string): Buffer {
  const { tls } = client;
  if (gs2 === "p=tls-exporter,,") return tls?.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)) ?? Buffer.from("none");
  return tls?.getPeerFinished() ?? Buffer.from("none");
}

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
  return { code, mechanism: auth?.attrs["mechanism"] ?? "", first: Buffer.from(auth?.getText() ?? "", "base64").toString() };
}

const all = ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"];
const without = (...names: readonly string[]) => all.filter((m) => !names.includes(m));

it.each([
  ["everything, TLS 1.3", { mechanisms: all }, "SCRAM-SHA-256-PLUS", "p=tls-exporter,,"],
  ["everything, TLS 1.2", { mechanisms: all, maxVersion: "TLSv1.2" }, "SCRAM-SHA-256-PLUS", "p=tls-unique,,"],
  ["SHA-1 with binding only", { mechanisms: without("SCRAM-SHA-256-PLUS") }, "SCRAM-SHA-1-PLUS", "p=tls-exporter,,"],
  ["no binding", { mechanisms: ["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"] }, "SCRAM-SHA-256", "y,,"],
  [
    "a binding of a kind that is not ours",
    { mechanisms: all, saslFeatures: "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/></sasl-channel-binding>" },
    "SCRAM-SHA-256",
    "n,,",
  ],
  ["SHA-1 only", { mechanisms: ["PLAIN", "SCRAM-SHA-1"] }, "SCRAM-SHA-1", "y,,"],
] as const)("signs in with the best of %s", async (_, options, mechanism, gs2) => {
  const result = await signIn(await start({ ...options, sasl: honest("secret") }));
  expect(result).toMatchObject({ code: "signed in", mechanism });
  expect(result.first.startsWith(gs2)).toBe(true);
});

it("tells a wrong password", async () => {
  expect(await signIn(await start({ mechanisms: all, sasl: honest("another") }))).toMatchObject({ code: "wrong-password" });
});

it("sends the password itself only where there is nothing else, inside TLS", async () => {
  const script = await start({ mechanisms: ["PLAIN"] });
  expect(await signIn(script)).toMatchObject({ code: "signed in", mechanism: "PLAIN", first: "\0alice\0secret" });
  expect(script.client.secured).toBe(true);
});

it("is not led back to PLAIN by a server that proved itself before", async () => {
  const proof = honest("secret");
  let down = false;
  const mechanisms: string[] = ["SCRAM-SHA-256"];
  const script = await start({ mechanisms, management: false, sasl: (e, c) => (down ? `<success xmlns='${nsSasl}'/>` : proof(e, c)) });
  const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem });
  cleanups.push(() => client.connection.close());
  const signal = new AbortController().signal;
  await client.connection.connect({ availability: "available" }, signal);
  await client.connection.disconnect();
  down = true;
  mechanisms.splice(0, 1, "PLAIN");
  await expect(client.connection.connect({ availability: "available" }, signal)).rejects.toMatchObject({ code: "server-not-authentic" });
  expect(script.client.elements.some((e) => e.name === "auth")).toBe(false);
});
