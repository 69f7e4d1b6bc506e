import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newInstallation, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { TestAccount } from "../../main/networks/conformance/harness.ts";
import { ContactStore } from "../../main/networks/simple/contact-store.ts";
import { startDebianKamailio } from "../servers/debian-kamailio.ts";
import { type RegistrarStage, registrarDomain, startRegistrar } from "./simple-registrars.ts";

// Debian's Kamailio with WITH_ANTIFLOOD: whoever sends 16 requests in 2 seconds is answered nothing for five minutes.
// It exempts 127.0.0.1, so clients come from another loopback address each.
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const people = Array.from({ length: 60 }, (_, n) => `colleague-${n}@${registrarDomain}`);
/** Long enough for a paced sign-in with that list, whose requests are challenged first. */
const paced = 90_000;

let stage: RegistrarStage;
let cleartext = 0;
let lastHost = 4;

beforeAll(async () => {
  stage = await startRegistrar(async ({ good }) => {
    const toggles = ["WITH_AUTH", "WITH_TLS", "WITH_PRESENCE", "WITH_ANTIFLOOD"] as const;
    const server = await startDebianKamailio({ domain: registrarDomain, certificate: good, toggles });
    cleartext = server.ports.sip;
    return { ...server, port: server.ports.sips, transport: "tls", cleartext, door: () => server.door(nextHost()) };
  });
});
afterAll(() => stage?.stop());

it("bans who sends too much at once", async () => {
  expect(await answersTo(60, nextHost())).toBeLessThan(40);
});

it(
  "lets a client with a long contact list sign in, write a burst, and come back after a cut",
  async () => {
    const { harness } = stage;
    const peer = openClient(harness, await harness.newAccount());
    await peer.signIn();
    const door = await harness.door();
    const client = await clientWithContacts(await harness.newAccount(), door.settings);
    try {
      await client.signIn();
      await allWatched(client);

      const burst = Array.from({ length: 40 }, (_, n) => `Line ${n}.`);
      await Promise.all(burst.map((body) => client.say(peer.address, body)));
      for (const body of burst) await peer.message((message) => message.body === body);
      expect(peer.messages().map(({ body }) => body)).toEqual(burst);

      // While much is under way, and at once anew: one address of the network, whatever the connection.
      for (let times = 0; times < 3; times += 1) {
        const since = client.now();
        door.cut();
        await client.event("connection-lost", () => true, since);
        await client.signIn();
      }
      await client.say(peer.address, "after the cuts");
      await peer.message(({ body }) => body === "after the cuts");
      await client.say(peer.address, "and signed in");
    } finally {
      client.connection.close();
      peer.connection.close();
    }
  },
  paced * 2,
);

function nextHost(): string {
  lastHost += 1;
  return `127.0.0.${lastHost}`;
}

async function clientWithContacts(
  account: TestAccount,
  server: ReturnType<RegistrarStage["harness"]["settings"]>,
): Promise<TestClient> {
  const installation = newInstallation();
  const { cache, accountId } = installation;
  const store = new ContactStore(
    { get: async (key) => cache.get(key), set: async (key, value) => void cache.set(key, value) },
    accountId,
    silent,
  );
  await store.load();
  await store.replace(people.map((address) => ({ address, name: undefined, groups: [] })));
  return openClient(stage.harness, account, server, installation);
}

/** Each contact's presence has been heard: no SUBSCRIBE was left unanswered. */
async function allWatched(client: TestClient): Promise<void> {
  for (const address of people) await client.event("presence", (event) => event.address === address, 0, paced);
}

/** How many of so many OPTIONS at once are answered. */
async function answersTo(count: number, from: string): Promise<number> {
  const socket = connect({ host: "127.0.0.1", port: cleartext, localAddress: from });
  let text = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    text += part;
  });
  const request = (n: number): string =>
    [
      `OPTIONS sip:${registrarDomain} SIP/2.0`,
      `Via: SIP/2.0/TCP ${from};branch=z9hG4bK${n}`,
      "Max-Forwards: 70",
      `From: <sip:flood@${registrarDomain}>;tag=1`,
      `To: <sip:${registrarDomain}>`,
      `Call-ID: flood-${n}`,
      `CSeq: ${n} OPTIONS`,
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n");
  socket.write(Array.from({ length: count }, (_, n) => request(n)).join(""));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.end();
  await new Promise((resolve) => socket.once("close", resolve));
  return text.split("SIP/2.0 200").length - 1;
}
