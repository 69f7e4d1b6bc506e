import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Stored } from "../../events.ts";
import { Storing } from "../event-sink.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { openTestClient, type TestClient, testEnvironment } from "../testing/client.ts";
import { type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";

let certificate: TestCertificate;
let script: ScriptedServer;
let client: TestClient;
/** Events that are being stored, in order; each is settled by the test. */
let writes: PromiseWithResolvers<boolean>[];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
beforeEach(async () => {
  writes = [];
  script = await startScriptedServer({ certificate });
  const store = (): Stored => {
    const write = Promise.withResolvers<boolean>();
    writes.push(write);
    return write.promise;
  };
  client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem }, testEnvironment(), {
    store: (event) => (event.type === "message" ? store() : undefined),
  });
  await connect();
  // The last that is asked for at the beginning: after it nothing comes of itself.
  await script.client.until((e) => e.getChild("query", "http://jabber.org/protocol/disco#items") !== undefined);
});
afterEach(async () => {
  await client.connection.close();
  await script.stop();
});

const connect = () => client.connection.connect({ availability: "available" }, new AbortController().signal);
const text = (id: string) =>
  `<message from='bob@example.test/x' to='alice@example.test' type='chat' id='${id}'><body>${id}</body></message>`;
/** Acknowledgements of the client so far. */
const said = () => script.client.elements.filter(({ name }) => name === "a").map(({ attrs }) => Number(attrs["h"]));
async function asked(id: string): Promise<void> {
  script.client.write(
    `${text(id)}<r xmlns='urn:xmpp:sm:3'/><iq type='get' id='after-${id}' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>`,
  );
  await script.client.until(({ attrs }) => attrs["id"] === `after-${id}`);
}

it("comes before it is said that a message was had (XEP-0198)", async () => {
  await asked("one");
  await asked("two");
  const before = said();
  writes[1]?.resolve(true);
  await asked("three");
  expect(said()).toEqual(before);
  writes[0]?.resolve(true);
  await expect.poll(() => said().length).toBe(before.length + 2);
  const [first = 0, second] = said().slice(before.length);
  // The message, and the request between them.
  expect(second).toBe(first + 2);
});

it("that fails is never said to be done; a new session begins, in which it may", async () => {
  await asked("one");
  writes[0]?.resolve(false);
  await expect.poll(() => said().length).toBe(1);
  await asked("two");
  writes[1]?.resolve(true);
  await expect.poll(() => said().length).toBe(2);
  expect(new Set(said()).size).toBe(1);
  script.client.destroy();
  await client.until("connection-lost");
  expect(await connect()).toMatchObject({ resumed: false });
  expect(script.client.elements.some(({ name }) => name === "resume")).toBe(false);
  await asked("three");
  writes[2]?.resolve(true);
  await expect.poll(() => said().at(-1) ?? 0).toBeGreaterThan(0);
});

it("that fails is known at once, whatever else is still being stored", async () => {
  const storing = new Storing();
  storing.add(new Promise(() => undefined));
  storing.add(Promise.resolve(false));
  expect(await storing.settled()).toBe(false);
  storing.add(Promise.resolve(true));
  expect(await storing.settled()).toBe(false);
});
