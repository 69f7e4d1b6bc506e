import type * as SipServer from "../../main/networks/simple/testing/scripted-server.ts";
import type * as Certificate from "../../main/networks/xmpp/testing/certificate.ts";
import type * as XmppServer from "../../main/networks/xmpp/testing/scripted-server.ts";
import type { ServerSettings } from "../../shared/model/account.ts";
import { moduleOf } from "./checkout.ts";

/** A server that alice@example.test signs in to and that speaks for bob@example.test. */
export interface Peer {
  readonly server: ServerSettings;
  /** Resolves when the message has been acknowledged. */
  say(body: string): Promise<void>;
  /** Resolves when a message with this body has arrived. */
  heard(body: string): Promise<void>;
  stop(): Promise<void>;
}

export const bob = "bob@example.test";

export async function xmppPeer(checkout: string): Promise<Peer> {
  const { startScriptedServer } = await moduleOf<typeof XmppServer>(checkout, [
    "main/networks/xmpp/testing/scripted-server.ts",
  ]);
  const { createTestCertificate } = await moduleOf<typeof Certificate>(checkout, [
    "main/networks/xmpp/testing/certificate.ts",
  ]);
  const certificate = createTestCertificate("example.test");
  const server = await startScriptedServer({
    certificate,
    respond: (element) =>
      element.attrs["type"] === "get" && element.getChild("query", "jabber:iq:roster")
        ? `<iq type='result' id='${element.attrs["id"]}'><query xmlns='jabber:iq:roster'><item jid='${bob}' subscription='both'/></query></iq>`
        : undefined,
  });
  let said = 0;
  return {
    server: { host: "127.0.0.1", port: server.port, transport: "starttls", caPem: certificate.pem },
    async say(body) {
      said += 1;
      const { client } = server;
      client.write(
        `<message from='${bob}/desk' to='alice@example.test' type='chat' id='m${said}'><body>${body}</body></message><r xmlns='urn:xmpp:sm:3'/>`,
      );
      // Stanzas are acknowledged when they are stored (XEP-0198), and these are all that the server has sent.
      const from = client.elements.filter(({ name }) => name === "a").length;
      let seen = 0;
      await client.until(({ name }) => name === "a" && ++seen > from);
    },
    heard: async (body) => void (await server.client.until((element) => element.getChildText("body") === body)),
    stop: () => server.stop(),
  };
}

export async function sipPeer(checkout: string): Promise<Peer> {
  const { startScriptedServer } = await moduleOf<typeof SipServer>(checkout, [
    "main/networks/simple/testing/scripted-server.ts",
  ]);
  const server = await startScriptedServer();
  let said = 0;
  return {
    server: { host: "127.0.0.1", port: server.port, transport: "tcp" },
    async say(body) {
      said += 1;
      const callId = `message-${said}`;
      server.request("MESSAGE", ["Content-Type: text/plain", `From: <sip:${bob}>;tag=b`, `Call-ID: ${callId}`], body);
      await server.got((message) => message.kind === "response" && message.callId === callId && message.status === 200);
    },
    heard: async (body) =>
      void (await server.got(
        (message) => message.kind === "request" && message.method === "MESSAGE" && String(message.body).includes(body),
      )),
    stop: () => server.close(),
  };
}
