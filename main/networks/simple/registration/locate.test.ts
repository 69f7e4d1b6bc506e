import { describe, expect, it } from "vitest";
import type { DnsResolver } from "../../dns.ts";
import { type LocateContext, lastResort, locate, orderSrv, resolveHost } from "./locate.ts";

type Srv = { name: string; port: number; priority: number; weight: number };
interface Zone {
  srv?: Record<string, readonly Srv[]>;
  naptr?: Record<
    string,
    readonly {
      flags: string;
      service: string;
      regexp: string;
      replacement: string;
      order: number;
      preference: number;
    }[]
  >;
  hosts?: Record<string, readonly string[]>;
  code?: string;
}

const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
function context({ srv = {}, naptr = {}, hosts = {}, code = "ENOTFOUND" }: Zone, cleartext = false): LocateContext {
  const dns: DnsResolver = {
    resolveSrv: (name) => (srv[name] ? Promise.resolve(srv[name]) : fail(code)),
    resolveNaptr: (name) => (naptr[name] ? Promise.resolve(naptr[name]) : fail(code)),
    lookup: (host) =>
      hosts[host] ? Promise.resolve(hosts[host].map((address) => ({ address, family: 4 as const }))) : fail(code),
  };
  return { dns, allowCleartext: () => cleartext, signal: new AbortController().signal };
}
const one = (name: string, port: number, priority = 0): Srv => ({ name, port, priority, weight: 0 });
const alice = "alice@example.test";

describe("locate (RFC 3263)", () => {
  it("goes by NAPTR where there is one, secure before clear text", async () => {
    const zone: Zone = {
      naptr: {
        "example.test": [
          { flags: "s", service: "SIP+D2T", regexp: "", replacement: "_sip._tcp.a.test", order: 1, preference: 1 },
          { flags: "S", service: "sips+d2t", regexp: "", replacement: "_sips._tcp.a.test", order: 2, preference: 1 },
          { flags: "u", service: "E2U+sip", regexp: "!.*!x!", replacement: "", order: 0, preference: 0 },
        ],
      },
      srv: {
        "_sip._tcp.a.test": [one("clear.test", 5060)],
        "_sips._tcp.a.test": [one("two.test.", 5061, 20), one("one.test", 5061, 10)],
      },
    };
    const secure = [
      { host: "one.test", port: 5061, transport: "tls" },
      { host: "two.test", port: 5061, transport: "tls" },
    ];
    expect(await locate(alice, {}, context(zone))).toEqual(secure);
    expect(await locate(alice, {}, context(zone, true))).toEqual([
      ...secure,
      { host: "clear.test", port: 5060, transport: "tcp" },
    ]);
  });

  it("goes by SRV without NAPTR, and asks for A-labels", async () => {
    expect(
      await locate("a@bücher.test", {}, context({ srv: { "_sips._tcp.xn--bcher-kva.test": [one("x.test", 443)] } })),
    ).toEqual([{ host: "x.test", port: 443, transport: "tls" }]);
  });

  it("tries TLS at a server that only offers clear text", async () => {
    expect(await locate(alice, {}, context({ srv: { "_sip._udp.example.test": [one("x.test", 5060)] } }))).toEqual([
      { host: "x.test", port: 5061, transport: "tls" },
    ]);
  });

  it.each<[string, Parameters<typeof locate>[1], object]>([
    ["a host", { host: "h.test" }, { host: "h.test", port: 5061, transport: "tls" }],
    ["a host with a port", { host: "h.test:443" }, { host: "h.test", port: 443, transport: "tls" }],
    [
      "a port of its own over that of the host",
      { host: "h.test:443", port: 8443 },
      { host: "h.test", port: 8443, transport: "tls" },
    ],
    ["a port alone", { port: 8443 }, { host: "example.test", port: 8443, transport: "tls" }],
    ["a transport alone", { transport: "websocket" }, { host: "example.test", port: 443, transport: "websocket" }],
    [
      "a path, which only a WebSocket has",
      { path: "/sip?a=b" },
      { host: "example.test", port: 443, transport: "websocket", url: "/sip?a=b" },
    ],
    [
      "a path beside another transport, which has none",
      { path: "/sip", transport: "tls" },
      { host: "example.test", port: 5061, transport: "tls" },
    ],
  ])("goes by what the person fixed, and asks no DNS: %s", async (_, settings, endpoint) => {
    const zone: Zone = { srv: { "_sips._tcp.example.test": [one("other.test", 5061)] } };
    expect(await locate(alice, settings, context(zone))).toEqual([endpoint]);
  });

  it.each<[Parameters<typeof locate>[1], string]>([
    [{ transport: "udp" }, "tls-required"],
    [{ transport: "tcp" }, "tls-required"],
    [{ host: "not a host" }, "unknown-host"],
    [{ transport: "starttls" }, "unsupported"],
  ])("goes nowhere with %j", async (settings, code) => {
    await expect(locate(alice, settings, context({}))).rejects.toMatchObject({ code });
  });

  it("takes clear text where it is allowed, and UDP nowhere", async () => {
    expect(await locate(alice, { transport: "tcp" }, context({}, true))).toEqual([
      { host: "example.test", port: 5060, transport: "tcp" },
    ]);
    await expect(locate(alice, { transport: "udp" }, context({}, true))).rejects.toMatchObject({
      code: "tls-required",
    });
  });

  it("tells a domain without SIP from one that does not exist and from no network", async () => {
    expect(await locate(alice, {}, context({ hosts: { "example.test": ["127.0.0.1"] } }))).toEqual([]);
    expect(await locate(alice, {}, context({ code: "ENODATA" }))).toEqual([]);
    expect(
      await locate(
        alice,
        {},
        context({ srv: { "_sips._tcp.example.test": [one(".", 0)] }, hosts: { "example.test": ["127.0.0.1"] } }),
      ),
    ).toEqual([]);
    await expect(locate(alice, {}, context({}))).rejects.toMatchObject({ code: "unknown-host" });
    await expect(locate(alice, {}, context({ code: "ECONNREFUSED" }))).rejects.toMatchObject({ code: "no-network" });
    expect(lastResort(alice)).toEqual({ host: "example.test", port: 5061, transport: "tls" });
    expect(lastResort("alice@[2001:db8::1]")).toEqual({ host: "2001:db8::1", port: 5061, transport: "tls" });
  });

  it("takes what the person fixed, but no clear text and no transport of another network", async () => {
    expect(await locate(alice, { host: "h.test" }, context({}))).toEqual([
      { host: "h.test", port: 5061, transport: "tls" },
    ]);
    expect(await locate(alice, { transport: "tcp" }, context({}, true))).toEqual([
      { host: "example.test", port: 5060, transport: "tcp" },
    ]);
    await expect(locate(alice, { transport: "tcp" }, context({}))).rejects.toMatchObject({ code: "tls-required" });
    await expect(locate(alice, { transport: "starttls" }, context({}))).rejects.toMatchObject({ code: "unsupported" });
  });

  it("can be cancelled", async () => {
    const abort = new AbortController();
    const never = (): Promise<never> => new Promise(() => undefined);
    const asked = locate(
      alice,
      {},
      {
        dns: { resolveSrv: never, resolveNaptr: never, lookup: never },
        allowCleartext: () => false,
        signal: abort.signal,
      },
    );
    abort.abort();
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
  });

  it("resolves hosts, and literals without DNS", async () => {
    expect(await resolveHost("[::1]", context({}))).toEqual(["::1"]);
    expect(await resolveHost("h.test", context({ hosts: { "h.test": ["127.0.0.2", "127.0.0.1"] } }))).toEqual([
      "127.0.0.2",
      "127.0.0.1",
    ]);
    await expect(resolveHost("h.test", context({}))).rejects.toMatchObject({ code: "unknown-host" });
  });
});

describe("orderSrv (RFC 2782)", () => {
  it("goes by priority, then by weight at random", () => {
    const records = [
      { name: "c", priority: 2, weight: 0 },
      { name: "a", priority: 1, weight: 1 },
      { name: "b", priority: 1, weight: 99 },
    ];
    expect(orderSrv(records, () => 0.5).map((r) => r.name)).toEqual(["b", "a", "c"]);
    expect(orderSrv(records, () => 0).map((r) => r.name)).toEqual(["a", "b", "c"]);
  });
});
