import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestClient } from "../../main/networks/conformance/client.ts";
import { openClient } from "../../main/networks/conformance/client.ts";
import { dial } from "../../main/networks/dial.ts";
import type { NetworkEnvironment } from "../../main/networks/environment.ts";
import { createRevocationCheck } from "../../main/networks/revocation/revocation.ts";
import { type OcspResponder, startOcspResponder } from "../../main/networks/revocation/testing/responder.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import type { Certificate } from "../servers/certificates.ts";
import { startKamailio } from "../servers/kamailio.ts";
import { type ProsodyServer, startProsody } from "../servers/prosody.ts";
import { createXmppStage, domain, noDns, type XmppStage } from "./xmpp-stage.ts";

let stage: XmppStage;
let responder: OcspResponder;
let certificate: Certificate;
let server: ProsodyServer;
const endings: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  stage = await createXmppStage();
  responder = await startOcspResponder(stage.certificates.authority);
  certificate = await stage.certificates.authority.issue([domain], "valid", responder.url);
  server = await startProsody({ domain, certificate });
  endings.push(server.stop, responder.stop, stage.stop);
});
afterAll(async () => {
  for (const end of endings) await end();
});

const dns = { lookup: async () => [{ address: "127.0.0.1", family: 4 as const }] };
const asking = (mode: "off" | "soft" | "hard"): Pick<NetworkEnvironment, "revocation"> => ({
  revocation: createRevocationCheck({ mode: () => mode, dns, tunnel: undefined, now: Date.now }),
});
const revocationOf = async (client: TestClient) => (await client.signIn()).proof?.revocation;
const transports = ["starttls", "websocket"] as const;
const way = (transport: (typeof transports)[number]) => ({
  host: "127.0.0.1",
  port: transport === "starttls" ? server.ports.starttls : server.ports.https,
  transport,
  caPem: stage.certificates.authority.pem,
});

describe.each(transports)("a real responder about a real XMPP server over %s", (transport) => {
  it("says that its certificate is good, revoked, or nothing it knows of", async () => {
    await responder.say([{ pem: certificate.certPem, state: "good" }]);
    expect(await revocationOf(await stage.client(server, asking("hard"), way(transport)))).toBe("good");
    expect(await revocationOf(await stage.client(server, asking("off"), way(transport)))).toBe("unchecked");
    await responder.say([{ pem: certificate.certPem, state: "revoked" }]);
    for (const mode of ["soft", "hard"] as const)
      await expect(revocationOf(await stage.client(server, asking(mode), way(transport)))).rejects.toMatchObject({
        code: "certificate-revoked",
      });
    await responder.say([]);
    expect(await revocationOf(await stage.client(server, asking("soft"), way(transport)))).toBe("unknown");
    await expect(revocationOf(await stage.client(server, asking("hard"), way(transport)))).rejects.toMatchObject({
      code: "certificate-unchecked",
    });
  });

  it("is silent: soft goes on, hard does not", async () => {
    const silent = await startProsody({
      domain,
      certificate: await stage.certificates.authority.issue([domain], "valid", "http://127.0.0.1:9/"),
    });
    try {
      const there = { ...way(transport), port: transport === "starttls" ? silent.ports.starttls : silent.ports.https };
      expect(await revocationOf(await stage.client(silent, asking("soft"), there))).toBe("unknown");
      await expect(revocationOf(await stage.client(silent, asking("hard"), there))).rejects.toMatchObject({
        code: "certificate-unchecked",
      });
    } finally {
      await silent.stop();
    }
  });
});

it("a real SIP server with a revoked certificate is left, and kept while it is good", async () => {
  const sip = await startKamailio({ domain, certificate });
  try {
    const account = { user: "alice", password: "secret" };
    await sip.addUser(account.user, account.password);
    const settings = {
      host: "127.0.0.1",
      port: sip.ports.sips,
      transport: "tls" as const,
      caPem: stage.certificates.authority.pem,
    };
    const harness = {
      protocol: "simple" as const,
      createNetwork: createSimpleNetwork,
      dns: noDns,
      settings: () => settings,
    };
    const open = (mode: "soft" | "hard") => {
      const client = openClient(
        harness,
        { address: `alice@${domain}`, password: account.password },
        settings,
        undefined,
        asking(mode),
      );
      endings.unshift(() => client.connection.close());
      return client;
    };
    await responder.say([{ pem: certificate.certPem, state: "good" }]);
    expect(await revocationOf(open("hard"))).toBe("good");
    await responder.say([{ pem: certificate.certPem, state: "revoked" }]);
    await expect(revocationOf(open("soft"))).rejects.toMatchObject({ code: "certificate-revoked" });
  } finally {
    await sip.stop();
  }
});

describe("what a server brings itself", () => {
  /** The responder's own words about the certificate, made by openssl and handed out by a TLS server. */
  async function stapling(state: "good" | "revoked", about: Certificate = certificate): Promise<Server> {
    await responder.say([{ pem: about.certPem, state }]);
    const out = join(about.certPath.replace(/[^/]*$/, ""), `${state}.der`);
    const { path } = stage.certificates.authority;
    const asked = [
      "ocsp",
      "-issuer",
      path,
      "-cert",
      about.certPath,
      "-url",
      responder.url,
      "-respout",
      out,
      "-CAfile",
      path,
      "-no_nonce",
    ];
    await promisify(execFile)("openssl", asked, { timeout: 10_000 });
    const staple = await readFile(out);
    const tls = createServer({
      key: certificate.keyPem,
      cert: certificate.certPem,
      ca: stage.certificates.authority.pem,
    });
    tls.on("OCSPRequest", (_certificate, _issuer, answer) => answer(null, staple));
    await new Promise<void>((resolve) => {
      tls.listen(0, "127.0.0.1", resolve);
    });
    endings.unshift(() => void tls.close());
    return tls;
  }

  async function connectTo(tls: Server, mode: "soft" | "hard"): Promise<unknown> {
    const address = tls.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { socket, revocation } = await dial(
      { host: "127.0.0.1", port },
      {
        host: domain,
        asked: domain,
        ca: [stage.certificates.authority.pem],
        minVersion: "TLSv1.2",
        isNamed: () => true,
        mayHave: () => true,
        revocation: asking(mode).revocation,
      },
      AbortSignal.timeout(10_000),
    );
    socket.destroy();
    return revocation;
  }

  it("counts without anybody being asked, both ways", async () => {
    const good = await stapling("good");
    await responder.say([]);
    expect(await connectTo(good, "hard")).toBe("good");
    const revoked = await stapling("revoked");
    await responder.say([{ pem: certificate.certPem, state: "good" }]);
    await expect(connectTo(revoked, "soft")).rejects.toMatchObject({ code: "certificate-revoked" });
  });

  it("about another certificate does not count", async () => {
    const tls = await stapling("good", await stage.certificates.authority.issue([domain], "valid", responder.url));
    await responder.say([]);
    await expect(connectTo(tls, "hard")).rejects.toMatchObject({ code: "certificate-unchecked" });
  });
});
