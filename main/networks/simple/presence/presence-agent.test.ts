import { describe, expect, it } from "vitest";
import { type Audience, type ConnectionRules, noRules } from "../../connection-rules.ts";
import type { TestClient } from "../testing/client.ts";
import { asksToSee, bob, isRequest } from "../testing/presence.ts";
import { type Scene, useScene } from "../testing/scene.ts";
import { friendly, type Script, type ScriptedServer } from "../testing/scripted-server.ts";
import type { SipRequest, SipResponse } from "../wire/message.ts";

/** Takes no presence, and knows nobody else. */
const plainRegistrar: Script = (request, times) => {
  if (request.method === "PUBLISH") return { status: 405 };
  return request.method === "SUBSCRIBE" ? { status: 404 } : friendly(request, times);
};
let server: ScriptedServer;
let scene: Scene;
useScene(
  (set) => {
    scene = set;
    ({ server } = set);
  },
  { script: plainRegistrar, signsIn: false },
);
const open = (rules: Partial<ConnectionRules> = {}): TestClient => scene.open({ rules: { ...noRules, ...rules } });
/** Signed in with Bob on the list. */
const withBob = async (rules: Partial<ConnectionRules> = {}): Promise<TestClient> => {
  const client = open(rules);
  await client.signIn();
  await client.connection.contacts.add(bob, undefined, []);
  return client;
};

interface Asked {
  readonly callId?: string;
  readonly cseq?: number;
  readonly toTag?: string;
  readonly from?: string;
  readonly headers?: readonly string[];
}
let calls = 0;
/** A SUBSCRIBE to Alice's presence; answers the response. */
async function subscribe({
  callId = `watch-${(calls += 1)}`,
  cseq = 1,
  toTag,
  from = bob,
  headers = ["Expires: 300"],
}: Asked = {}): Promise<SipResponse> {
  return server.ask("SUBSCRIBE", [
    `Call-ID: ${callId}`,
    `From: "Bob B" <sip:${from}>;tag=watcher`,
    `To: <sip:alice@example.test>${toTag === undefined ? "" : `;tag=${toTag}`}`,
    `CSeq: ${cseq} SUBSCRIBE`,
    "Contact: <sip:watcher@127.0.0.1:9;transport=tcp>",
    "Record-Route: <sip:first@127.0.0.1;lr>, <sip:second@127.0.0.1;lr>",
    ...(headers.some((h) => h.startsWith("Event:")) ? [] : ["Event: presence;id=a1"]),
    ...headers,
  ]);
}
const notifies = (callId: string): readonly SipRequest[] =>
  server.received.filter(isRequest("NOTIFY", (r) => r.callId === callId));
const notified = (callId: string, fits: (request: SipRequest) => boolean = () => true): Promise<SipRequest> =>
  server.got(isRequest("NOTIFY", (r) => r.callId === callId && fits(r))) as Promise<SipRequest>;
const text = (request: SipRequest): string => Buffer.from(request.body).toString();
const stateOf = (request: SipRequest): string => request.headers.get("subscription-state") ?? "";
const tagOf = (response: SipResponse): string => /tag=(\S+)/.exec(response.headers.get("to") ?? "")?.[1] ?? "";

describe("the presence agent of an account whose server takes none (RFC 3856)", () => {
  it("tells somebody on the contact list how the person is, and every change, in the dialog that they began", async () => {
    const client = await withBob();
    const response = await subscribe({ callId: "one" });
    expect(response.status).toBe(200);
    expect(response.headers.get("expires")).toBe("300");
    expect(response.headers.list("record-route")).toEqual(["<sip:first@127.0.0.1;lr>", "<sip:second@127.0.0.1;lr>"]);
    expect(response.headers.get("contact")).toMatch(/;ob>$/);
    const first = await notified("one");
    expect(first.uri).toBe("sip:watcher@127.0.0.1:9;transport=tcp");
    expect(first.headers.list("route")).toEqual(["<sip:first@127.0.0.1;lr>", "<sip:second@127.0.0.1;lr>"]);
    expect(first.headers.get("from")).toContain(`tag=${tagOf(response)}`);
    expect(first.headers.get("to")).toContain("tag=watcher");
    expect(first.headers.get("event")).toBe("presence;id=a1");
    expect(stateOf(first)).toMatch(/^active;expires=(300|299)$/);
    expect(text(first)).toContain("<basic>open</basic>");
    await client.connection.presence.set({ availability: "busy", status: "board" });
    const second = await notified("one", (r) => text(r).includes("board"));
    expect(second.cseq.number).toBeGreaterThan(first.cseq.number);
  });

  it("goes on when it is refreshed, ends when it is not wanted any more, and knows no dialog of others", async () => {
    await withBob();
    const toTag = tagOf(await subscribe({ callId: "one" }));
    await notified("one");
    expect((await subscribe({ callId: "one", cseq: 2, toTag })).status).toBe(200);
    await expect.poll(() => notifies("one").length).toBe(2);
    // Section 12.2.2 of RFC 3261: what another request has overtaken, or repeats, is out of order.
    expect((await subscribe({ callId: "one", cseq: 2, toTag, headers: ["Expires: 300", "X-Again: 1"] })).status).toBe(
      500,
    );
    expect((await subscribe({ callId: "two", toTag: "nobody" })).status).toBe(481);
    expect((await subscribe({ callId: "one", cseq: 3, toTag: "nobody" })).status).toBe(481);
    expect((await subscribe({ callId: "one", cseq: 4, toTag, headers: ["Expires: 0"] })).status).toBe(200);
    expect(stateOf(await notified("one", (r) => stateOf(r).startsWith("terminated")))).toBe(
      "terminated;reason=timeout",
    );
    expect((await subscribe({ callId: "one", cseq: 5, toTag })).status).toBe(481);
  });

  it("is looked at once by who asks for no time, and runs out for who does not refresh", async () => {
    await withBob();
    await subscribe({ callId: "look", headers: ["Expires: 0"] });
    const only = await notified("look");
    expect([stateOf(only), text(only).includes("<basic>open</basic>")]).toEqual(["terminated;reason=timeout", true]);
    await subscribe({ callId: "short", headers: ["Expires: 1"] });
    expect(stateOf(await notified("short", (r) => stateOf(r).startsWith("terminated")))).toBe(
      "terminated;reason=timeout",
    );
  });

  it("shows strangers nothing, not even that somebody is here, and asks the person once", async () => {
    const client = open();
    await client.signIn();
    for (const callId of ["one", "two"]) {
      const response = await subscribe({ callId, from: "eve@example.test" });
      expect([response.status, response.headers.get("user-agent"), response.headers.get("allow-events")]).toEqual([
        480,
        undefined,
        undefined,
      ]);
    }
    expect(client.events.filter((e) => e.type === "subscription-request")).toEqual([
      { type: "subscription-request", address: "eve@example.test", name: "Bob B", text: undefined },
    ]);
    expect(server.received.filter(isRequest("NOTIFY"))).toEqual([]);
    await client.connection.contacts.accept("eve@example.test");
    await subscribe({ callId: "three", from: "eve@example.test" });
    expect(text(await notified("three"))).toContain("<basic>open</basic>");
  });

  it("lets strangers wait where policy does not hide the person, and tells them the answer", async () => {
    const client = open({ hiding: () => false });
    await client.signIn();
    for (const name of ["yes", "no"]) {
      expect((await subscribe({ callId: name, from: `${name}@example.test` })).status).toBe(200);
      const waiting = await notified(name);
      expect([stateOf(waiting).split(";")[0], text(waiting)]).toEqual(["pending", ""]);
    }
    await client.connection.presence.set({ availability: "busy", status: "secret" });
    await client.connection.contacts.accept("yes@example.test");
    expect(text(await notified("yes", (r) => stateOf(r).startsWith("active")))).toContain("secret");
    await client.connection.contacts.decline("no@example.test");
    await notified("no", (r) => stateOf(r) === "terminated;reason=rejected");
    expect(notifies("no").map(text).join("")).toBe("");
    expect((await subscribe({ callId: "no again", from: "no@example.test" })).status).toBe(603);
  });

  it("shows nothing more to who was taken off the list", async () => {
    const client = await withBob();
    await subscribe({ callId: "one" });
    await notified("one");
    await client.connection.contacts.remove(bob);
    expect(text(await notified("one", (r) => stateOf(r) === "terminated;reason=rejected"))).toBe("");
    await client.connection.presence.set({ availability: "busy", status: "secret" });
    expect((await subscribe({ callId: "two" })).status).toBe(480);
    expect(notifies("one").some((r) => text(r).includes("secret"))).toBe(false);
  });

  it.each(["nobody", "groups"] as const)(
    "shows nobody anything with PresenceSharing %s, and does not ask about people on the list",
    async (audience: Audience) => {
      const client = await withBob({ audience: () => audience });
      expect((await subscribe({ callId: "one" })).status).toBe(480);
      expect(client.events.some((e) => e.type === "subscription-request")).toBe(false);
      expect(server.received.filter(isRequest("NOTIFY"))).toEqual([]);
    },
  );

  it("says at signing out that the person is gone", async () => {
    const client = await withBob();
    await subscribe({ callId: "one" });
    await notified("one");
    await client.connection.disconnect();
    const last = notifies("one").at(-1);
    expect(last && [stateOf(last), text(last).includes("<basic>closed</basic>")]).toEqual([
      "terminated;reason=deactivated",
      true,
    ]);
  });

  it("goes on over a lost connection, under the new Contact", async () => {
    const client = await withBob();
    await subscribe({ callId: "one" });
    const before = await notified("one");
    server.cut();
    await client.event("connection-lost");
    await client.signIn({ availability: "busy", status: "back" });
    const after = await notified("one", (r) => text(r).includes("back"));
    expect(after.cseq.number).toBeGreaterThan(before.cseq.number);
    expect(after.headers.get("contact")).not.toBe(before.headers.get("contact"));
  });

  it("forgets a watcher who has forgotten us", async () => {
    const client = await withBob();
    server.script = (request, times) =>
      request.method === "NOTIFY" ? { status: 481 } : plainRegistrar(request, times);
    const toTag = tagOf(await subscribe({ callId: "one" }));
    await notified("one");
    await client.connection.presence.set({ availability: "busy" });
    await expect
      .poll(async () => (await subscribe({ callId: "one", cseq: (calls += 1) + 10, toTag })).status)
      .toBe(481);
  });

  it.each([
    ["another event", ["Event: dialog"], 489],
    ["no event", ["Event:"], 489],
    ["a time that cannot be read", ["Expires: soon"], 400],
    ["no document that there is", ["Accept: application/cpim-pidf+xml"], 406],
  ])("refuses a SUBSCRIBE with %s", async (_, headers, status) => {
    await withBob();
    expect((await subscribe({ headers })).status).toBe(status);
  });

  it("does not answer for a server that takes presence", async () => {
    server.script = friendly;
    const client = await withBob();
    await server.got(isRequest("PUBLISH"));
    await client.connection.presence.set({ availability: "busy" });
    const response = await subscribe();
    expect([response.status, response.headers.get("allow")]).toEqual([405, "MESSAGE, NOTIFY, OPTIONS"]);
  });

  it("asks anew to see somebody who was not there when they give a sign of life", async () => {
    await withBob();
    const first = await server.got(asksToSee());
    await subscribe();
    await server.got(asksToSee((r) => r.callId !== first.callId));
  });

  it.each([405, 489, 501])(
    "asks anew to see somebody whose telephone knew of no presence (%d) when a program of theirs that does asks",
    async (status) => {
      server.script = (request, times) =>
        request.method === "SUBSCRIBE" ? { status } : plainRegistrar(request, times);
      const client = await withBob();
      const first = await server.got(asksToSee());
      await client.event("presence", (e) => e.address === bob);
      server.request("MESSAGE", ["Content-Type: text/plain"], "from the telephone");
      await client.event("message");
      expect(server.received.filter(asksToSee())).toHaveLength(1);
      await subscribe();
      await server.got(asksToSee((r) => r.callId !== first.callId));
    },
  );
});
