import { describe, expect, it, vi } from "vitest";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import type { DnsResolver } from "../../dns.ts";
import type { Endpoint } from "../../network.ts";
import { asciiDomain, type Locator, locate, waysTo } from "./locate.ts";

type Records = Awaited<ReturnType<DnsResolver["resolveSrv"]>>;
const failure = (code: string) => Object.assign(new Error(code), { code });

interface World {
  readonly domain?: string;
  readonly plain?: Records | string;
  readonly direct?: Records | string;
  readonly host?: string;
  readonly webSockets?: readonly Endpoint[];
  readonly settings?: ServerSettings;
  readonly guess?: boolean;
  readonly random?: () => number;
}

function find(world: World) {
  const webSockets = vi.fn(() => Promise.resolve(world.webSockets ?? []));
  const answer = (records: Records | string) =>
    typeof records === "string" ? Promise.reject(failure(records)) : Promise.resolve(records);
  const locator: Locator = {
    dns: {
      resolveSrv: (name) => answer((name.startsWith("_xmpps-") ? world.direct : world.plain) ?? "ENOTFOUND"),
      resolveNaptr: () => Promise.resolve([]),
      lookup: () =>
        world.host === undefined
          ? Promise.resolve([{ address: "127.0.0.1", family: 4 }])
          : Promise.reject(failure(world.host)),
    },
    webSockets,
    random: world.random ?? (() => 0),
  };
  const { domain = "example.test", settings = {}, guess = true } = world;
  const { signal } = new AbortController();
  return {
    get found() {
      return locate(domain, { settings, locator, guess }, signal);
    },
    ways: waysTo(domain, { settings, locator, guess }, signal),
    webSockets,
  };
}
const record = (name: string, priority: number, weight = 0, port = 5222) => ({ name, port, priority, weight });
const short = (endpoints: readonly Endpoint[]) => endpoints.map((e) => `${e.transport} ${e.host}:${e.port}`);

describe("SRV", () => {
  it("mixes both services by priority", async () => {
    const { found } = find({
      plain: [record("b.test", 10), record("a.test.", 1)],
      direct: [record("d.test", 5, 0, 443)],
    });
    expect(short(await found)).toEqual(["starttls a.test:5222", "direct-tls d.test:443", "starttls b.test:5222"]);
  });

  it("has the WebSockets behind it, looked for only when what DNS says has been tried", async () => {
    const { ways, webSockets } = find({
      plain: [record("a.test", 1)],
      webSockets: [{ host: "ws.test", port: 443, transport: "websocket", url: "/ws" }],
    });
    expect((await ways.next()).value).toMatchObject({ host: "a.test" });
    expect(webSockets).not.toHaveBeenCalled();
    expect((await ways.next()).value).toMatchObject({ host: "ws.test", transport: "websocket" });
    // Where there are records, the domain itself is not guessed at.
    expect((await ways.next()).done).toBe(true);
  });

  it("reads an address that stands where a name should", async () => {
    expect(short(await find({ plain: [record("[2001:DB8::1]", 1), record("2001:db8::2", 2)] }).found)).toEqual([
      "starttls 2001:db8::1:5222",
      "starttls 2001:db8::2:5222",
    ]);
  });

  it("chooses by weight within a priority", async () => {
    const plain = [record("light.test", 1, 1), record("heavy.test", 1, 9)];
    expect(short(await find({ plain, random: () => 0.5 }).found)[0]).toContain("heavy");
    expect(short(await find({ plain, random: () => 0.05 }).found)[0]).toContain("light");
  });

  it.each(["ESERVFAIL", "ETIMEOUT", "EREFUSED"])("goes on with one service when the other fails (%s)", async (code) => {
    expect(short(await find({ plain: [record("a.test", 1)], direct: code }).found)).toEqual(["starttls a.test:5222"]);
    expect(short(await find({ plain: code, direct: [record("a.test", 1, 0, 5223)] }).found)).toEqual([
      "direct-tls a.test:5223",
    ]);
  });

  it.each([".", ""])("takes the target %j for no", async (name) => {
    expect(await find({ plain: [record(name, 0)] }).found).toEqual([]);
    expect(short(await find({ plain: [record("a.test", 1)], direct: [record(name, 0)] }).found)).toEqual([
      "starttls a.test:5222",
    ]);
  });
});

describe("without SRV", () => {
  const socket: Endpoint = { host: "ws.test", port: 443, transport: "websocket", url: "/ws" };

  it("takes what the domain publishes over HTTPS, then the domain itself", async () => {
    expect(await find({ webSockets: [socket] }).found).toEqual([socket]);
    expect(short(await find({}).found)).toEqual(["starttls example.test:5222"]);
    expect(await find({ guess: false }).found).toEqual([]);
  });

  it("guesses at the domain itself in no other way than the one that was said", async () => {
    expect(short(await find({ settings: { transport: "direct-tls" } }).found)).toEqual([
      "direct-tls example.test:5223",
    ]);
    expect(await find({ settings: { transport: "websocket" } }).found).toEqual([
      { host: "example.test", port: 443, transport: "websocket", url: "/xmpp-websocket" },
    ]);
  });

  it("says that a domain does not exist, or that there is no network", async () => {
    await expect(find({ host: "ENOTFOUND" }).found).rejects.toMatchObject({
      code: "unknown-host",
      params: { host: "example.test" },
    });
    // Behind a proxy only that resolves names.
    expect(short(await find({ host: "EPROXIED" }).found)).toEqual(["starttls example.test:5222"]);
    await expect(find({ host: "EAI_AGAIN" }).found).rejects.toMatchObject({ code: "no-network" });
  });
});

describe("settings", () => {
  it.each<[ServerSettings, string]>([
    [{ host: "h.test" }, "starttls h.test:5222"],
    [{ port: 5223 }, "direct-tls example.test:5223"],
    [{ host: "h.test", transport: "direct-tls" }, "direct-tls h.test:5223"],
    [{ host: "h.test", port: 5280, transport: "websocket" }, "websocket h.test:5280"],
    [{ path: "/ws" }, "websocket example.test:443"],
    [{ host: "h.test:5280", transport: "websocket", path: "/ws?x=1" }, "websocket h.test:5280"],
    [{ host: "h.test:9222" }, "starttls h.test:9222"],
    [{ host: "h.test:9222", port: 9333 }, "starttls h.test:9333"],
    [{ host: "2001:DB8::1" }, "starttls 2001:db8::1:5222"],
    [{ host: "[2001:db8::1]" }, "starttls 2001:db8::1:5222"],
    [{ host: "[2001:db8::1]:5223" }, "direct-tls 2001:db8::1:5223"],
    [{ host: "[fe80::1%25eth0]", port: 5222 }, "starttls fe80::1%eth0:5222"],
  ])("%j", async (settings, endpoint) => {
    expect(short(await find({ settings, plain: [record("other.test", 1)] }).found)).toEqual([endpoint]);
  });

  it("keeps discovery where only the transport is fixed", async () => {
    expect(
      short(
        await find({
          settings: { transport: "direct-tls" },
          plain: [record("a.test", 1)],
          direct: [record("b.test", 9, 0, 5223)],
        }).found,
      ),
    ).toEqual(["direct-tls b.test:5223"]);
  });

  it("hands on the path of a WebSocket, and has the usual one", async () => {
    expect(await find({ settings: { host: "h.test", transport: "websocket", path: "/ws?x=1" } }).found).toMatchObject([
      { url: "/ws?x=1" },
    ]);
    expect(await find({ settings: { host: "h.test", transport: "websocket" } }).found).toMatchObject([
      { url: "/xmpp-websocket" },
    ]);
  });

  it("says that what is no host is none", async () => {
    await expect(find({ settings: { host: "a b" } }).found).rejects.toMatchObject({
      code: "unknown-host",
      params: { host: "a b" },
    });
  });

  it.each([
    ["[2001:db8::1]", "starttls 2001:db8::1:5222"],
    ["192.0.2.1", "starttls 192.0.2.1:5222"],
  ])("asks nobody about the address %s, which is the server", async (domain, endpoint) => {
    const { found, webSockets } = find({ domain, plain: [record("other.test", 1)] });
    expect(short(await found)).toEqual([endpoint]);
    expect(webSockets).not.toHaveBeenCalled();
  });

  it("refuses a transport of another network", async () => {
    await expect(find({ settings: { host: "h.test", transport: "udp" } }).found).rejects.toMatchObject({
      code: "unsupported",
    });
  });
});

it("writes domains as DNS has them", () => {
  expect(asciiDomain("bücher.test")).toBe("xn--bcher-kva.test");
  expect(() => asciiDomain("a b")).toThrow(expect.objectContaining({ code: "invalid-address" }));
});
