import { afterEach, beforeEach, expect, it } from "vitest";
import { openClient, type TestClient } from "../testing/client.ts";
import { friendly, type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";
import { MessageStamps } from "./message-reader.ts";

const hour = 3_600_000;
let server: ScriptedServer;
let client: TestClient;
let ahead: number;

beforeEach(async () => {
  ahead = 0;
  server = await startScriptedServer();
  client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, new Map(), {
    now: () => Date.now() + ahead,
  });
  await client.signIn();
});
afterEach(async () => {
  client.connection.close();
  await server.close();
});

const seconds = (at: number): number => Math.floor(at / 1000) * 1000;
const envelope = (body: string, at: number): string =>
  `From: <im:bob@example.test>\r\nTo: <im:alice@example.test>\r\nDateTime: ${new Date(at).toISOString()}\r\n\r\nContent-Type: text/plain\r\n\r\n${body}`;

async function received(body: string): Promise<readonly [at: number | undefined, delayed: boolean]> {
  const { message } = await client.event("message", (event) => event.message.body === body);
  return [message.at, message.delayed];
}

it("of a live message are its sender's word, in the envelope and beside it; those of the future say nothing", async () => {
  ahead = hour;
  const now = Date.now() + ahead;
  const past = Date.UTC(1999, 0, 1);
  server.request("MESSAGE", ["Content-Type: message/cpim"], envelope("in the envelope", past));
  server.request("MESSAGE", ["Content-Type: text/plain", `Date: ${new Date(past).toUTCString()}`], "beside it");
  server.request("MESSAGE", ["Content-Type: message/cpim"], envelope("in the future", now + hour));
  server.request(
    "MESSAGE",
    ["Content-Type: text/plain", `Date: ${new Date(now + hour).toUTCString()}`],
    "in the future, too",
  );
  expect(await received("in the envelope")).toEqual([past, false]);
  expect(await received("beside it")).toEqual([past, false]);
  expect(await received("in the future")).toEqual([undefined, false]);
  expect(await received("in the future, too")).toEqual([undefined, false]);
});

it("of what the server hands over after signing in are the server's, where it gives one", async () => {
  const stored = seconds(Date.now() - hour);
  const date = `Date: ${new Date(stored).toUTCString()}`;
  server.request("MESSAGE", ["Content-Type: message/cpim", date], envelope("dated back", Date.UTC(1999, 0, 1)));
  server.request("MESSAGE", ["Content-Type: message/cpim", date], envelope("dated ahead", Date.now() + 10 * hour));
  server.request("MESSAGE", ["Content-Type: text/plain", date], "plain");
  expect(await received("dated back")).toEqual([stored, true]);
  expect(await received("dated ahead")).toEqual([stored, true]);
  expect(await received("plain")).toEqual([stored, true]);
});

it("of what the server hands over before it has answered the REGISTER are the server's, too", async () => {
  await client.connection.disconnect();
  ahead = hour;
  const stored = seconds(Date.now() + ahead - 60_000);
  server.script = (request, times) => {
    if (request.method === "REGISTER" && request.headers.get("expires") !== "0")
      server.request("MESSAGE", ["Content-Type: text/plain", `Date: ${new Date(stored).toUTCString()}`], "kept");
    return friendly(request, times);
  };
  await client.signIn();
  expect(await received("kept")).toEqual([stored, true]);
});

it("tell of a delay from a second before registering, while the server hands over; of a time from half a minute back", () => {
  let now = 1_000_000;
  const stamps = new MessageStamps(() => now);
  stamps.registering();
  const nothing = { at: undefined, delayed: false };
  expect([stamps.of(undefined), stamps.of(now), stamps.of(now - 1_000)]).toEqual([nothing, nothing, nothing]);
  expect(stamps.of(now - 1_001)).toEqual({ at: now - 1_001, delayed: true });
  const before = now - 5_000;
  now += 19_999;
  expect(stamps.of(before)).toEqual({ at: before, delayed: true });
  now += 1;
  expect(stamps.of(before)).toEqual(nothing);
  expect(stamps.of(now - 30_000)).toEqual(nothing);
  expect(stamps.of(now - 30_001)).toEqual({ at: now - 30_001, delayed: false });
});

it("of an envelope are the store's only while it hands over, and never in the future", () => {
  let now = 1_000_000;
  const stamps = new MessageStamps(() => now);
  stamps.registering();
  expect([
    stamps.ofEnvelope(1, 5),
    stamps.ofEnvelope(5, 1),
    stamps.ofEnvelope(undefined, 5),
    stamps.ofEnvelope(5, undefined),
  ]).toEqual([5, 5, 5, 5]);
  expect([stamps.ofEnvelope(now, 5), stamps.ofEnvelope(now + 1, 5)]).toEqual([now, 5]);
  now += 20_000;
  expect([stamps.ofEnvelope(1, 5), stamps.ofEnvelope(now + 1, 5)]).toEqual([1, now + 1]);
});
