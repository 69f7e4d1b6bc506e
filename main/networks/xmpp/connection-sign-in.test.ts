import { describe, expect, it, vi } from "vitest";
import { testEnvironment } from "./testing/client.ts";
import { codeOf, connect, ScriptedFixture } from "./testing/scripted-fixture.ts";

const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const fixture = new ScriptedFixture();

describe("signing in", () => {
  it.each([
    ["not-authorized", "wrong-password"],
    ["account-disabled", "account-disabled"],
    ["temporary-auth-failure", "server-error"],
    ["mechanism-too-weak", "no-common-authentication"],
  ])("tells %s as %s", async (condition, code) => {
    const script = await fixture.server({
      sasl: () => `<failure xmlns='${nsSasl}'><${condition}/><text>no</text></failure>`,
    });
    expect(await codeOf(connect(fixture.open(script.port)))).toBe(code);
  });

  it("names what it cannot do", async () => {
    expect(
      await codeOf(connect(fixture.open((await fixture.server({ mechanisms: ["ANONYMOUS", "DIGEST-MD5"] })).port))),
    ).toBe("no-common-authentication");
  });

  it("needs a password", async () => {
    const client = fixture.open((await fixture.server()).port);
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
    const script = await fixture.server();
    expect(await connect(fixture.open(script.port, {}, testEnvironment({ minTlsVersion: "TLSv1.3" })))).toMatchObject({
      security: "TLSv1.3",
    });
  });

  it("tries endpoint after endpoint, and stops at one that knows the answer", async () => {
    const closed = await fixture.server();
    await closed.stop();
    const good = await fixture.server();
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
    expect(await connect(fixture.open(0, {}, srv([closed.port, good.port])))).toMatchObject({
      endpoint: { port: good.port },
    });
    const bad = await fixture.server({ sasl: () => `<failure xmlns='${nsSasl}'><not-authorized/></failure>` });
    expect(await codeOf(connect(fixture.open(0, {}, srv([bad.port, good.port]))))).toBe("wrong-password");
    expect(good.clients).toHaveLength(1);
    // Of all failures the one that says most is told.
    const withoutTls = await fixture.plainServer({});
    expect(await codeOf(connect(fixture.open(0, {}, srv([withoutTls.port, closed.port]))))).toBe("tls-required");
  });

  it("can be stopped, and tried again", async () => {
    const silent = await fixture.server({ slow: [60_000] });
    const client = fixture.open(silent.port);
    const stop = new AbortController();
    const connecting = codeOf(connect(client, stop.signal));
    await vi.waitFor(() => expect(silent.clients).toHaveLength(1));
    stop.abort();
    expect(await connecting).toBe("cancelled");
    await silent.client.closed;
    expect(await codeOf(connect(client))).toBe("fulfilled");
  });

  it("takes sign-ins and sign-outs in turn, the later stopping the earlier", async () => {
    const script = await fixture.server({ slow: [60_000] });
    const client = fixture.open(script.port);
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
    const other = await fixture.server({
      respond: (e) =>
        e.getChild("bind")
          ? `<iq type='result' id='${e.attrs["id"]}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>mallory@evil.test/x</jid></bind></iq>`
          : undefined,
    });
    expect(await codeOf(connect(fixture.open(other.port)))).toBe("protocol-error");
  });
});
