import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProxyFinder, parsePacAnswer, parseProxy, routesOfVariables } from "./proxy.ts";

const plain = (kind: "http" | "https" | "socks5", host: string, port: number) => ({
  kind,
  host,
  port,
  login: undefined,
});

describe("a proxy's address", () => {
  it.each([
    ["http://proxy.example:3128", plain("http", "proxy.example", 3128)],
    ["http://proxy.example", plain("http", "proxy.example", 80)],
    ["https://proxy.example/", plain("https", "proxy.example", 443)],
    ["https://proxy.example:80", plain("https", "proxy.example", 80)],
    ["socks5://[2001:db8::1]:1081", plain("socks5", "2001:db8::1", 1081)],
    ["SOCKS5H://proxy.example", plain("socks5", "proxy.example", 1080)],
    ["proxy.example:8080", plain("http", "proxy.example", 8080)],
    [
      "http://ann:p%40ss@proxy.example:1",
      { ...plain("http", "proxy.example", 1), login: { user: "ann", password: "p@ss" } },
    ],
  ])("%s", (text, proxy) => expect(parseProxy(text)).toEqual(proxy));

  it.each([
    "",
    "://",
    "ftp://proxy.example",
    "socks4://proxy.example",
    "http://",
    "http://a:99999",
    "http://%zz@proxy.example",
  ])("is not %s", (text) => expect(parseProxy(text)).toBeUndefined());

  it("is read from any text without throwing, and has a host and a port when it is one", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `socks5://${rest}`),
        ),
        (text) => {
          const proxy = parseProxy(text);
          if (proxy) expect(proxy.host !== "" && proxy.port > 0 && proxy.port < 65_536).toBe(true);
          parsePacAnswer(text);
        },
      ),
    );
  });
});

it("what a script answers is tried in its order; what we cannot use is left out", () => {
  expect(parsePacAnswer("PROXY a.example:3128; SOCKS4 b.example:1; SOCKS5 c.example:1080;DIRECT")).toEqual([
    plain("http", "a.example", 3128),
    plain("socks5", "c.example", 1080),
    "direct",
  ]);
  expect(parsePacAnswer("")).toEqual([]);
  expect(
    parsePacAnswer("PROXY; http  a.example:1 ; https b.example;SOCKS\tc.example; DIRECTLY; proxy d.example:1 DIRECT"),
  ).toEqual([
    plain("http", "a.example", 1),
    plain("https", "b.example", 443),
    plain("socks5", "c.example", 1080),
    plain("http", "d.example", 1),
  ]);
});

describe("the usual variables", () => {
  it.each([
    [{}, ["direct"]],
    [{ https_proxy: "http://p.example:1" }, [plain("http", "p.example", 1)]],
    [{ HTTPS_PROXY: "http://p.example:1", ALL_PROXY: "socks5://q.example:2" }, [plain("http", "p.example", 1)]],
    [{ all_proxy: "socks5://q.example:2" }, [plain("socks5", "q.example", 2)]],
    [{ http_proxy: "http://p.example:1" }, ["direct"]],
    [{ all_proxy: "socks5://q.example:2", no_proxy: "a.example, .corp.example" }, ["direct"]],
    [{ all_proxy: "socks5://q.example:2", NO_PROXY: "*" }, ["direct"]],
    [{ all_proxy: "socks5://q.example:2", no_proxy: "orp.example" }, [plain("socks5", "q.example", 2)]],
    // What cannot be read lets nothing through.
    [{ https_proxy: "gopher://p.example" }, []],
  ])("%j", (variables, routes) => expect(routesOfVariables(variables, "chat.corp.example")).toEqual(routes));

  it.each([
    ["corp.example", true],
    ["CORP.example", true],
    ["*.corp.example", true],
    ["other.example corp.example", true],
    ["chat.corp.example", true],
    ["x.chat.corp.example", false],
    [" , ", false],
    ["example.corp", false],
  ])("except %j: %s", (without, isDirect) => {
    for (const host of ["chat.corp.example", "Chat.corp.example."]) {
      const routes = routesOfVariables({ all_proxy: "socks5://q.example", no_proxy: without }, host);
      expect(routes).toEqual(isDirect ? ["direct"] : [plain("socks5", "q.example", 1080)]);
    }
  });

  it("count in capitals only where there are none in small letters", () => {
    expect(routesOfVariables({ https_proxy: "a.example:1", HTTPS_PROXY: "b.example:1" }, "x.example")).toEqual([
      plain("http", "a.example", 1),
    ]);
    expect(routesOfVariables({ https_proxy: " ", all_proxy: " c.example:1 " }, "x.example")).toEqual([
      plain("http", "c.example", 1),
    ]);
  });

  it.each(["2001:db8::1", "[2001:DB8::1]", "2001:db8:0:0::1", "fe80::9, [2001:db8::1]"])(
    "name an IPv6 address in any form: %s",
    (without) => {
      const variables = { all_proxy: "socks5://q.example:2", no_proxy: without };
      for (const host of ["2001:db8::1", "[2001:db8:0::1]"])
        expect(routesOfVariables(variables, host)).toEqual(["direct"]);
      expect(routesOfVariables(variables, "2001:db8::2")).toEqual([plain("socks5", "q.example", 2)]);
    },
  );

  it("say nothing about this computer itself", () => {
    for (const host of [
      "localhost",
      "LOCALHOST",
      "a.localhost",
      "127.0.0.1",
      "127.9.9.9",
      "::1",
      "[::1]",
      "0:0:0:0:0:0:0:1",
    ])
      expect(routesOfVariables({ all_proxy: "socks5://q.example" }, host), host).toEqual(["direct"]);
    for (const host of ["mylocalhost", "localhost.example", "127.example", "128.0.0.1", "::2"])
      expect(routesOfVariables({ all_proxy: "socks5://q.example" }, host), host).toEqual([
        plain("socks5", "q.example", 1080),
      ]);
  });
});

it("a desktop is asked about the very host and port; without one there are variables, and no script", async () => {
  const asked: unknown[] = [];
  const find = createProxyFinder(async (url, script) => {
    asked.push([url, script]);
    return "DIRECT";
  }, {});
  expect(await find({ host: "2001:db8::1", port: 5222 }, "https://wpad.example/p.pac")).toEqual(["direct"]);
  expect(asked).toEqual([["https://[2001:db8::1]:5222/", "https://wpad.example/p.pac"]]);
  const alone = createProxyFinder(undefined, { all_proxy: "socks5://q.example" });
  expect(await alone({ host: "a.example", port: 1 }, undefined)).toEqual([plain("socks5", "q.example", 1080)]);
  expect(await alone({ host: "a.example", port: 1 }, "https://wpad.example/p.pac")).toBeUndefined();
});
