import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openClient, type TestClient } from "../testing/client.ts";
import { friendly, type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";
import { Flights } from "./message-request.ts";

describe("Flights", () => {
  it("suspects the largest that is under way, the second time", () => {
    const flights = new Flights();
    const both = (): void => {
      flights.begin("large", 16_000);
      flights.begin("small", 2_000);
    };
    both();
    expect(flights.lost()).toBeUndefined();
    both();
    expect(flights.lost()).toBe("large");
    flights.begin("small", 2_000);
    expect(flights.lost()).toBeUndefined();
    flights.begin("small", 2_000);
    expect(flights.lost()).toBe("small");
  });

  it("suspects neither what was answered nor what always fits", () => {
    const flights = new Flights();
    for (let loss = 0; loss < 5; loss += 1) {
      flights.begin("answered", 16_000);
      flights.end("answered");
      flights.begin("given up", 16_000);
      flights.clear();
      flights.begin("fits", 1_300);
      expect(flights.lost()).toBeUndefined();
    }
  });
});

describe("a message for which the server closes the connection", () => {
  let server: ScriptedServer;
  let client: TestClient;
  const limit = 15_000;

  beforeEach(async () => {
    server = await startScriptedServer();
    client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" });
    server.script = (request, times) => {
      if (request.method !== "MESSAGE" || request.body.byteLength <= limit) return friendly(request, times);
      server.cut();
      return undefined;
    };
  });
  afterEach(async () => {
    client.connection.close();
    await server.close();
  });
  const say = (id: string, body: string, to = "bob@example.test") =>
    client.connection.messages.send({ id, to, body, at: Date.now(), wantReceipts: false });
  const states = (id: string) =>
    client.events.flatMap((e) => (e.type === "delivery" && e.id === id ? [e.error?.code ?? e.state] : []));
  const losses = () => client.events.filter((e) => e.type === "connection-lost").length;

  it("fails as too large after the second time, and the next one goes", async () => {
    const [large, next] = [randomUUID(), randomUUID()];
    // As main/accounts does: what waits is sent again, in order, after each loss.
    for (const loss of [1, 2]) {
      await client.signIn();
      await say(large, "x".repeat(limit + 1));
      await say(next, "next").catch(() => undefined);
      await expect.poll(losses).toBe(loss);
    }
    expect(states(large)).toEqual(["waiting", "too-large"]);
    await client.signIn();
    await say(next, "next");
    await expect.poll(() => states(next).at(-1)).toBe("sent");
    expect(losses()).toBe(2);
  });

  it("counts bytes as they are on the wire", async () => {
    const large = randomUUID();
    for (const loss of [1, 2]) {
      await client.signIn();
      await say(large, "é".repeat(limit / 2 + 1));
      await expect.poll(losses).toBe(loss);
    }
    expect(states(large)).toEqual(["waiting", "too-large"]);
  });

  it("is not blamed for signing out, nor a short one for a bad connection", async () => {
    const [large, short] = [randomUUID(), randomUUID()];
    server.script = (request, times) => (request.method === "MESSAGE" ? undefined : friendly(request, times));
    for (let time = 0; time < 3; time += 1) {
      await client.signIn();
      await say(large, "x".repeat(limit));
      await client.connection.disconnect();
    }
    expect(states(large)).toEqual(["waiting", "waiting", "waiting"]);
    for (let loss = 1; loss <= 3; loss += 1) {
      await client.signIn();
      await say(short, "short");
      server.cut();
      await expect.poll(losses).toBe(loss);
    }
    expect(states(short)).toEqual(["waiting", "waiting", "waiting"]);
  });

  it.each([413, 513])("or that it refuses with %i fails as too large at once", async (status) => {
    await client.signIn();
    server.script = (request, times) =>
      request.method === "MESSAGE" && request.body.byteLength > limit ? { status } : friendly(request, times);
    const [large, next] = [randomUUID(), randomUUID()];
    await say(large, "x".repeat(limit + 1));
    await say(next, "next");
    await expect.poll(() => [states(large), states(next)]).toEqual([["too-large"], ["sent"]]);
  });
});
