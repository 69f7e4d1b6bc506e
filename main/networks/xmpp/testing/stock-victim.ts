import { client, xml } from "@xmpp/client";
import { startScriptedServer } from "./scripted-server.ts";

/**
 * A process of its own for what ends a process: a stock client signs in at a scripted server, which then sends the text
 * given as argument (or answers a request early, for `early-error`). Leaves with 0 when it lives through it.
 */
const [, , what = ""] = process.argv;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const server = await startScriptedServer({
  slow: what === "slow" ? 2100 : 0,
  mechanisms: ["SCRAM-SHA-1"],
  sasl: (element) =>
    element.name === "auth"
      ? `<challenge xmlns='${nsSasl}'>${base64(`r=SERVER,s=${base64("salt")},i=1`)}</challenge>`
      : `<success xmlns='${nsSasl}'>${base64(`v=${base64("bogus")}`)}</success>`,
  respond: (element) =>
    element.attrs["type"] === "get"
      ? `<iq type='error' id='${element.attrs["id"]}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`
      : undefined,
});
const victim = client({
  service: `xmpp://127.0.0.1:${server.port}`,
  domain: "example.test",
  username: "alice",
  password: "secret",
});
victim.reconnect.stop();
victim.on("error", () => undefined);
await victim.start();
if (what === "early-error") {
  const send = victim.send.bind(victim);
  // Back-pressure: the write's callback comes after the reply.
  victim.send = async (stanza) => {
    await send(stanza);
    await new Promise((resolve) => setTimeout(resolve, 100));
  };
  await victim.iqCaller
    .request(xml("iq", { type: "get", to: "example.test" }, xml("query", "jabber:iq:version")))
    .catch(() => undefined);
} else {
  server.client.write(what);
  await new Promise((resolve) => setTimeout(resolve, 500));
}
process.exit(0);
