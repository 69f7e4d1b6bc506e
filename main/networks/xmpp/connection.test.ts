import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { ServerSettings } from "../../../shared/model/account.ts";
import type { NetworkEnvironment } from "../environment.ts";
import { createTestCertificate, type TestCertificate } from "./testing/certificate.ts";
import { openTestClient, type TestClient, testEnvironment } from "./testing/client.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "./testing/scripted-server.ts";

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

async function server(options: ScriptOptions = {}): Promise<ScriptedServer> {
  const started = await startScriptedServer({ certificate, ...options });
  cleanups.push(() => started.stop());
  return started;
}
function open(port: number, settings: ServerSettings = {}, environment?: NetworkEnvironment): TestClient {
  const made = openTestClient(
    { ...(port === 0 ? {} : { host: "127.0.0.1", port }), caPem: certificate.pem, ...settings },
    environment,
  );
  cleanups.push(() => made.connection.close());
  return made;
}
const connect = (client: TestClient, signal = new AbortController().signal) =>
  client.connection.connect({ availability: "available" }, signal);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof HallwayError ? error.code : String(error)),
  );
const message = (id: string) => ({ id, to: "bob@example.test", body: id, at: Date.now(), wantReceipts: true });
const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";

describe("signing in", () => {
  it.each([
    ["not-authorized", "wrong-password"],
    ["account-disabled", "account-disabled"],
    ["temporary-auth-failure", "server-error"],
    ["mechanism-too-weak", "no-common-authentication"],
  ])("tells %s as %s", async (condition, code) => {
    const script = await server({ sasl: () => `<failure xmlns='${nsSasl}'><${condition}/><text>no</text></failure>` });
    expect(await codeOf(connect(open(script.port)))).toBe(code);
  });

  it("names what it cannot do", async () => {
    expect(await codeOf(connect(open((await server({ mechanisms: ["ANONYMOUS", "DIGEST-MD5"] })).port)))).toBe(
      "no-common-authentication",
    );
  });

  it("needs a password", async () => {
    const client = open((await server()).port);
    expect(await codeOf(connect(client))).toBe("fulfilled");
    const { createXmppNetwork } = await import("./network.ts");
    const without = createXmppNetwork(testEnvironment()).open(
      {
        id: "account-1",
        protocol: "xmpp",
        address: "alice@example.test",
        enabled: true,
        deviceId: "0f0e0d0c-0000-4000-8000-000000000000",
        server: {},
      },
      { credentials: { password: () => Promise.resolve(undefined) }, emit: () => undefined },
    );
    expect(await codeOf(without.connect({ availability: "available" }, new AbortController().signal))).toBe(
      "password-needed",
    );
    without.close();
  });

  it("holds to the lowest TLS version, and does no TLS 1.2 when 1.3 is asked for", async () => {
    const script = await server();
    expect(await connect(open(script.port, {}, testEnvironment({ minTlsVersion: "TLSv1.3" })))).toMatchObject({
      security: "TLSv1.3",
    });
  });

  it("tries endpoint after endpoint, and stops at one that knows the answer", async () => {
    const closed = await server();
    await closed.stop();
    const good = await server();
    const srv = (ports: readonly number[]) =>
      testEnvironment({
        dns: {
          ...testEnvironment().dns,
          resolveSrv: (name) =>
            name.startsWith("_xmpp-")
              ? Promise.resolve(ports.map((port, priority) => ({ name: "h.example", port, priority, weight: 0 })))
              : Promise.resolve([]),
        },
      });
    expect(await connect(open(0, {}, srv([closed.port, good.port])))).toMatchObject({ endpoint: { port: good.port } });
    const bad = await server({ sasl: () => `<failure xmlns='${nsSasl}'><not-authorized/></failure>` });
    expect(await codeOf(connect(open(0, {}, srv([bad.port, good.port]))))).toBe("wrong-password");
    expect(good.clients).toHaveLength(1);
    // Of all failures the one that says most is told.
    const withoutTls = await startScriptedServer({});
    cleanups.push(() => withoutTls.stop());
    expect(await codeOf(connect(open(0, {}, srv([withoutTls.port, closed.port]))))).toBe("tls-required");
  });

  it("can be stopped, and tried again", async () => {
    const silent = await server({ slow: [60_000] });
    const client = open(silent.port);
    const stop = new AbortController();
    const connecting = codeOf(connect(client, stop.signal));
    await vi.waitFor(() => expect(silent.clients).toHaveLength(1));
    stop.abort();
    expect(await connecting).toBe("cancelled");
    await silent.client.closed;
    expect(await codeOf(connect(client))).toBe("fulfilled");
  });

  it("takes sign-ins and sign-outs in turn, the later stopping the earlier", async () => {
    const script = await server({ slow: [60_000] });
    const client = open(script.port);
    const first = codeOf(connect(client));
    await vi.waitFor(() => expect(script.clients).toHaveLength(1));
    const second = codeOf(connect(client));
    expect(await first).toBe("cancelled");
    expect(await second).toBe("fulfilled");
    const leaving = client.connection.disconnect();
    expect(await codeOf(connect(client))).toBe("fulfilled");
    await leaving;
    expect(await codeOf(connect(client))).toBe("fulfilled");
    await vi.waitFor(() => expect(script.clients).toHaveLength(4));
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });

  it("refuses a session of somebody else, and a header of another server", async () => {
    const other = await server({
      respond: (e) =>
        e.getChild("bind")
          ? `<iq type='result' id='${e.attrs["id"]}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>mallory@evil.test/x</jid></bind></iq>`
          : undefined,
    });
    expect(await codeOf(connect(open(other.port)))).toBe("protocol-error");
  });
});

it("takes a contact list that is longer than any other stanza may be, and of nothing else as much", async () => {
  const item = (n: number) =>
    `<item jid='contact-${n}@a-rather-long-domain.example.test' name='Contact number ${n}' subscription='both'><group>Group ${n % 20}</group></item>`;
  const items = Array.from({ length: 12_000 }, (_, n) => item(n)).join("");
  const script = await server({
    respond: (e) =>
      e.getChild("query", "jabber:iq:roster")
        ? `<iq type='result' id='${e.attrs["id"]}'><query xmlns='jabber:iq:roster'>${items}</query></iq>`
        : undefined,
  });
  const client = open(script.port);
  await connect(client);
  expect((await client.until("roster")).items).toHaveLength(12_000);
  script.client.write(`<iq type='result' id='another'><query xmlns='jabber:iq:roster'>${items}</query></iq>`);
  expect((await client.until("refused")).what).toBe("the end of a stanza that was too long");
  script.client.write("<message from='bob@example.test'><body>next</body></message>");
  await client.until("message");
});

it("keeps what changes in the contact list while a long one is read", async () => {
  const items = Array.from({ length: 5_000 }, (_, n) => `<item jid='p${n}@example.test' subscription='both'/>`).join(
    "",
  );
  const push = (id: string, item: string) =>
    `<iq type='set' id='${id}'><query xmlns='jabber:iq:roster'>${item}</query></iq>`;
  const script = await server({
    respond: (e) =>
      e.getChild("query", "jabber:iq:roster") && e.attrs["type"] === "get"
        ? `<iq type='result' id='${e.attrs["id"]}'><query xmlns='jabber:iq:roster'>${items}</query></iq>${push("1", "<item jid='p7@example.test' name='Renamed' subscription='to'/>")}${push("2", "<item jid='p4999@example.test' subscription='remove'/>")}`
        : undefined,
  });
  const client = open(script.port);
  await connect(client);
  expect((await client.until("roster")).items).toHaveLength(5_000);
  expect(await client.until("roster-item")).toMatchObject({
    item: { address: "p7@example.test", name: "Renamed", subscription: "to" },
  });
  expect(await client.until("roster-removed")).toMatchObject({ address: "p4999@example.test" });
});

describe("what is under way", () => {
  it("is told as sent when the server has it, by a ping where there is no stream management", async () => {
    const script = await server({ management: false });
    const client = open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "sent" });
    expect(script.client.elements.at(-1)?.getChild("ping", "urn:xmpp:ping")).toBeDefined();
  });

  it("waits when the connection breaks before that, each message once", async () => {
    const script = await server({
      management: false,
      respond: (e) => (e.getChild("ping", "urn:xmpp:ping") ? "" : undefined),
    });
    const client = open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    await client.connection.messages.send(message("m-2"));
    script.client.destroy();
    await client.until("connection-lost");
    const waiting = client.events.filter((e) => e.type === "delivery");
    expect(waiting.map((e) => [e.id, e.state])).toEqual([
      ["m-1", "waiting"],
      ["m-2", "waiting"],
    ]);
  });

  it("is not told as sent after it came back", async () => {
    const script = await server({
      respond: (e) =>
        e.name === "message"
          ? `<message type='error' id='${e.attrs["id"]}' from='bob@example.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`
          : undefined,
    });
    const client = open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    await client.until("delivery");
    client.connection.check();
    await script.client.until((e) => e.name === "r" && script.client.elements.filter((o) => o.name === "r").length > 1);
    await client.connection.disconnect();
    expect(client.events.filter((e) => e.type === "delivery").map((e) => e.state)).toEqual(["failed"]);
  });

  it("waits after a sign-out that the server did not acknowledge", async () => {
    const script = await server({ respond: (e) => (e.name === "r" ? "" : undefined) });
    const client = open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    await client.connection.disconnect();
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "waiting" });
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
    expect(await codeOf(client.connection.messages.send(message("m-2")))).toBe("offline");
  });

  it.each([
    ["nothing", ""],
    ["another session", "<resumed xmlns='urn:xmpp:sm:3' previd='other' h='0'/>"],
    ["an error", "<stream:error><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"],
  ])("waits no longer than two sign-ins for a session that the server answers with %s", async (_, answer) => {
    const script = await server({
      respond: (e, peer) => {
        if (e.name === "r") return "";
        if (e.name !== "resume") return undefined;
        setImmediate(() => peer.destroy());
        return answer;
      },
    });
    const client = open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    client.connection.messages.sendReceipt?.({ to: "bob@example.test", messageId: "b-1", kind: "read" });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
    script.client.destroy();
    await client.until("connection-lost");
    for (let times = 0; times < 2; times += 1) expect(await codeOf(connect(client))).not.toBe("fulfilled");
    expect(await connect(client)).toMatchObject({ resumed: false });
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "waiting" });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
  });

  it("keeps receipts for the next session", async () => {
    const script = await server({ respond: (e) => (e.name === "r" ? "" : undefined) });
    const client = open(script.port);
    await connect(client);
    client.connection.messages.sendReceipt?.({ to: "bob@example.test", messageId: "b-1", kind: "read" });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
    script.client.destroy();
    await client.until("connection-lost");
    expect(await connect(client)).toMatchObject({ resumed: false });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
  });
});

describe("the end", () => {
  it.each([
    [
      "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      "replaced-by-other-session",
    ],
    ["<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "connection-lost"],
    ["</stream:stream>", "connection-lost"],
  ])("%s is %s", async (text, code) => {
    const script = await server();
    const client = open(script.port);
    await connect(client);
    script.client.write(text);
    expect((await client.until("connection-lost")).error.code).toBe(code);
    expect(client.events.filter((e) => e.type === "connection-lost")).toHaveLength(1);
  });

  it("says goodbye, in order", async () => {
    const script = await server();
    const client = open(script.port);
    await connect(client);
    script.client.write("<message from='bob@example.test'><body>x</body></message>");
    await client.until("message");
    await client.connection.disconnect();
    await script.client.closed;
    expect(script.client.elements.slice(-3).map((e) => e.name)).toEqual(["presence", "r", "a"]);
    expect(script.client.elements.at(-3)?.attrs["type"]).toBe("unavailable");
    expect(Number(script.client.elements.at(-1)?.attrs["h"])).toBeGreaterThan(0);
  });

  it("tells nothing more after close, and cannot be used again", async () => {
    const script = await server();
    const client = open(script.port);
    await connect(client);
    client.connection.close();
    client.connection.close();
    const count = client.events.length;
    await script.client.closed;
    expect(client.events).toHaveLength(count);
    expect(await codeOf(connect(client))).toBe("cancelled");
    expect(await codeOf(client.connection.contacts.remove("bob@example.test"))).toBe("offline");
  });
});

describe("a hostile server", () => {
  const pieces = fc.constantFrom(
    "<message from='bob@example.test'><body>x</body></message>",
    "<a xmlns='urn:xmpp:sm:3'/>",
    "<a xmlns='urn:xmpp:sm:3' h='-1'/>",
    "<a xmlns='urn:xmpp:sm:3' h='4294967296'/>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<resumed xmlns='urn:xmpp:sm:3'/>",
    "<enabled xmlns='urn:xmpp:sm:3'/>",
    "<stream:features/>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<iq/>",
    "<iq type='set'/>",
    "<iq type='result' id='x'/>",
    "<presence from='@'/>",
    "<m",
    "</",
    "]]>",
    "&",
    "<stream:stream>",
    "</stream:stream>",
    "<stream:error/>",
    "\u0000",
    "<a>".repeat(70),
    " ",
  );

  it("ends nothing but its own stream, whatever it sends after sign-in", async () => {
    const script = await server();
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 8 }), async (texts) => {
        const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem });
        try {
          await connect(client);
          script.client.write(texts.join(""));
          // The stream is over, or it still answers.
          const alive = script.client.until((e) => e.name === "a").then(() => undefined);
          script.client.write("<r xmlns='urn:xmpp:sm:3'/></nothing>");
          await Promise.race([alive, client.until("connection-lost")]);
          const lost = client.events.find((e) => e.type === "connection-lost");
          if (lost) expect(lost.error.code).not.toBe("internal");
        } finally {
          client.connection.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  it("cannot make signing in throw anything but a code, or last", async () => {
    const answers = fc.constantFrom(
      "",
      "<x/>",
      "</stream:stream>",
      "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      "<failed xmlns='urn:xmpp:sm:3'/>",
      "<iq type='error' id='1'/>",
      "&",
      "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    );
    await fc.assert(
      fc.asyncProperty(
        answers.filter((a) => a !== ""),
        fc.constantFrom("bind", "enable", "auth"),
        async (answer, at) => {
          const script = await startScriptedServer({
            certificate,
            respond: (e) => (e.name === at || e.getChild(at) ? answer : undefined),
            ...(at === "auth" ? { sasl: () => answer } : {}),
          });
          const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: certificate.pem });
          const stop = new AbortController();
          const timer = setTimeout(() => stop.abort(), 500);
          const code = await codeOf(connect(client, stop.signal));
          clearTimeout(timer);
          expect([
            "fulfilled",
            "protocol-error",
            "connection-lost",
            "unknown-host",
            "server-error",
            "cancelled",
            "wrong-password",
          ]).toContain(code);
          client.connection.close();
          await script.stop();
        },
      ),
      { numRuns: 30 },
    );
  });
});
