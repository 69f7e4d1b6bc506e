import { spawnSync } from "node:child_process";
import dns from "node:dns";
import { type StockClient, client as stockClient, xml } from "@xmpp/client";
import type { Element } from "@xmpp/xml";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { SignedIn } from "../network.ts";
import { createTestCertificate, type TestCertificate } from "./testing/certificate.ts";
import { openTestClient, type TestClient, testEnvironment } from "./testing/client.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "./testing/scripted-server.ts";

/**
 * The seven defects of the stock connection layer (@xmpp/client 0.14). Each is shown failing there, and right here, by
 * the same scripted server: without TLS for the stock client, which does not ask for it; with TLS for ours, which does.
 */

let certificate: TestCertificate;
let cleanups: (() => unknown)[] = [];
beforeAll(() => {
  certificate = createTestCertificate("example.test");
});
afterEach(async () => {
  vi.restoreAllMocks();
  const all = cleanups.reverse();
  cleanups = [];
  for (const clean of all) await clean();
});

async function server(options: ScriptOptions): Promise<ScriptedServer> {
  const started = await startScriptedServer(options);
  cleanups.push(() => started.stop());
  return started;
}

/** For the stock client: it proves nothing, which stock does not mind. */
function plainServer(options: ScriptOptions = {}): Promise<ScriptedServer> {
  return server({ ...impostor("SCRAM-SHA-1"), ...options });
}

function stock(port: number, over: Record<string, unknown> = {}): StockClient {
  const made = stockClient({
    service: `xmpp://127.0.0.1:${port}`,
    domain: "example.test",
    username: "alice",
    password: "secret",
    ...over,
  });
  made.reconnect.stop();
  made.on("error", () => undefined);
  cleanups.push(() => void made.stop().catch(() => undefined));
  return made;
}

function ours(port: number, over: Parameters<typeof openTestClient>[0] = {}): TestClient {
  const made = openTestClient({ host: "127.0.0.1", port, caPem: certificate.pem, ...over });
  cleanups.push(() => made.connection.close());
  return made;
}

function connect(client: TestClient): Promise<SignedIn> {
  return client.connection.connect({ availability: "available" }, new AbortController().signal);
}

function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof HallwayError ? error.code : `not ours: ${String(error)}`),
  );
}

type Respond = NonNullable<ScriptOptions["respond"]>;

const base64 = (text: string) => Buffer.from(text).toString("base64");
const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";

/** A server that does not know the password and proves nothing. */
function impostor(mechanism: string): ScriptOptions {
  return {
    mechanisms: [mechanism],
    sasl: (element) =>
      element.name === "auth"
        ? `<challenge xmlns='${nsSasl}'>${base64(`r=NOTYOURS,s=${base64("salt")},i=1`)}</challenge>`
        : `<success xmlns='${nsSasl}'>${base64(`v=${base64("bogus")}`)}</success>`,
  };
}

describe("1: no TLS asked for, no proof asked of the server", () => {
  it("stock signs in unencrypted with a server that does not know the password", async () => {
    const client = stock((await plainServer()).port);
    await client.start();
    expect(client.isSecure()).toBe(false);
  });

  it("ours does not go on without TLS, and sends nothing of the account", async () => {
    const script = await server(impostor("SCRAM-SHA-1"));
    expect(await codeOf(connect(ours(script.port)))).toBe("tls-required");
    expect(script.client.elements).toEqual([]);
  });

  it("ours refuses text injected behind <proceed/>", async () => {
    const script = await server({ certificate, injected: "<stream:features/>" });
    expect(await codeOf(connect(ours(script.port)))).toBe("tls-failed");
  });

  it.each(["SCRAM-SHA-1", "SCRAM-SHA-256"])("ours refuses a foreign nonce and a count of 1 (%s)", async (mechanism) => {
    const script = await server({ certificate, ...impostor(mechanism) });
    expect(await codeOf(connect(ours(script.port)))).toBe("server-not-authentic");
    expect(script.client.elements.some((e) => e.name === "response")).toBe(false);
  });

  it.each(["SCRAM-SHA-1", "SCRAM-SHA-256"])("ours refuses a bogus signature (%s)", async (mechanism) => {
    const script = await server({
      certificate,
      mechanisms: [mechanism, "PLAIN"],
      sasl: (element) => {
        if (element.name !== "auth") return `<success xmlns='${nsSasl}'>${base64(`v=${base64("bogus")}`)}</success>`;
        const nonce = /r=([^,]+)/.exec(Buffer.from(element.getText(), "base64").toString())?.[1] ?? "";
        return `<challenge xmlns='${nsSasl}'>${base64(`r=${nonce}more,s=${base64("salt")},i=4096`)}</challenge>`;
      },
    });
    expect(await codeOf(connect(ours(script.port)))).toBe("server-not-authentic");
  });
});

describe("2: whom the server must be, and how it is found", () => {
  it("stock has no way to trust a private authority", async () => {
    const script = await server({ certificate, direct: true });
    const client = stock(script.port, {
      service: `xmpps://localhost:${script.port}`,
      ca: certificate.pem,
      caPem: certificate.pem,
    });
    await expect(client.start()).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  it("ours trusts it for this account, and checks the name against the XMPP domain", async () => {
    const script = await server({ certificate, direct: true });
    expect(await connect(ours(script.port, { transport: "direct-tls" }))).toMatchObject({
      security: "TLSv1.3",
      resumed: false,
    });
    const other = createTestCertificate("127.0.0.1.example");
    const wrong = await server({ certificate: other, direct: true });
    expect(await codeOf(connect(ours(wrong.port, { transport: "direct-tls", caPem: other.pem })))).toBe(
      "certificate-wrong-name",
    );
    const untrusted = openTestClient({ host: "127.0.0.1", port: script.port, transport: "direct-tls" });
    cleanups.push(() => untrusted.connection.close());
    expect(await codeOf(connect(untrusted))).toBe("certificate-untrusted");
    expect(await codeOf(connect(ours(script.port, { transport: "direct-tls", pins: [`${"A".repeat(43)}=`] })))).toBe(
      "certificate-pin-mismatch",
    );
  });

  it("one failing SRV look-up aborts stock, and not ours", async () => {
    const failure = () => Object.assign(new Error("SERVFAIL"), { code: "ESERVFAIL" });
    const script = await server({ certificate });
    vi.spyOn(dns, "resolveSrv").mockImplementation(((
      name: string,
      done: (error: Error | null, records?: object[]) => void,
    ) => {
      if (name.startsWith("_xmpps-client")) done(failure());
      else done(null, [{ name: "localhost", port: script.port, priority: 1, weight: 1 }]);
    }) as typeof dns.resolveSrv);
    await expect(stock(0, { service: "localhost", domain: "localhost" }).start()).rejects.toMatchObject({
      code: "ESERVFAIL",
    });

    const { dns: quiet } = testEnvironment();
    const environment = testEnvironment({
      dns: {
        ...quiet,
        resolveSrv: (name) =>
          name.startsWith("_xmpps-client")
            ? Promise.reject(failure())
            : Promise.resolve([{ name: "localhost", port: script.port, priority: 1, weight: 1 }]),
      },
    });
    const client = openTestClient({ caPem: certificate.pem }, environment);
    cleanups.push(() => client.connection.close());
    expect(await connect(client)).toMatchObject({
      endpoint: { host: "localhost", port: script.port, transport: "starttls" },
    });
  });
});

describe("3: characters that are split across segments", () => {
  const text = "a€b🎉c";

  /** One byte a segment: each is sent when the one before has been taken. */
  async function drip(script: ScriptedServer): Promise<void> {
    for (const byte of Buffer.from(`<message from='b@example.test' type='chat'><body>${text}</body></message>`)) {
      script.client.write(Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  it("stock corrupts them", async () => {
    const script = await plainServer();
    const client = stock(script.port);
    await client.start();
    // Its reply must not come between the bytes.
    await script.client.until((e) => e.name === "enable");
    const got = new Promise<string>((resolve) =>
      client.on("stanza", (s: Element) => s.name === "message" && resolve(s.getChildText("body") ?? "")),
    );
    await drip(script);
    expect(await got).toContain("\uFFFD");
  });

  it("ours keeps them whole, and ends the stream at bytes that are no UTF-8", async () => {
    const script = await server({ certificate });
    const client = ours(script.port);
    await connect(client);
    // The reply to the last thing that is asked must not come between the bytes.
    await script.client.until((e) => e.getChild("query", "http://jabber.org/protocol/disco#items") !== undefined);
    await drip(script);
    expect((await client.until("message")).message.body).toBe(text);
    script.client.write(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff));
    expect((await client.until("connection-lost")).error.code).toBe("protocol-error");
  });
});

describe("4: counters of stream management", () => {
  const respond: Respond = (element) =>
    element.name === "enable"
      ? "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/><message from='b@example.test'><body>first</body></message>"
      : undefined;

  it("stock miscounts what comes together with <enabled/>, and fails at an impossible number", async () => {
    const script = await plainServer({ respond });
    const client = stock(script.port);
    const errors: unknown[] = [];
    client.on("error", (error) => errors.push(error));
    await client.start();
    await script.client.until((e) => e.name === "enable");
    await vi.waitFor(() => expect(client.streamManagement.enabled).toBe(true));
    script.client.write("<r xmlns='urn:xmpp:sm:3'/>");
    expect((await script.client.until((e) => e.name === "a")).attrs["h"]).not.toBe("1");
    script.client.write("<a xmlns='urn:xmpp:sm:3' h='999999'/>");
    await vi.waitFor(() => expect(errors.some((e) => e instanceof TypeError)).toBe(true));
  });

  it("ours counts right from the first stanza, and ends the stream at an impossible number", async () => {
    const script = await server({ certificate, respond });
    const client = ours(script.port);
    await connect(client);
    // Everything that came is counted: the message and the replies to what was asked at sign-in.
    await client.until("message");
    const replies = script.client.elements
      .slice(script.client.elements.findIndex((e) => e.name === "enable"))
      .filter((e) => e.name === "iq").length;
    script.client.write("<r xmlns='urn:xmpp:sm:3'/>");
    expect((await script.client.until((e) => e.name === "a")).attrs["h"]).toBe(String(1 + replies));
    script.client.write("<a xmlns='urn:xmpp:sm:3' h='999999'/>");
    expect((await client.until("connection-lost")).error.code).toBe("protocol-error");
  });

  it("ours has its own stanzas counted right when it sends at once", async () => {
    const script = await server({ certificate });
    const client = ours(script.port);
    await connect(client);
    await client.connection.messages.send({
      id: "m-1",
      to: "bob@example.test",
      body: "hi",
      at: Date.now(),
      wantReceipts: true,
    });
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "sent" });
    client.connection.check();
    await script.client.until((e) => e.name === "r" && script.client.elements.filter((o) => o.name === "r").length > 1);
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });
});

describe("5: replies to requests", () => {
  const forged = (id: string) =>
    `<iq type='result' from='mallory@evil.test/x' id='${id}'><query xmlns='jabber:iq:roster'><item jid='mallory@evil.test' subscription='both'/></query></iq>`;
  const mute: Respond = (element, client) => {
    if (element.getChild("query", "jabber:iq:roster") && element.attrs["type"] === "get") {
      client.write(forged(element.attrs["id"] ?? ""));
      return "";
    }
    return undefined;
  };

  it("stock takes a reply from anybody, and its ids can be foreseen", async () => {
    const script = await plainServer({ respond: mute });
    const client = stock(script.port);
    await client.start();
    const random = vi.spyOn(Math, "random").mockReturnValue(0.123456789);
    const reply = await client.iqCaller.get(xml("query", "jabber:iq:roster"));
    random.mockRestore();
    expect(reply?.getChild("item")?.attrs["jid"]).toBe("mallory@evil.test");
    expect(script.client.elements.find((e) => e.getChild("query", "jabber:iq:roster"))?.attrs["id"]).toBe(
      (0.123456789).toString(36).slice(2, 12),
    );
  });

  it("ours takes it from whom it asked, and its ids are random", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.123456789);
    const script = await server({ certificate, respond: mute });
    const client = ours(script.port);
    await connect(client);
    await client.until("refused");
    const ids = script.client.elements.filter((e) => e.name === "iq").map((e) => e.attrs["id"] ?? "");
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    script.client.write(
      `<iq type='result' id='${script.client.elements.find((e) => e.getChild("query", "jabber:iq:roster"))?.attrs["id"]}'><query xmlns='jabber:iq:roster'><item jid='bob@example.test' subscription='both'/></query></iq>`,
    );
    expect((await client.until("roster")).items.map((i) => i.address)).toEqual(["bob@example.test"]);
  });

  it("an error that beats the write is an unhandled rejection in stock, and an ordinary one in ours", async () => {
    expect(stockProcess("early-error")).toMatch(/ERR_UNHANDLED|StanzaError|service-unavailable/);
    const script = await server({
      certificate,
      respond: (element) =>
        element.attrs["type"] === "set" && element.getChild("query", "jabber:iq:roster")
          ? `<iq type='error' id='${element.attrs["id"]}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`
          : undefined,
    });
    const client = ours(script.port);
    await connect(client);
    expect(await codeOf(client.connection.contacts.add("bob@example.test", undefined, []))).toBe("not-allowed");
  });
});

/** Output on stderr of a stock client that dies of what a server sent; "" when it lives. */
function stockProcess(what: string): string {
  const run = spawnSync(process.execPath, [new URL("./testing/stock-victim.ts", import.meta.url).pathname, what], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return run.status === 0 ? "" : run.stderr;
}

describe("6: input that ends the program", () => {
  it.each([
    ["mismatched tags", "<message from='c@example.test'><body>j</bodx></message></y>", /must be closed|TypeError/],
    [
      "a reference to no character",
      "<message from='c@example.test'><body>&#0;x</body></message>",
      /Illegal XML character/,
    ],
    ["an address that is none", "<message from='/'><body>j</body></message>", /Invalid domain/],
  ])("%s ends stock's process", (_, text, death) => {
    expect(stockProcess(text)).toMatch(death);
  });

  it("a document type passes stock", async () => {
    const script = await plainServer();
    const client = stock(script.port);
    await client.start();
    const got = new Promise<string>((resolve) =>
      client.on("stanza", (s: Element) => s.name === "message" && resolve(s.attrs["from"] ?? "")),
    );
    // It is read like a comment: all up to the end of one is gone without a word.
    script.client.write("<!DOCTYPE a --><message from='c@example.test'><body>ok</body></message>");
    expect(await got).toBe("c@example.test");
  });

  it("a stanza 20,000 deep overflows stock", async () => {
    const script = await plainServer();
    const client = stock(script.port);
    await client.start();
    const got = new Promise<Element>((resolve) =>
      client.on("stanza", (s: Element) => s.name === "message" && resolve(s)),
    );
    script.client.write(`<message from='c@example.test'>${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}</message>`);
    const stanza = await got;
    expect(() => stanza.toString()).toThrow(RangeError);
  });

  it.each([
    ["mismatched tags", "<message from='c@example.test'><body>j</bodx></message></y>", "protocol-error"],
    ["a reference to no character", "<message from='c@example.test'><body>&#0;x</body></message>", "protocol-error"],
    ["a document type", "<!DOCTYPE a><message from='c@example.test'><body>ok</body></message>", "protocol-error"],
    ["a comment", "<!-- x --><message from='c@example.test'><body>ok</body></message>", "protocol-error"],
    ["a processing instruction", "<?pi x?><message from='c@example.test'><body>ok</body></message>", "protocol-error"],
  ])("ours ends the stream at %s", async (_, text, code) => {
    const script = await server({ certificate });
    const client = ours(script.port);
    await connect(client);
    script.client.write(text);
    expect((await client.until("connection-lost")).error.code).toBe(code);
    expect(client.events.some((e) => e.type === "message")).toBe(false);
  });

  it.each([
    [
      "20,000 levels",
      `<message from='c@example.test'><body>ok</body>${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}</message>`,
    ],
    [
      "a stanza of over 1 MiB",
      `<message from='c@example.test'><body>ok</body><x>${"x".repeat(1_100_000)}</x></message>`,
    ],
  ])("ours takes what it can of %s, and lives", async (_, text) => {
    const script = await server({ certificate });
    const client = ours(script.port);
    await connect(client);
    script.client.write(`${text}<message from='b@example.test'><body>next</body></message>`);
    await client.until("message", ({ message }) => message.body === "next");
    expect(client.events.flatMap((e) => (e.type === "message" ? [e.message.body] : []))).toEqual(["ok", "next"]);
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });

  it("ours drops a message from an address that is none, and lives", async () => {
    const script = await server({ certificate });
    const client = ours(script.port);
    await connect(client);
    script.client.write(
      "<message from='/'><body>j</body></message><message from='b@example.test'><body>next</body></message>",
    );
    expect((await client.until("message")).message.body).toBe("next");
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });
});

describe("7: time-outs, sending while away, resumption", () => {
  it("a server that takes 2.1 s to answer is too slow for stock, and not for ours", async () => {
    expect(stockProcess("slow")).toMatch(/TimeoutError/);
    const script = await server({ certificate, slow: 2100 });
    expect(await connect(ours(script.port))).toMatchObject({ resumed: false });
  });

  it("send() while away throws what it happens to throw in stock, and `offline` in ours", async () => {
    const script = await server({ certificate });
    const away = stock((await plainServer()).port);
    await expect((async () => away.send(xml("message", {})))()).rejects.not.toBeInstanceOf(HallwayError);
    const client = ours(script.port);
    const message = { id: "m-1", to: "bob@example.test", body: "hi", at: Date.now(), wantReceipts: false };
    expect(await codeOf(client.connection.messages.send(message))).toBe("offline");
    await connect(client);
    script.client.destroy();
    await client.until("connection-lost");
    expect(await codeOf(client.connection.messages.send(message))).toBe("offline");
  });

  /** Takes one message, never acknowledges it, and lets the session be resumed or not. */
  function forgetful(resume: string): Respond {
    return (element) => (element.name === "r" ? "" : element.name === "resume" ? resume : undefined);
  }
  const resumed = "<resumed xmlns='urn:xmpp:sm:3' previd='previous' h='0'/>";

  it("stock says nothing of a resumption through `online`", async () => {
    const script = await plainServer({ respond: forgetful(resumed) });
    const client = stock(script.port);
    let online = 0;
    client.on("online", () => {
      online += 1;
    });
    await client.start();
    await vi.waitFor(() => expect(client.streamManagement.enabled).toBe(true));
    const again = new Promise<void>((resolve) => client.streamManagement.once("resumed", () => resolve()));
    client.reconnect.delay = 1;
    client.reconnect.start();
    script.client.destroy();
    await again;
    expect(online).toBe(1);
    client.reconnect.stop();
  });

  it("ours says that it resumed, and sends again what was not acknowledged, once", async () => {
    const script = await server({ certificate, respond: forgetful(resumed) });
    const client = ours(script.port);
    await connect(client);
    await client.connection.messages.send({
      id: "m-1",
      to: "bob@example.test",
      body: "hi",
      at: Date.now(),
      wantReceipts: false,
    });
    await script.client.until((e) => e.attrs["id"] === "m-1");
    const before = script.client.count;
    script.client.destroy();
    await client.until("connection-lost");
    expect(await connect(client)).toMatchObject({ resumed: true });
    await script.client.until((e) => e.attrs["id"] === "m-1");
    // The scripted server says that it saw nothing (h=0), so all comes again, each once.
    const sent = script.client.elements.filter((e) => ["message", "presence", "iq"].includes(e.name));
    expect(sent.filter((e) => e.attrs["id"] === "m-1")).toHaveLength(1);
    expect(sent.length).toBeGreaterThanOrEqual(before);
    script.client.write(`<a xmlns='urn:xmpp:sm:3' h='${before}'/>`);
    expect(await client.until("delivery", (e) => e.id === "m-1")).toMatchObject({ state: "sent" });
  });

  it("ours tells of a failed resumption: what the server says it had is sent, the rest is waiting", async () => {
    const holder: { h: number } = { h: 0 };
    const respond: Respond = (element) => {
      if (element.name === "r") return "";
      if (element.name === "resume")
        return `<failed xmlns='urn:xmpp:sm:3' h='${holder.h}'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
      return undefined;
    };
    const script = await server({ certificate, respond });
    const client = ours(script.port);
    await connect(client);
    for (const id of ["m-1", "m-2"])
      await client.connection.messages.send({
        id,
        to: "bob@example.test",
        body: id,
        at: Date.now(),
        wantReceipts: false,
      });
    await script.client.until((e) => e.attrs["id"] === "m-2");
    holder.h = script.client.count - 1;
    script.client.destroy();
    await client.until("connection-lost");
    expect(await connect(client)).toMatchObject({ resumed: false });
    expect(await client.until("delivery", (e) => e.id === "m-1")).toMatchObject({ state: "sent" });
    expect(await client.until("delivery", (e) => e.id === "m-2")).toMatchObject({ state: "waiting" });
    expect(script.client.elements.some((e) => e.name === "message")).toBe(false);
  });
});
