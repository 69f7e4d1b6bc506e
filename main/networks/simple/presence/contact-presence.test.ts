import { afterEach, describe, expect, it, vi } from "vitest";
import type { ContactStore } from "../contact-store.ts";
import { DialogTable } from "../dialogs/dialog-table.ts";
import type { RequestOptions } from "../outgoing-request.ts";
import { LocalContact } from "../registration/local-contact.ts";
import { announced } from "../testing/announced.ts";
import type { TestClient } from "../testing/client.ts";
import { asksToSee, bob, isRequest, notify } from "../testing/presence.ts";
import { useScene } from "../testing/scene.ts";
import type { ScriptedServer } from "../testing/scripted-server.ts";
import type { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipMessage } from "../wire/message.ts";
import { ContactPresence } from "./contact-presence.ts";

let server: ScriptedServer;
let client: TestClient;

useScene((scene) => {
  ({ server, client } = scene);
});

describe("asking again to see somebody", () => {
  it("who has not answered makes a new request and ends the one before", async () => {
    await client.connection.contacts.add(bob, undefined, []);
    const first = await server.got(asksToSee());
    notify(server, first, "pending;expires=600");
    await client.event("presence", (e) => e.presence.availability === "unknown");
    await client.connection.contacts.ask(bob);
    await server.got(asksToSee((r) => r.callId !== first.callId && r.headers.get("expires") !== "0"));
    await server.got(asksToSee((r) => r.callId === first.callId && r.headers.get("expires") === "0"));
  });

  it("who is seen already, or is not on the list, asks nothing", async () => {
    await client.connection.contacts.add(bob, undefined, []);
    const first = await server.got(asksToSee());
    notify(server, first, "active;expires=600", { availability: "available" });
    await client.event("presence", (e) => e.presence.availability === "available");
    await client.connection.contacts.ask(bob);
    await expect(client.connection.contacts.ask("carol@example.test")).rejects.toMatchObject({ code: "not-found" });
    // A later request of the same kind shows that an earlier one would have been here.
    await client.connection.contacts.add("dave@example.test", undefined, []);
    await server.got(asksToSee(undefined, "sip:dave@example.test"));
    expect(server.received.filter(isRequest("SUBSCRIBE", (r) => r.headers.get("event") === "presence"))).toHaveLength(
      2,
    );
  });
});

describe("what is watched over a connection", () => {
  afterEach(() => void vi.useRealTimers());

  it("is over with the connection: nobody is asked about again, by time or by a sign of life", async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    const notThere = parseMessage(
      Buffer.from("SIP/2.0 480 X\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx\r\nCSeq: 1 SUBSCRIBE"),
      new Uint8Array(),
    );
    const request = async ({ uri }: RequestOptions): Promise<SipMessage> => {
      asked.push(uri);
      return notThere;
    };
    const watched = new ContactPresence({
      agent: { request } as unknown as UserAgent,
      contact: new LocalContact({ local: { address: "127.0.0.1", port: 5060 }, protocol: "TCP" }),
      announced,
      subscriptions: new DialogTable(),
      store: { item: () => undefined, setSeen: () => false } as unknown as ContactStore,
      emit: () => undefined,
      language: () => "en",
      onHeard: () => undefined,
    });
    watched.watch(bob);
    watched.watch("carol@example.test");
    await vi.advanceTimersByTimeAsync(0);
    expect([asked.length, vi.getTimerCount()]).toEqual([2, 2]);
    watched.end();
    expect(vi.getTimerCount()).toBe(0);
    watched.heard(bob);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(asked).toHaveLength(2);
  });
});
