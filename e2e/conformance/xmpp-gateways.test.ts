import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Gateways } from "../../main/enforcement/gateways.ts";
import { governNetwork } from "../../main/enforcement/governed-network.ts";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import { noRules } from "../../main/networks/connection-rules.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import { type Component, startComponent } from "./component.ts";
import { createXmppStage, domain, noDns, type XmppStage } from "./xmpp-stage.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
let stage: XmppStage;
let gateway: Component;
const clients: TestClient[] = [];

beforeAll(async () => {
  stage = await createXmppStage();
});
afterAll(async () => {
  gateway?.close();
  for (const client of clients) client.connection.close();
  await stage.stop();
});

it("a gateway of a real server is known before anybody is heard, and where it is forbidden nothing passes it either way", async () => {
  const server = await stage.server({ component: `sms.${domain}` });
  gateway = await startComponent(server, ({ name, attrs: { id, from, to, type } }) =>
    name === "iq" && type === "get"
      ? `<iq type='result' id='${id}' from='${to}' to='${from}'><query xmlns='${nsInfo}'><identity category='gateway' type='sms'/></query></iq>`
      : undefined,
  );
  let allowed = false;
  const gateways = new Gateways(() => allowed as never);
  const rules = { ...noRules, gateways: () => allowed };
  await server.addUser("alice", "secret");
  const alice = openClient(
    {
      protocol: "xmpp",
      createNetwork: (environment) =>
        governNetwork(createXmppNetwork(environment), {
          talk: (address) => gateways.refusal(address),
          blocklist: { covers: () => false },
          learnGateway: (domain) => gateways.learn(domain),
          silenced: () => undefined,
          shown: (presence) => presence,
        }),
      dns: noDns,
      settings: () => ({
        host: "127.0.0.1",
        port: server.ports.starttls,
        transport: "starttls",
        caPem: stage.certificates.authority.pem,
      }),
    },
    { address: `alice@${domain}`, password: "secret" },
    undefined,
    undefined,
    { rules },
  );
  clients.push(alice);
  const phone = `5551234@${gateway.domain}`;
  const message = (id: string) =>
    gateway.send(`<message type='chat' id='${id}' from='${phone}/x' to='alice@${domain}'><body>${id}</body></message>`);
  // What waited for her comes the moment she is there.
  message("waited");
  await alice.signIn();
  message("live");
  await expect(alice.say(phone, "out")).rejects.toMatchObject({
    code: "blocked-by-policy",
    params: { setting: "GatewaysEnabled" },
  });
  await expect(alice.connection.contacts.add(phone, undefined, [])).rejects.toMatchObject({
    code: "blocked-by-policy",
  });
  const echo = await alice.say(`alice@${domain}`, "to myself");
  await alice.message(({ id }) => id === echo);
  allowed = true;
  message("allowed");
  await alice.message(({ body }) => body === "allowed");
  expect(alice.messages().map(({ body }) => body)).not.toContain("live");
  expect(alice.messages().map(({ body }) => body)).not.toContain("waited");
  await alice.say(phone, "out again");
  await alice.event("delivery", ({ peer }) => peer === phone);
  // The server has it, and passes it on in its own time; what went out before would be here before it.
  await vi.waitFor(() =>
    expect(
      gateway.received.filter(({ name }) => name === "message").map((stanza) => stanza.getChildText("body")),
    ).toEqual(["out again"]),
  );
});
