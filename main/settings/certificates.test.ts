import { generateKeyPairSync, sign } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { dialHost } from "../networks/dial-host.ts";
import {
  createTestAuthority,
  type IssuedCertificate,
  type TestAuthority,
} from "../networks/revocation/testing/authority.ts";
import { trustAnchors } from "../networks/server-trust.ts";
import { resolveAll } from "./resolve.ts";
import { isSigned, policyKey } from "./sources/signature.ts";

let authority: TestAuthority;
let stranger: TestAuthority;
let issued: IssuedCertificate;
let server: Server;

beforeAll(async () => {
  authority = createTestAuthority();
  stranger = createTestAuthority();
  issued = authority.issue("web.test", []);
  server = createServer({ key: issued.key, cert: issued.pem }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  authority.remove();
  stranger.remove();
});

/** Value that a policy with this value of a key puts in force. */
function resolved(key: keyof typeof settings, value: unknown) {
  return resolveAll(
    settings,
    { mandatory: new Map([[key, { value, source: "/a.json" }]]), recommended: new Map() },
    new Map(),
  ).get(key);
}

const flat = (pem: string, separator: string): string => pem.trim().split("\n").join(separator);
const der = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, "");

/** Every form in which the same certificate may stand in a policy. */
const forms: readonly (readonly [string, (pem: string) => string])[] = [
  ["PEM as files have it", (pem) => pem],
  ["PEM with CRLF", (pem) => pem.replaceAll("\n", "\r\n")],
  ["PEM on one line with spaces", (pem) => flat(pem, " ")],
  ["PEM on one line without anything", (pem) => flat(pem, "")],
  ["PEM on one line with written-out line feeds", (pem) => flat(pem, "\\n")],
  ["PEM on one line with written-out CRLF", (pem) => flat(pem, "\\r\\n")],
  ["PEM with remarks around it", (pem) => `subject=CN = Example\n${pem}\n# end`],
  ["the older label", (pem) => pem.replaceAll("CERTIFICATE", "X509 CERTIFICATE")],
  ["base64 DER", der],
  ["base64 DER in lines", (pem) => der(pem).replace(/.{76}/g, "$& ")],
  ["after another certificate, on one line", (pem) => `${flat(stranger.root.pem, " ")} ${flat(pem, " ")}`],
];

describe("a certificate in a policy", () => {
  it.each(forms)("is trusted by a real connection: %s", async (_, write) => {
    const anchors = resolved("AdditionalTrustAnchors", [write(authority.root.pem)]);
    expect(anchors?.error).toBeUndefined();
    const socket = await dialHost(
      {
        host: "web.test",
        port: (server.address() as AddressInfo).port,
        ca: trustAnchors(anchors?.value as readonly string[]),
        minVersion: "TLSv1.2",
        mayHave: () => true,
        lookup: async () => [{ address: "127.0.0.1", family: 4 as const }],
      },
      AbortSignal.timeout(30_000),
    );
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it.each(forms)("stands in one form wherever it may stand: %s", (_, write) => {
    const pem = write(authority.root.pem);
    const { value: anchors } = resolved("AdditionalTrustAnchors", [pem]) ?? {};
    const [text] = anchors as readonly string[];
    const server = { caPem: pem };
    expect(resolved("KeyEscrowCertificate", pem)?.value).toBe(text);
    expect(resolved("AuditSyslogServer", { host: "a.example", authority: pem })?.value).toMatchObject({
      authority: text,
    });
    expect(resolved("ArchiveDestination", { type: "syslog", host: "a.example", authority: pem })?.value).toMatchObject({
      authority: text,
    });
    expect(
      resolved("ArchiveDestination", { type: "https", url: "https://a.example", authority: pem })?.value,
    ).toMatchObject({ authority: text });
    expect(
      resolved("ProvisionedAccounts", [{ name: "a", protocol: "xmpp", address: "a@b.example", server }])?.value,
    ).toMatchObject([{ server: { caPem: text } }]);
  });

  it.each<readonly [string, (pem: string) => string]>([
    ["nothing", () => ""],
    ["no certificate", () => "not a certificate"],
    ["a cut one", (pem) => der(pem).slice(0, -8)],
    ["a cut PEM", (pem) => pem.slice(0, -30)],
    ["one too much at its end", (pem) => `${der(pem).replace(/=+$/, "")}AAAA`],
    ["DER that is no certificate", () => "MAMCAQE="],
    ["PEM that holds no certificate", () => "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"],
    ["a good one and a bad one", (pem) => `${pem}-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n`],
    ["a private key beside it", (pem) => `${pem}-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n`],
    ["another label", (pem) => pem.replaceAll("CERTIFICATE", "PUBLIC KEY")],
  ])("that cannot be parsed is an error, and trusts nobody: %s", (_, write) => {
    const value = write(authority.root.pem);
    const error = { code: "policy-invalid", params: { reason: "certificate" } };
    expect(resolved("AdditionalTrustAnchors", [authority.root.pem, value])).toMatchObject({
      value: [],
      error: { ...error, params: { reason: "certificate", path: "AdditionalTrustAnchors[1]" } },
    });
    expect(resolved("AuditSyslogServer", { host: "a.example", authority: value })).toMatchObject({
      value: null,
      error,
    });
    if (value !== "") expect(resolved("KeyEscrowCertificate", value)).toMatchObject({ value: "", error });
  });
});

describe("the key that signs policies", () => {
  it("may stand on one line too", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const pem = String(publicKey.export({ type: "spki", format: "pem" }));
    const content = Buffer.from("{}");
    for (const written of [pem, flat(pem, " "), flat(pem, "\\n"), flat(pem, "\\r\\n"), pem.replaceAll("\n", "\r\n")]) {
      expect(resolved("PolicyPublicKey", written)?.error, written).toBeUndefined();
      expect(isSigned(policyKey(written) ?? "unusable", content, sign(null, content, privateKey)), written).toBe(true);
    }
  });
});
