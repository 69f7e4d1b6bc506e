import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import { boundedBody } from "./bounded-body.ts";
import { Connections } from "./connections.ts";
import type { Connection } from "./network.ts";
import { secureContext } from "./secure-context.ts";
import { SignInMemory, signInMemoryKey } from "./sign-in-memory.ts";
import { socketLookup } from "./socket-lookup.ts";
import { explainTls } from "./tls-version.ts";

const nothing = (): void => undefined;

describe("the connections there are", () => {
  const config = (id: string): AccountConfig => ({ id, address: `${id}@x.example`, protocol: "xmpp" }) as AccountConfig;
  const connection = {} as Connection;

  it("are those of kept accounts, while they are online", () => {
    const connections = new Connections();
    const session: { online: Connection | undefined } = { online: connection };
    connections.tried(config("tried"));
    connections.kept({ config: config("kept"), session });
    expect([connections.get("kept"), connections.get("tried"), connections.get("unknown")]).toEqual([
      connection,
      undefined,
      undefined,
    ]);
    expect([connections.online("kept"), connections.protocol("kept")]).toEqual([connection, "xmpp"]);
    for (const id of ["tried", "unknown"]) {
      expect(() => connections.online(id)).toThrow("not-found");
      expect(() => connections.protocol(id)).toThrow("not-found");
    }
    session.online = undefined;
    expect(connections.get("kept")).toBeUndefined();
    expect(() => connections.online("kept")).toThrow("offline");
  });

  it("have an address from when they are tried until they are forgotten, each its own", () => {
    const connections = new Connections();
    for (const id of ["a", "b"]) connections.kept({ config: config(id), session: { online: connection } });
    connections.tried(config("c"));
    connections.removed("a");
    expect([connections.get("a"), connections.address("a"), connections.get("b")]).toEqual([
      undefined,
      "a@x.example",
      connection,
    ]);
    connections.forget("a");
    expect(["a", "b", "c", "d"].map((id) => connections.address(id))).toEqual([
      undefined,
      "b@x.example",
      "c@x.example",
      undefined,
    ]);
  });
});

describe("the weakest way of signing in", () => {
  type Set = (key: string, to: string) => Promise<void>;
  const open = (cache: Map<string, string>, write: Set = async (key, to) => void cache.set(key, to)) => {
    const set = vi.fn(write);
    const get = vi.fn(async (key: string) => cache.get(key));
    const log = { debug: nothing, info: nothing, warn: vi.fn() };
    return { get, set, log, memory: new SignInMemory("a1", { cache: { get, set }, log }) };
  };

  it("is read once, kept for the account, and written only where it is another", async () => {
    const cache = new Map([[signInMemoryKey("a2"), "PLAIN"]]);
    const { memory, get, set } = open(cache);
    expect([await memory.get(), await memory.get(), get.mock.calls.length]).toEqual([undefined, undefined, 1]);
    await memory.set("SCRAM-SHA-1");
    await memory.set("SCRAM-SHA-1");
    expect([await memory.get(), set.mock.calls.length, cache.get(signInMemoryKey("a2"))]).toEqual([
      "SCRAM-SHA-1",
      1,
      "PLAIN",
    ]);
    expect(await open(cache).memory.get()).toBe("SCRAM-SHA-1");
  });

  it("counts at once, also where it cannot be stored, and is stored before that is said to be done", async () => {
    const failing = open(new Map(), () => Promise.reject(new Error("the disk is full")));
    await failing.memory.set("PLAIN");
    expect([await failing.memory.get(), failing.log.warn.mock.calls.length]).toEqual(["PLAIN", 1]);
    const written = Promise.withResolvers<void>();
    const late = open(new Map(), () => written.promise);
    let isDone = false;
    const done = late.memory.set("PLAIN").then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([isDone, await late.memory.get()]).toEqual([false, "PLAIN"]);
    written.resolve();
    await done;
  });
});

describe("the addresses of a socket", () => {
  const found = [
    { address: "::1", family: 6 as const },
    { address: "127.0.0.1", family: 4 as const },
  ];
  const ask = (options: object, answer: () => Promise<typeof found> = async () => found) =>
    new Promise<unknown[]>((resolve) =>
      socketLookup(answer)("h", options, (error, address, family) =>
        resolve([error && ("code" in error ? error.code : error.message), address, family]),
      ),
    );

  it.each<[object, unknown[]]>([
    [{}, [null, "::1", 6]],
    [{ family: 4 }, [null, "127.0.0.1", 4]],
    [{ family: 6 }, [null, "::1", 6]],
    [{ family: 0 }, [null, "::1", 6]],
    [{ all: true }, [null, found, undefined]],
    [{ all: true, family: 4 }, [null, found.slice(1), undefined]],
  ])("for %j are %j", async (options, expected) => {
    expect(await ask(options)).toEqual(expected);
  });

  it("are an error where there are none, of that family or at all, and where they cannot be had", async () => {
    expect((await ask({ family: 6 }, async () => found.slice(1)))[0]).toBe("ENOTFOUND");
    expect((await ask({ all: true }, async () => []))[0]).toBe("ENOTFOUND");
    expect((await ask({}, () => Promise.reject(Object.assign(new Error("x"), { code: "ESERVFAIL" }))))[0]).toBe(
      "ESERVFAIL",
    );
    expect((await ask({}, () => Promise.reject("odd")))[0]).toBe("lookup failed");
  });
});

describe("a handshake that fails for the version of TLS", () => {
  const error = (code: string) => Object.assign(new Error(code), { code });
  const rule = { code: "blocked-by-policy", params: { setting: "TlsMinVersion", host: "h" } };

  it("is laid to the rule that asks for TLS 1.3, and to nothing else", () => {
    for (const code of ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "ERR_SSL_UNSUPPORTED_PROTOCOL"]) {
      expect(explainTls(error(code), "TLSv1.3", "h")).toMatchObject(rule);
      expect(explainTls(new HallwayError("tls-failed", {}, error(code)), "TLSv1.3", "h")).toMatchObject(rule);
      const same = error(code);
      expect(explainTls(same, "TLSv1.2", "h")).toBe(same);
    }
    for (const other of [error("ECONNRESET"), new Error("x"), "PROTOCOL_VERSION", new HallwayError("tls-failed")])
      expect(explainTls(other, "TLSv1.3", "h")).toBe(other);
  });

  it("is under one context for the same anchors and version, and another for others", () => {
    const one = secureContext([], "TLSv1.2");
    expect(secureContext([], "TLSv1.2")).toBe(one);
    expect(secureContext([], "TLSv1.3")).not.toBe(one);
  });
});

describe("the body of an answer", () => {
  let server: ReturnType<typeof createServer> | undefined;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });
  const body = async (parts: readonly string[], most: number, end = true): Promise<string> => {
    server = createServer((_, response) => {
      response.writeHead(200, { "Content-Length": parts.join("").length + (end ? 0 : 1) });
      for (const part of parts) response.write(part);
      if (end) response.end();
      else response.flushHeaders();
      if (!end) setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) =>
      get({ host: "127.0.0.1", port }, (response) =>
        boundedBody(response, most).then((bytes) => resolve(bytes.toString()), reject),
      ).on("error", reject),
    );
  };

  it("is read up to its bound, and no byte further", async () => {
    expect(await body(["abc", "de"], 5)).toBe("abcde");
  });
  it("of a byte more is too large", async () => {
    await expect(body(["abc", "def"], 5)).rejects.toMatchObject({ code: "too-large" });
  });
  it("that breaks off is none", async () => {
    await expect(body(["abc"], 5, false)).rejects.toBeInstanceOf(Error);
  });
});
