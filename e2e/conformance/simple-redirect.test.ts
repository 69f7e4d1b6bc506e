import { afterAll, beforeAll, expect, it } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Certificate } from "../servers/certificates.ts";
import { passTo, startTlsListener, type TlsListener } from "../servers/tls-listener.ts";
import { debian, type RegistrarStage, startRegistrar } from "./simple-registrars.ts";

let stage: RegistrarStage;
const listeners: TlsListener[] = [];
const clients: TestClient[] = [];

beforeAll(async () => {
  stage = await startRegistrar(debian());
});
afterAll(async () => {
  for (const client of clients) client.connection.close();
  for (const listener of listeners) await listener.stop();
  await stage.stop();
});

/** A TLS listener with that certificate in front of the registrar, whoever is let in by it. */
async function inFrontOf(certificate: Certificate): Promise<TlsListener> {
  const listener = await startTlsListener(certificate, passTo(stage.harness.cleartext?.port ?? 0));
  listeners.push(listener);
  return listener;
}

/** A registrar with a good certificate that sends everybody on to this port. */
async function redirector(port: number): Promise<TlsListener> {
  const listener = await startTlsListener(stage.certificates.good, (client) => {
    let text = "";
    client.setEncoding("latin1").on("data", (part: string) => {
      text += part;
      if (!text.includes("\r\n\r\n")) return;
      const repeated = text.split("\r\n").filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/.test(line));
      const contact = `Contact: <sip:127.0.0.1:${port};transport=tls>`;
      client.write(["SIP/2.0 302 Moved Temporarily", ...repeated, contact, "Content-Length: 0", "\r\n"].join("\r\n"));
      text = "";
    });
  });
  listeners.push(listener);
  return listener;
}

async function sentTo(target: TlsListener): Promise<TestClient> {
  const { harness } = stage;
  const { port } = await redirector(target.port);
  const client = openClient(harness, await harness.newAccount(), { ...harness.settings("good"), port });
  clients.push(client);
  return client;
}

it("a redirected registration over TLS goes on at a server that proves to be the domain's", async () => {
  const target = await inFrontOf(stage.certificates.good);
  const { endpoint } = await (await sentTo(target)).signIn();
  expect(endpoint.port).toBe(target.port);
  expect(target.received).toBeGreaterThan(0);
});

it.each([
  ["certificate-wrong-name", "wrongName"],
  ["certificate-expired", "expired"],
  ["certificate-untrusted", "untrusted"],
] as const)(
  "a redirected registration over TLS ends with %s, and nothing is said to that server",
  async (code, which) => {
    const target = await inFrontOf(stage.certificates[which]);
    await expect((await sentTo(target)).signIn()).rejects.toMatchObject({ code });
    expect(target.received).toBe(0);
  },
);
