import xml, { type Element } from "@xmpp/xml";
import { afterEach, beforeAll, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Stored } from "../../events.ts";
import type { Extension } from "../extension.ts";
import { extensions } from "../extensions.ts";
import { everyone } from "../senders.ts";
import { createTestCertificate, type TestCertificate } from "../testing/certificate.ts";
import { openTestClient, type TestClient, testEnvironment } from "../testing/client.ts";
import { type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";

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

interface Held {
  readonly script: ScriptedServer;
  readonly client: TestClient;
  /** Gates that hold messages up, by id. */
  readonly gates: Map<string, PromiseWithResolvers<void>>;
  /** Messages that are being stored, in order. */
  readonly writes: PromiseWithResolvers<boolean>[];
}

/** A client that is signed in, whose messages with a gate wait for it, in both directions. */
async function held(...ids: readonly string[]): Promise<Held> {
  const gates = new Map(ids.map((id) => [id, Promise.withResolvers<void>()]));
  const writes: PromiseWithResolvers<boolean>[] = [];
  const gated: Extension = {
    name: "XEP-0000: Gated",
    features: [],
    attach: () => ({
      message: { "urn:gated": { from: everyone, read: (_, { id = "" }) => gates.get(id)?.promise } },
      writeMessage: (stanza, { id }) => {
        const gate = gates.get(id)?.promise;
        return gate?.then(() => void stanza.append(xml("gated", "urn:gated")));
      },
    }),
  };
  const store = (): Stored => {
    const write = Promise.withResolvers<boolean>();
    writes.push(write);
    return write.promise;
  };
  const script = await startScriptedServer({ certificate });
  cleanups.push(() => script.stop());
  const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem }, testEnvironment(), {
    extensions: [...extensions, gated],
    store: (event) => (event.type === "message" ? store() : undefined),
  });
  cleanups.push(() => client.connection.close());
  await client.connection.connect({ availability: "available" }, new AbortController().signal);
  // The last that is asked for at the beginning: after it nothing comes of itself.
  await script.client.until((e) => e.getChild("query", "http://jabber.org/protocol/disco#items") !== undefined);
  return { script, client, gates, writes };
}

const message = (id: string, who = "bob") => {
  const to = `${who}@example.test`;
  return { id, to, body: id, at: Date.now(), wantReceipts: false };
};
const named = (id: string) => (e: Element) => e.attrs["id"] === id;
const sent = ({ script }: Held): readonly string[] =>
  script.client.elements
    .filter(({ name }) => name === "message")
    .map((e) => e.attrs["id"] ?? e.getChildText("body") ?? "typing");

it("own messages go in their order for each person, with what is typed between them, and others do not wait", async () => {
  const all = await held("one");
  const { client, gates, script } = all;
  const first = client.connection.messages.send(message("one"));
  const second = client.connection.messages.send(message("two"));
  client.connection.messages.sendTyping?.("bob@example.test", true);
  await client.connection.messages.send(message("three", "carol"));
  await script.client.until(named("three"));
  expect(sent(all)).toEqual(["three"]);
  gates.get("one")?.resolve();
  await Promise.all([first, second]);
  await script.client.until((e) => e.getChild("composing") !== undefined);
  expect(sent(all)).toEqual(["three", "one", "two", "typing"]);
  expect(script.client.elements.find(named("one"))?.getChild("gated", "urn:gated")).toBeDefined();
});

it("one that cannot be written fails alone, and nothing of it is sent", async () => {
  const all = await held("one");
  const { client, gates, script } = all;
  const first = client.connection.messages.send(message("one"));
  const second = client.connection.messages.send(message("two"));
  gates.get("one")?.reject(new HallwayError("unsupported"));
  await expect(first).rejects.toMatchObject({ code: "unsupported" });
  await second;
  await script.client.until(named("two"));
  expect(sent(all)).toEqual(["two"]);
});

it("one that is still being written when the stream goes was not sent, and is said to be offline", async () => {
  const all = await held("one");
  const { client, gates, script } = all;
  const first = client.connection.messages.send(message("one"));
  script.client.destroy();
  await client.until("connection-lost");
  gates.get("one")?.resolve();
  await expect(first).rejects.toMatchObject({ code: "offline" });
  expect(client.events.some((event) => event.type === "delivery")).toBe(false);
});

it("signing out waits for what is being written", async () => {
  const all = await held("one");
  const { client, gates, script } = all;
  const first = client.connection.messages.send(message("one"));
  const leaving = client.connection.disconnect();
  gates.get("one")?.resolve();
  await Promise.all([first, leaving]);
  const last = script.client.elements.filter(({ name }) => name === "message" || name === "presence").slice(-2);
  expect(last.map(({ name, attrs }) => `${name} ${attrs["type"]}`)).toEqual(["message chat", "presence unavailable"]);
});

it("what is still being read has not been had (XEP-0198), nor what is read and not stored", async () => {
  const { script, gates, writes } = await held("slow");
  const counted = async (mark: string): Promise<void> => {
    script.client.write(
      `<r xmlns='urn:xmpp:sm:3'/><iq type='get' id='${mark}' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>`,
    );
    await script.client.until(named(mark));
  };
  const said = (): readonly number[] =>
    script.client.elements.filter(({ name }) => name === "a").map(({ attrs }) => Number(attrs["h"]));
  await counted("before");
  await expect.poll(() => said().length).toBe(1);
  const [before = 0] = said();
  script.client.write(
    "<message from='bob@example.test/x' to='alice@example.test' type='chat' id='slow'><body>slow</body><x xmlns='urn:gated'/></message>",
  );
  await counted("reading");
  expect(said()).toEqual([before]);
  gates.get("slow")?.resolve();
  await expect.poll(() => writes.length).toBe(1);
  await counted("storing");
  expect(said()).toEqual([before]);
  writes[0]?.resolve(true);
  await expect.poll(() => said().length).toBe(3);
  // The request before it was asked, then the message and one, then one more request.
  expect(said().slice(1)).toEqual([before + 2, before + 3]);
});
