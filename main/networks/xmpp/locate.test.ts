import { describe, expect, it, vi } from "vitest";
import type { ServerSettings } from "../../../shared/model/account.ts";
import type { DnsResolver, Endpoint } from "../network.ts";
import { asciiDomain, locate } from "./locate.ts";

type Records = Awaited<ReturnType<DnsResolver["resolveSrv"]>>;
const failure = (code: string) => Object.assign(new Error(code), { code });

interface World {
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
  const answer = (records: Records | string) => (typeof records === "string" ? Promise.reject(failure(records)) : Promise.resolve(records));
  const found = locate(
    "example.test",
    world.settings ?? {},
    {
      dns: {
        resolveSrv: (name) => answer((name.startsWith("_xmpps-") ? world.direct : world.plain) ?? "ENOTFOUND"),
        resolveNaptr: () => Promise.resolve([]),
        lookup: () => (world.host === undefined ? Promise.resolve([{ address: "127.0.0.1", family: 4 }]) : Promise.reject(failure(world.host))),
      },
      webSockets,
      random: world.random ?? (() => 0),
    },
    world.guess ?? true,
    new AbortController().signal,
  );
  return { found, webSockets };
}
const record = (name: string, priority: number, weight = 0, port = 5222) => ({ name, port, priority, weight });
const short = (endpoints: readonly Endpoint[]) => endpoints.map((e) => `${e.transport} ${e.host}:${e.port}`);

describe("SRV", () => {
  it("mixes both services by priority", async () => {
    const { found, webSockets } = find({ plain: [record("b.test", 10), record("a.test.", 1)], direct: [record("d.test", 5, 0, 443)] });
    expect(short(await found)).toEqual(["starttls a.test:5222", "direct-tls d.test:443", "starttls b.test:5222"]);
    expect(webSockets).not.toHaveBeenCalled();
  });

  it("chooses by weight within a priority", async () => {
    const plain = [record("light.test", 1, 1), record("heavy.test", 1, 9)];
    expect(short(await find({ plain, random: () => 0.5 }).found)[0]).toContain("heavy");
    expect(short(await find({ plain, random: () => 0.05 }).found)[0]).toContain("light");
  });

  it.each(["ESERVFAIL", "ETIMEOUT", "EREFUSED"])("goes on with one service when the other fails (%s)", async (code) => {
    expect(short(await find({ plain: [record("a.test", 1)], direct: code }).found)).toEqual(["starttls a.test:5222"]);
    expect(short(await find({ plain: code, direct: [record("a.test", 1, 0, 5223)] }).found)).toEqual(["direct-tls a.test:5223"]);
  });

  it.each([".", ""])("takes the target %j for no", async (name) => {
    expect(await find({ plain: [record(name, 0)] }).found).toEqual([]);
    expect(short(await find({ plain: [record("a.test", 1)], direct: [record(name, 0)] }).found)).toEqual(["starttls a.test:5222"]);
  });
});

describe("without SRV", () => {
  const socket: Endpoint = { host: "ws.test", port: 443, transport: "websocket", url: "/ws" };

  it("takes what the domain publishes over HTTPS, then the domain itself", async () => {
    expect(await find({ webSockets: [socket] }).found).toEqual([socket]);
    expect(short(await find({}).found)).toEqual(["starttls example.test:5222"]);
    expect(await find({ guess: false }).found).toEqual([]);
  });

  it("says that a domain does not exist, or that there is no network", async () => {
    await expect(find({ host: "ENOTFOUND" }).found).rejects.toMatchObject({ code: "unknown-host", params: { host: "example.test" } });
    await expect(find({ host: "EAI_AGAIN" }).found).rejects.toMatchObject({ code: "no-network" });
  });
});

describe("settings", () => {
  it.each<[ServerSettings, string]>([
    [{ host: "h.test" }, "starttls h.test:5222"],
    [{ port: 5223 }, "direct-tls example.test:5223"],
    [{ host: "h.test", transport: "direct-tls" }, "direct-tls h.test:5223"],
    [{ host: "h.test", port: 5280, transport: "websocket" }, "websocket h.test:5280"],
  ])("%j", async (settings, endpoint) => {
    expect(short(await find({ settings, plain: [record("other.test", 1)] }).found)).toEqual([endpoint]);
  });

  it("keeps discovery where only the transport is fixed", async () => {
    expect(short(await find({ settings: { transport: "direct-tls" }, plain: [record("a.test", 1)], direct: [record("b.test", 9, 0, 5223)] }).found)).toEqual([
      "direct-tls b.test:5223",
    ]);
  });

  it("refuses a transport of another network", async () => {
    await expect(find({ settings: { host: "h.test", transport: "udp" } }).found).rejects.toMatchObject({ code: "unsupported" });
  });
});

it("writes domains as DNS has them", () => {
  expect(asciiDomain("bücher.test")).toBe("xn--bcher-kva.test");
  expect(() => asciiDomain("a b")).toThrow(expect.objectContaining({ code: "invalid-address" }));
});
