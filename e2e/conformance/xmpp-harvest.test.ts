import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import { noRules } from "../../main/networks/connection-rules.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import type { ProsodyServer } from "../servers/prosody.ts";
import { type Component, startComponent } from "./component.ts";
import { createXmppStage, domain, noDns, type XmppStage } from "./xmpp-stage.ts";

let stage: XmppStage;
let server: ProsodyServer;
let harvester: Component;
const clients: TestClient[] = [];

beforeAll(async () => {
  stage = await createXmppStage();
  server = await stage.server({ component: `harvest.${domain}` });
  harvester = await startComponent(server, () => undefined);
});
afterAll(async () => {
  harvester?.close();
  for (const client of clients) client.connection.close();
  await stage.stop();
});

const questions = [
  "<query xmlns='http://jabber.org/protocol/disco#info'/>",
  "<query xmlns='jabber:iq:version'/>",
  "<query xmlns='jabber:iq:last'/>",
  "<time xmlns='urn:xmpp:time'/>",
  "<ping xmlns='urn:xmpp:ping'/>",
  "<vCard xmlns='vcard-temp'/>",
];

/** Answers of the server itself to a probe from somebody who may not see, whoever it is. */
const serverSays = new Set(["unavailable", "unsubscribed"]);

/** Somebody who is on line, and the full address, which a harvester has come to know. */
async function victim(hiding: boolean): Promise<{ readonly client: TestClient; readonly full: string }> {
  const user = `user-${randomUUID().slice(0, 8)}`;
  await server.addUser(user, "secret");
  const client = openClient(
    {
      protocol: "xmpp",
      createNetwork: createXmppNetwork,
      dns: noDns,
      settings: () => ({
        host: "127.0.0.1",
        port: server.ports.starttls,
        transport: "starttls",
        caPem: stage.certificates.authority.pem,
      }),
    },
    { address: `${user}@${domain}`, password: "secret" },
    undefined,
    undefined,
    { rules: { ...noRules, hiding: () => hiding } },
  );
  clients.push(client);
  await client.signIn();
  // Only whoever was written to can know it, since it is another in each run.
  const id = await client.say(`finder@${harvester.domain}`, "hello");
  const heard = () =>
    harvester.received.find(({ name, attrs }) => name === "message" && attrs["id"] === id)?.attrs["from"];
  await expect.poll(heard).toBeDefined();
  return { client, full: heard() ?? "" };
}

/** The answers to all questions, without what belongs to the question. */
async function harvest(address: string): Promise<string[]> {
  const from = `grabber@${harvester.domain}/x`;
  const since = harvester.received.length;
  for (const [n, question] of questions.entries())
    harvester.send(`<iq type='get' id='q${n}' from='${from}' to='${address}'>${question}</iq>`);
  const answers = () =>
    harvester.received
      .slice(since)
      .filter(({ name, attrs }) => name === "iq" && attrs["type"] !== "get" && attrs["from"] === address);
  await expect.poll(() => answers().length).toBe(questions.length);
  return answers().map(
    (answer) =>
      `${answer.attrs["type"]} ${answer.getChild("error")?.attrs["type"]} ${answer.getChild("error")?.children.flatMap((c) => (typeof c === "string" ? [] : [c.name]))[0]}`,
  );
}

it("somebody who is there answers a harvester as somebody who is not, and nothing else tells them apart", async () => {
  const { client, full } = await victim(true);
  const nobody = await harvest(`nobody-${randomUUID().slice(0, 8)}@${domain}/Hallway.12345678`);
  expect(await harvest(full)).toEqual(nobody);
  // Wishes, suggestions and words are heard, and answered with nothing.
  const since = harvester.received.length;
  const from = `grabber@${harvester.domain}`;
  const bare = full.slice(0, full.indexOf("/"));
  harvester.send(`<presence type='subscribe' from='${from}' to='${bare}'/>`);
  harvester.send(`<presence type='probe' from='${from}' to='${bare}'/>`);
  harvester.send(
    `<message type='chat' id='w' from='${from}/x' to='${full}'><body>hello</body><request xmlns='urn:xmpp:receipts'/></message>`,
  );
  await client.message(({ body }) => body === "hello");
  await harvest(full);
  const said = harvester.received
    .slice(since)
    .filter(
      ({ name, attrs }) =>
        name !== "iq" && !serverSays.has(attrs["type"] ?? "") && String(attrs["from"]).startsWith(bare),
    );
  expect(said.map(String)).toEqual([]);
});

it("with the defence off a stranger may ask what a contact may", async () => {
  const { full } = await victim(false);
  expect((await harvest(full)).filter((answer) => answer.startsWith("result")).length).toBeGreaterThanOrEqual(3);
});
