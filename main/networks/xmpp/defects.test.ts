import dns from "node:dns";
import { xml } from "@xmpp/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTestCertificate } from "./testing/certificate.ts";
import { openTestClient, testEnvironment } from "./testing/client.ts";
import { codeOf, connect } from "./testing/scripted-fixture.ts";
import { base64, impostor, nsSasl, type Respond, StockFixture, stockProcess } from "./testing/stock-fixture.ts";

/**
 * The seven defects of the stock connection layer (@xmpp/client 0.14), here those of whom it believes; those of what it
 * reads are in `defects-input.test.ts`, those of its session in `defects-session.test.ts`. Each is shown failing there,
 * and right here, by the same scripted server: without TLS for the stock client, which does not ask for it; with TLS
 * for ours, which does.
 */

const fixture = new StockFixture();

afterEach(() => void vi.restoreAllMocks());

describe("1: no TLS asked for, no proof asked of the server", () => {
  it("stock signs in unencrypted with a server that does not know the password", async () => {
    const client = fixture.stock((await fixture.stockServer()).port);
    await client.start();
    expect(client.isSecure()).toBe(false);
  });

  it("ours does not go on without TLS, and sends nothing of the account", async () => {
    const script = await fixture.plainServer(impostor("SCRAM-SHA-1"));
    expect(await codeOf(connect(fixture.open(script.port)))).toBe("tls-required");
    expect(script.client.elements).toEqual([]);
  });

  it("ours refuses text injected behind <proceed/>", async () => {
    const script = await fixture.server({ injected: "<stream:features/>" });
    expect(await codeOf(connect(fixture.open(script.port)))).toBe("tls-failed");
  });

  it.each(["SCRAM-SHA-1", "SCRAM-SHA-256"])("ours refuses a foreign nonce and a count of 1 (%s)", async (mechanism) => {
    const script = await fixture.server(impostor(mechanism));
    expect(await codeOf(connect(fixture.open(script.port)))).toBe("server-not-authentic");
    expect(script.client.elements.some((e) => e.name === "response")).toBe(false);
  });

  it.each(["SCRAM-SHA-1", "SCRAM-SHA-256"])("ours refuses a bogus signature (%s)", async (mechanism) => {
    const script = await fixture.server({
      mechanisms: [mechanism, "PLAIN"],
      sasl: (element) => {
        if (element.name !== "auth") return `<success xmlns='${nsSasl}'>${base64(`v=${base64("bogus")}`)}</success>`;
        const nonce = /r=([^,]+)/.exec(Buffer.from(element.getText(), "base64").toString())?.[1] ?? "";
        return `<challenge xmlns='${nsSasl}'>${base64(`r=${nonce}more,s=${base64("salt")},i=4096`)}</challenge>`;
      },
    });
    expect(await codeOf(connect(fixture.open(script.port)))).toBe("server-not-authentic");
  });
});

describe("2: whom the server must be, and how it is found", () => {
  it("stock has no way to trust a private authority", async () => {
    const script = await fixture.server({ direct: true });
    const client = fixture.stock(script.port, {
      service: `xmpps://localhost:${script.port}`,
      ca: fixture.certificate.pem,
      caPem: fixture.certificate.pem,
    });
    await expect(client.start()).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  it("ours trusts it for this account, and checks the name against the XMPP domain", async () => {
    const script = await fixture.server({ direct: true });
    expect(await connect(fixture.open(script.port, { transport: "direct-tls" }))).toMatchObject({
      security: "TLSv1.3",
      resumed: false,
    });
    const other = createTestCertificate("127.0.0.1.example");
    const wrong = await fixture.server({ certificate: other, direct: true });
    expect(await codeOf(connect(fixture.open(wrong.port, { transport: "direct-tls", caPem: other.pem })))).toBe(
      "certificate-wrong-name",
    );
    const untrusted = openTestClient({ host: "127.0.0.1", port: script.port, transport: "direct-tls" });
    fixture.atEnd(() => untrusted.connection.close());
    expect(await codeOf(connect(untrusted))).toBe("certificate-untrusted");
    expect(
      await codeOf(connect(fixture.open(script.port, { transport: "direct-tls", pins: [`${"A".repeat(43)}=`] }))),
    ).toBe("certificate-pin-mismatch");
  });

  it("one failing SRV look-up aborts stock, and not ours", async () => {
    const failure = () => Object.assign(new Error("SERVFAIL"), { code: "ESERVFAIL" });
    const script = await fixture.server();
    vi.spyOn(dns, "resolveSrv").mockImplementation(((
      name: string,
      done: (error: Error | null, records?: object[]) => void,
    ) => {
      if (name.startsWith("_xmpps-client")) done(failure());
      else done(null, [{ name: "localhost", port: script.port, priority: 1, weight: 1 }]);
    }) as typeof dns.resolveSrv);
    await expect(fixture.stock(0, { service: "localhost", domain: "localhost" }).start()).rejects.toMatchObject({
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
    const client = openTestClient({ caPem: fixture.certificate.pem }, environment);
    fixture.atEnd(() => client.connection.close());
    expect(await connect(client)).toMatchObject({
      endpoint: { host: "localhost", port: script.port, transport: "starttls" },
    });
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
    const script = await fixture.stockServer({ respond: mute });
    const client = fixture.stock(script.port);
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
    const script = await fixture.server({ respond: mute });
    const client = fixture.open(script.port);
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
    const script = await fixture.server({
      respond: (element) =>
        element.attrs["type"] === "set" && element.getChild("query", "jabber:iq:roster")
          ? `<iq type='error' id='${element.attrs["id"]}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`
          : undefined,
    });
    const client = fixture.open(script.port);
    await connect(client);
    expect(await codeOf(client.connection.contacts.add("bob@example.test", undefined, []))).toBe("not-allowed");
  });
});
