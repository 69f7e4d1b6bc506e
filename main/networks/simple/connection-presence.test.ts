import { describe, expect, it } from "vitest";
import { formatPidf } from "./payloads/rfc-3863-pidf.ts";
import type { TestClient } from "./testing/client.ts";
import { bob, isRequest, text } from "./testing/requests.ts";
import { useScene } from "./testing/scene.ts";
import { friendly, type ScriptedServer } from "./testing/scripted-server.ts";
import type { SipMessage } from "./wire/message.ts";

let server: ScriptedServer;
let client: TestClient;

useScene(
  (scene) => {
    ({ server, client } = scene);
  },
  { signsIn: false },
);

const requests = (method: string) => server.received.filter(isRequest(method));

describe("presence", () => {
  const watched = (event = "presence") => server.got(isRequest("SUBSCRIBE", (r) => r.headers.get("event") === event));
  const notify = (
    subscribe: SipMessage,
    state: string,
    body = "",
    type = "application/pidf+xml",
    cseq = 1,
    event = "presence",
  ) =>
    server.request(
      "NOTIFY",
      [
        `From: ${subscribe.headers.get("to") ?? ""};tag=server`,
        `To: ${subscribe.headers.get("from") ?? ""}`,
        `Call-ID: ${subscribe.callId}`,
        `CSeq: ${cseq} NOTIFY`,
        `Event: ${event}`,
        `Subscription-State: ${state}`,
        "Contact: <sip:presence@127.0.0.1>",
        ...(body ? [`Content-Type: ${type}`] : []),
      ],
      body,
    );
  const pidf = (availability: "available" | "busy", status: string) =>
    formatPidf({ availability, status }, "sip:bob@example.test", "d");
  const add = async () => {
    await client.signIn();
    await client.connection.contacts.add(bob, undefined, []);
    return watched();
  };

  it("of a contact goes from unknown through pending to what they say, and to unknown when they refuse", async () => {
    const subscribe = await add();
    notify(subscribe, "pending;expires=600");
    await client.event("presence", (e) => e.presence.availability === "unknown");
    notify(subscribe, "active;expires=600", pidf("busy", "at work"), undefined, 2);
    expect((await client.event("presence", (e) => e.presence.availability === "busy")).presence.status).toBe("at work");
    await client.event("roster-item", (e) => e.item.subscription === "to");
    notify(subscribe, "active;expires=600", "", undefined, 3);
    await client.event("presence", (e) => e.presence.availability === "offline");
    const seen = client.events.length;
    notify(subscribe, "terminated;reason=rejected", "", undefined, 4);
    await client.event("presence", (e) => client.events.indexOf(e) >= seen && e.presence.availability === "unknown");
  });

  it("is asked for again by adding somebody again who refused", async () => {
    const subscribe = await add();
    notify(subscribe, "terminated;reason=rejected");
    await client.event("presence", (e) => e.presence.availability === "unknown");
    await client.connection.contacts.add(bob, undefined, []);
    await server.got(
      isRequest("SUBSCRIBE", (r) => r.headers.get("event") === "presence" && r.callId !== subscribe.callId),
    );
  });

  it("that is not PIDF, or no XML, is refused and changes nothing", async () => {
    const subscribe = await add();
    notify(subscribe, "active;expires=600", "<x/>");
    notify(subscribe, "active;expires=600", "x", "text/plain", 2);
    notify(subscribe, "active;expires=600", "<!DOCTYPE x><x/>", undefined, 3);
    notify(subscribe, "active;expires=600", pidf("available", "fine"), undefined, 4);
    await client.event("presence", (e) => e.presence.status === "fine");
    expect(client.events.filter((e) => e.type === "refused")).toHaveLength(3);
    expect(client.events.filter((e) => e.type === "presence")).toHaveLength(1);
  });

  it("subscribes for longer when told so (423), anew after 481 and deactivated, and later after Retry-After", async () => {
    server.script = (request, times) =>
      request.method === "SUBSCRIBE" && request.headers.get("expires") === "1800"
        ? { status: 423, headers: ["Min-Expires: 3600"] }
        : friendly(request, times);
    const first = await add();
    const longer = await server.got(
      isRequest("SUBSCRIBE", (r) => r.headers.get("expires") === "3600" && r.headers.get("event") === "presence"),
    );
    expect(longer.callId).toBe(first.callId);
    notify(longer, "terminated;reason=deactivated");
    await server.got(isRequest("SUBSCRIBE", (r) => r.headers.get("event") === "presence" && r.callId !== first.callId));
  });

  it.each([
    ["deeper than is read", "<a>".repeat(100) + "</a>".repeat(100)],
    ["of more elements than are read", "<a/>".repeat(30_000)],
    ["longer than is read", "x".repeat(1_100_000)],
    ["with a header that nobody can read", ""],
  ])("%s costs that presence alone", async (what, inside) => {
    await client.signIn();
    await client.connection.contacts.add(bob, "Bob", []);
    const subscribe = await server.got(isRequest("SUBSCRIBE", (r) => r.uri === `sip:${bob}`));
    const lines = [
      `Call-ID: ${subscribe.callId}`,
      "From: <sip:bob@example.test>;tag=server",
      `To: ${subscribe.headers.get("from") ?? ""}`,
      "Event: presence",
      "Subscription-State: active;expires=600",
      "Content-Type: application/pidf+xml",
    ];
    const odd = what.includes("header") ? ["no colon", "X Odd: 1"] : [];
    server.request(
      "NOTIFY",
      [...lines, ...odd],
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:${bob}">${inside}</presence>`,
    );
    server.request("NOTIFY", lines, formatPidf({ availability: "busy" }, `sip:${bob}`, "device"));
    await client.event("presence", (e) => e.address === bob && e.presence.availability === "busy");
    expect(client.events.filter((e) => e.type === "connection-lost")).toEqual([]);
  });

  it("that comes as a list of resources is refused: we ask for none (RFC 4662 section 4)", async () => {
    const subscribe = await add();
    expect(`${subscribe.headers.list("supported")} ${subscribe.headers.list("accept")}`).not.toMatch(/eventlist|rlmi/i);
    const told = (cseq: number, more: readonly string[]): void => {
      server.request(
        "NOTIFY",
        [
          `From: ${subscribe.headers.get("to") ?? ""};tag=server`,
          `To: ${subscribe.headers.get("from") ?? ""}`,
          `Call-ID: ${subscribe.callId}`,
          `CSeq: ${cseq} NOTIFY`,
          "Event: presence",
          "Subscription-State: active;expires=600",
          "Content-Type: application/pidf+xml",
          ...more,
        ],
        pidf("busy", `number ${cseq}`),
      );
    };
    told(2, ["Require: eventlist"]);
    const refusal = await server.got((m) => m.kind === "response" && m.status === 420);
    expect(refusal.headers.get("unsupported")).toBe("eventlist");
    // It costs that notification, not the subscription.
    told(3, []);
    await client.event("presence", (e) => e.presence.status === "number 3");
    expect(client.events.some((e) => e.type === "presence" && e.presence.status === "number 2")).toBe(false);
  });

  it("overtaken by newer presence is not taken", async () => {
    const subscribe = await add();
    notify(subscribe, "active;expires=600", pidf("busy", "new"), undefined, 5);
    await client.event("presence", (e) => e.presence.status === "new");
    notify(subscribe, "active;expires=600", pidf("available", "old"), undefined, 4);
    notify(subscribe, "active;expires=600", pidf("available", "newest"), undefined, 6);
    await client.event("presence", (e) => e.presence.status === "newest");
    expect(client.events.some((e) => e.type === "presence" && e.presence.status === "old")).toBe(false);
  });

  it("of our own is published again in full when the server has forgotten it (412), and for longer when told so (423)", async () => {
    await client.signIn();
    await server.got(isRequest("PUBLISH"));
    server.script = (request, times) => {
      if (request.method !== "PUBLISH") return friendly(request, times);
      if (request.headers.get("sip-if-match") !== undefined) return { status: 412 };
      return request.headers.get("expires") === "300"
        ? { status: 423, headers: ["Min-Expires: 900"] }
        : friendly(request, times);
    };
    await client.connection.presence.set({ availability: "busy", status: "again" });
    const published = requests("PUBLISH").slice(1);
    expect(published.map((p) => [p.headers.get("sip-if-match"), p.headers.get("expires")])).toEqual([
      ["e0", "300"],
      [undefined, "300"],
      [undefined, "900"],
    ]);
    expect(published.every((p) => text(p).includes("again"))).toBe(true);
  });

  it("of our own is published without a status that is too long for a server, and says so when it is set", async () => {
    const status = "é".repeat(6_000);
    await client.signIn({ availability: "busy", status });
    const first = await server.got(isRequest("PUBLISH"));
    expect(text(first)).toContain("busy");
    expect(text(first)).not.toContain("é");
    await expect(client.connection.presence.set({ availability: "away", status })).rejects.toMatchObject({
      code: "too-large",
    });
    await client.connection.presence.set({ availability: "away", status: "é".repeat(2_000) });
    expect(requests("PUBLISH")).toHaveLength(2);
  });

  it("tells who asks to see us, and is honest about what cannot be done", async () => {
    await client.signIn();
    const subscribe = await watched("presence.winfo");
    const list = (status: string, version: number) =>
      `<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="${version}" state="full"><watcher-list resource="sip:alice@example.test" package="presence"><watcher id="1" event="subscribe" status="${status}">sip:bob@example.test</watcher></watcher-list></watcherinfo>`;
    notify(subscribe, "active;expires=600", list("pending", 0), "application/watcherinfo+xml", 1, "presence.winfo");
    await client.event("subscription-request", (e) => e.address === bob);
    await expect(client.connection.contacts.accept(bob)).rejects.toMatchObject({ code: "unsupported" });
    notify(subscribe, "active;expires=600", list("active", 1), "application/watcherinfo+xml", 2, "presence.winfo");
    await client.event("subscription-settled");
    expect(client.events.filter((e) => e.type === "subscription-request")).toHaveLength(1);
  });
});
