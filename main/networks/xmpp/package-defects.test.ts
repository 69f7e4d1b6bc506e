import { type StockClient, jid as stockJid, xml } from "@xmpp/client";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseJid } from "./jid.ts";
import { createTestCertificate, type TestCertificate } from "./testing/certificate.ts";
import { openTestClient } from "./testing/client.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "./testing/scripted-server.ts";
import { createStock } from "./testing/stock-fixture.ts";

/**
 * The smaller packages of the @xmpp/client family (0.14) that are not used, each shown at what Hallway needs of it, as
 * defects.test.ts shows the connection layer.
 */

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

/** For the stock client, which asks for no TLS and no proof. */
async function server(options: ScriptOptions = {}): Promise<ScriptedServer> {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
  const started = await startScriptedServer({
    mechanisms: ["SCRAM-SHA-1"],
    sasl: (element) =>
      element.name === "auth"
        ? `<challenge xmlns='${nsSasl}'>${base64(`r=NOTYOURS,s=${base64("salt")},i=1`)}</challenge>`
        : `<success xmlns='${nsSasl}'>${base64(`v=${base64("bogus")}`)}</success>`,
    ...options,
  });
  cleanups.push(() => started.stop());
  return started;
}

function stock(port: number, over: Record<string, unknown> = {}): StockClient {
  const made = createStock(port, over);
  cleanups.push(() => void made.stop().catch(() => undefined));
  return made;
}

const message = (id: string, from = "bob@example.test/x"): string =>
  `<message from='${from}' id='${id}' type='chat'><body>hi</body></message>`;

describe("@xmpp/middleware", () => {
  it("does not keep stanzas in order where one takes time; ours: reading-order.test.ts", async () => {
    const script = await server();
    const client = stock(script.port);
    const done: (string | undefined)[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    client.middleware.use(async ({ stanza }, next) => {
      if (stanza.attrs["id"] === "first") await promise;
      if (stanza.name === "message") done.push(stanza.attrs["id"]);
      return next();
    });
    await client.start();
    script.client.write(message("first") + message("second"));
    await vi.waitFor(() => expect(done).toEqual(["second"]));
    resolve();
    await vi.waitFor(() => expect(done).toEqual(["second", "first"]));
  });

  it("acknowledges (XEP-0198) what a function is still busy with; ours: writing-order.test.ts", async () => {
    const script = await server();
    const client = stock(script.port);
    let isBusy = false;
    client.middleware.use(async ({ stanza }, next) => {
      if (stanza.name !== "message") return next();
      isBusy = true;
      return new Promise(() => undefined);
    });
    await client.start();
    await script.client.until(({ name }) => name === "enable");
    await vi.waitFor(() => expect(client.streamManagement.enabled).toBe(true));
    const before = Number((await counted(script)).attrs["h"]);
    script.client.write(message("first"));
    await vi.waitFor(() => expect(isBusy).toBe(true));
    expect(Number((await counted(script)).attrs["h"])).toBe(before + 1);
  });
});

/** The next acknowledgement that the client gives. */
async function counted({ client }: ScriptedServer) {
  const { length } = client.elements;
  client.write("<r xmlns='urn:xmpp:sm:3'/>");
  return client.until((element) => element.name === "a" && client.elements.indexOf(element) >= length);
}

describe("@xmpp/jid", () => {
  it("makes another address of one, and takes what is none (RFC 7622 section 3.3); ours does neither", () => {
    expect(stockJid("a\\b@example.test").toString()).toBe("a\\5cb@example.test");
    expect(parseJid("a\\b@example.test")?.full).toBe("a\\b@example.test");
    expect(stockJid("bob smith@example.test").toString()).toBe("bob\\20smith@example.test");
    expect(stockJid("bob@example.test\u200b").toString()).toBe("bob@example.test\u200b");
    for (const none of ["bob smith@example.test", "bob@example.test\u200b"]) expect(parseJid(none)).toBeUndefined();
  });

  it("keeps apart what is one address (RFC 7622 section 3.3.2); ours does not", () => {
    const [wide, plain] = ["\uff42ob@example.test", "bob@example.test"];
    expect(stockJid(wide).toString()).not.toBe(stockJid(plain).toString());
    expect(parseJid(wide)?.full).toBe(parseJid(plain)?.full);
  });
});

describe("@xmpp/error", () => {
  const failing = async (error: string): Promise<unknown> => {
    const script = await server({
      respond: ({ name, attrs }) =>
        name === "iq" && attrs["type"] === "get" ? `<iq type='error' id='${attrs["id"]}'>${error}</iq>` : undefined,
    });
    const client = stock(script.port);
    await client.start();
    return client.iqCaller.request(xml("iq", { type: "get" }, xml("query", "urn:x")), 1_000).then(
      () => "answered",
      (reason: unknown) => reason,
    );
  };
  const nsStanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";

  it("takes whichever child comes first for the condition; ours looks for it (errors.ts)", async () => {
    const error = `<error type='cancel'><text xmlns='${nsStanzas}'>no</text><not-allowed xmlns='${nsStanzas}'/></error>`;
    expect(await failing(error)).toMatchObject({ condition: "text" });
  });
});

describe("@xmpp/base64", () => {
  it("cannot carry a name beyond Latin-1; ours carries it as UTF-8 (RFC 4616 section 2)", async () => {
    const name = "\u0142ukasz";
    const script = await server();
    await expect(stock(script.port, { username: name }).start()).rejects.toThrow(/nvalid character/);
    const own = await startScriptedServer({ certificate });
    cleanups.push(() => own.stop());
    const client = openTestClient({ host: "127.0.0.1", port: own.port, caPem: certificate.pem, authUser: name });
    cleanups.push(() => client.connection.close());
    await client.connection.connect({ availability: "available" }, new AbortController().signal);
    const auth = await own.client.until((element) => element.name === "auth");
    expect(Buffer.from(auth.getText(), "base64").toString()).toBe(`\0${name}\0secret`);
  });
});

describe("@xmpp/sasl2", () => {
  it("takes a success without the server's signature for one (RFC 5802 section 9)", async () => {
    const nsSasl2 = "urn:xmpp:sasl:2";
    const script = await server({
      saslFeatures: `<authentication xmlns='${nsSasl2}'><mechanism>SCRAM-SHA-1</mechanism></authentication>`,
      respond: ({ name }) =>
        name === "authenticate"
          ? `<success xmlns='${nsSasl2}'><authorization-identifier>alice@example.test/x</authorization-identifier></success>`
          : undefined,
    });
    const client = stock(script.port);
    client.start().catch(() => undefined);
    await vi.waitFor(() => expect(script.clients).toHaveLength(1));
    await script.client.until(({ name }) => name === "authenticate");
    await vi.waitFor(() => expect(String(client.jid)).toBe("alice@example.test/x"));
  });
});

describe("@xmpp/iq", () => {
  it("answers strangers what it answers contacts; ours: routing.test.ts", async () => {
    const script = await server();
    const client = stock(script.port);
    client.iqCallee.get("urn:x", "query", () => xml("query", "urn:x"));
    await client.start();
    script.client.write("<iq type='get' id='q' from='mallory@evil.test/x'><query xmlns='urn:x'/></iq>");
    const answer = await script.client.until(({ attrs }) => attrs["id"] === "q");
    expect(answer.attrs).toMatchObject({ type: "result", to: "mallory@evil.test/x" });
  });
});
