import { describe, expect, it } from "vitest";
import type { TestClient } from "../testing/client.ts";
import { asksToSee, bob, isRequest, notify } from "../testing/presence.ts";
import { useScene } from "../testing/scene.ts";
import type { ScriptedServer } from "../testing/scripted-server.ts";

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
