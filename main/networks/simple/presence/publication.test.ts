import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Audience, noRules } from "../../connection-rules.ts";
import { openClient, type TestClient } from "../testing/client.ts";
import { isRequest } from "../testing/presence.ts";
import { friendly, type Script, type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";
import type { SipRequest } from "../wire/message.ts";

let server: ScriptedServer;
let cache: Map<string, string>;
const clients: TestClient[] = [];

beforeEach(async () => {
  server = await startScriptedServer(counting);
  cache = new Map();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.connection.close();
  await server.close();
});

/** A server whose entity-tags are never the same twice. */
const counting: Script = (request, times) =>
  request.method === "PUBLISH"
    ? { status: 200, headers: [`SIP-ETag: tag${times}`, "Expires: 300"] }
    : friendly(request, times);
const open = (rules = noRules): TestClient => {
  const client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, cache, { rules });
  clients.push(client);
  return client;
};
const published = (): readonly SipRequest[] => server.received.filter(isRequest("PUBLISH"));
/** Per PUBLISH: the tag that it matches, how long it is to hold, and whether it says something. */
const summary = (): readonly (readonly [string | undefined, string | undefined, boolean])[] =>
  published().map((r) => [r.headers.get("sip-if-match"), r.headers.get("expires"), r.body.byteLength > 0]);
async function untilPublished(count: number): Promise<void> {
  await expect.poll(() => published().length).toBe(count);
}

describe("the presence that a server holds (RFC 3903 section 4)", () => {
  it("is changed, not doubled, after the connection was lost", async () => {
    const client = open();
    await client.signIn();
    await untilPublished(1);
    server.cut();
    await client.event("connection-lost");
    await client.signIn({ availability: "busy" });
    await untilPublished(2);
    expect(summary()).toEqual([
      [undefined, "300", true],
      ["tag0", "300", true],
    ]);
    await client.connection.disconnect();
    expect(summary().at(-1)).toEqual(["tag1", "0", false]);
  });

  it("is changed, not doubled, after a restart that gave no time to take it back", async () => {
    const first = open();
    await first.signIn();
    await untilPublished(1);
    await expect.poll(() => [...cache.values()].join()).toContain("tag0");
    first.connection.close();
    await open().signIn();
    await untilPublished(2);
    expect(summary()[1]).toEqual(["tag0", "300", true]);
  });

  it("is published anew where the server has forgotten it meanwhile (412)", async () => {
    const client = open();
    await client.signIn();
    await untilPublished(1);
    server.script = (request, times) =>
      request.method === "PUBLISH" && request.headers.get("sip-if-match") === "tag0"
        ? { status: 412 }
        : counting(request, times);
    server.cut();
    await client.event("connection-lost");
    await client.signIn();
    await untilPublished(3);
    expect(summary().slice(1)).toEqual([
      ["tag0", "300", true],
      [undefined, "300", true],
    ]);
  });

  it("is forgotten once it was taken back: the next sign-in begins anew", async () => {
    const client = open();
    await client.signIn();
    await untilPublished(1);
    await client.connection.disconnect();
    await open().signIn();
    await untilPublished(3);
    expect(summary()[2]).toEqual([undefined, "300", true]);
  });

  it("stays known while the server is in trouble, and gets what was to be said", async () => {
    const client = open();
    await client.signIn();
    await untilPublished(1);
    server.script = (request, times) =>
      request.method === "PUBLISH" && times < 3
        ? { status: 503, headers: ["Retry-After: 1"] }
        : counting(request, times);
    await expect(client.connection.presence.set({ availability: "busy", status: "later" })).rejects.toMatchObject({
      code: "server-error",
    });
    await expect(client.connection.presence.set({ availability: "busy", status: "later" })).rejects.toMatchObject({
      code: "server-error",
    });
    await client.connection.presence.set({ availability: "busy", status: "later" });
    expect(summary().slice(1)).toEqual(Array.from({ length: 3 }, () => ["tag0", "300", true]));
  });

  it("is taken back by who may not be seen any more, also after a restart", async () => {
    const first = open();
    await first.signIn();
    await untilPublished(1);
    await expect.poll(() => [...cache.values()].join()).toContain("tag0");
    first.connection.close();
    await open({ ...noRules, audience: (): Audience => "nobody" }).signIn();
    await untilPublished(2);
    expect(summary()[1]).toEqual(["tag0", "0", false]);
  });

  it.each([
    "",
    "null",
    '{"etag":"a b","until":9e15}',
    '{"etag":"a\\r\\nX: y","until":9e15}',
    '{"etag":"old","until":1}',
  ])("is new where what was kept cannot be used: %j", async (kept) => {
    cache.set("simple/test-account/publication", kept);
    await open().signIn();
    await untilPublished(1);
    expect(summary()[0]?.[0]).toBeUndefined();
  });
});
