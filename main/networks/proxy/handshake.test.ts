import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { askHttp, askSocks } from "./handshake.ts";
import type { Proxy } from "./proxy.ts";

const target = { host: "chat.example.test", port: 5223 };
const login = { user: "ann", password: "p:ss" };
let server: Server | undefined;
let sockets: Socket[] = [];
/** Texts that the proxy has been told, one for each of its answers. */
let told: Buffer[] = [];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
  sockets = [];
  told = [];
});

/** A connection to a proxy that says one thing after another, each once it has heard something. */
async function proxyThatSays(...answers: readonly (string | readonly number[])[]): Promise<Socket> {
  const left = [...answers];
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      told.push(chunk);
      const answer = left.shift();
      if (answer !== undefined) socket.write(typeof answer === "string" ? answer : Buffer.from(answer));
      else socket.end();
    });
  });
  await new Promise<void>((resolve) => {
    server?.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const socket = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  return socket;
}

const proxy = (kind: Proxy["kind"], who?: Proxy["login"]): Proxy => ({ kind, host: "proxy.test", port: 1, login: who });

/** Text that comes after the proxy's own words. */
async function behind(socket: Socket): Promise<string> {
  const bytes: unknown = socket.read();
  if (Buffer.isBuffer(bytes)) return bytes.toString();
  await new Promise((resolve) => socket.once("readable", resolve));
  return behind(socket);
}

describe("an HTTP proxy", () => {
  it("is told who asks where it has to know, and nothing of that where it has not", async () => {
    await askHttp(await proxyThatSays("HTTP/1.1 200 OK\r\n\r\n"), proxy("http", login), target);
    await askHttp(await proxyThatSays("HTTP/1.0 200\r\n\r\n"), proxy("http"), target);
    const head = "CONNECT chat.example.test:5223 HTTP/1.1\r\nHost: chat.example.test:5223\r\n";
    expect(told.map(String)).toEqual([
      `${head}Proxy-Authorization: Basic ${Buffer.from("ann:p:ss").toString("base64")}\r\n\r\n`,
      `${head}\r\n`,
    ]);
  });

  it("leaves the server's first words alone, whatever its own say", async () => {
    const socket = await proxyThatSays("HTTP/1.1 299 As you like\r\nVia: \r\n x\r\n\r\nhello\r\n\r\n");
    await askHttp(socket, proxy("http"), target);
    expect(await behind(socket)).toBe("hello\r\n\r\n");
  });

  it.each([
    ["300 Multiple Choices", "proxy-refused"],
    ["199 Early", "proxy-refused"],
    ["407 Proxy Authentication Required", "proxy-refused"],
    ["502 Bad Gateway", "proxy-refused"],
    ["20 OK", "proxy-failed"],
    ["2000 OK", "proxy-failed"],
  ])("that answers %s is no way through", async (status, code) => {
    await expect(
      askHttp(await proxyThatSays(`HTTP/1.1 ${status}\r\n\r\n`), proxy("http"), target),
    ).rejects.toMatchObject({ code });
  });

  it.each(["HTTP/2 200 OK\r\n\r\n", "X HTTP/1.1 200 OK\r\n\r\n", "\r\n\r\n"])("does not speak as %j", async (said) => {
    await expect(askHttp(await proxyThatSays(said), proxy("http"), target)).rejects.toMatchObject({
      code: "proxy-failed",
      params: { proxy: "proxy.test" },
    });
  });

  it("is told of no host that would end its line", async () => {
    for (const host of ["a\r\nX: y", "a b", "a\0"]) {
      await expect(askHttp(await proxyThatSays(), proxy("http"), { host, port: 1 })).rejects.toMatchObject({
        code: "invalid-argument",
      });
    }
    expect(told).toEqual([]);
  });

  it("may say 16 KiB of its own before it is taken for broken", async () => {
    const head = (length: number): string => `HTTP/1.1 200 OK\r\nX: ${"y".repeat(length - 24)}\r\n\r\n`;
    await askHttp(await proxyThatSays(head(16_384)), proxy("http"), target);
    await expect(askHttp(await proxyThatSays(head(16_385 + 3)), proxy("http"), target)).rejects.toMatchObject({
      code: "proxy-failed",
    });
  });
});

describe("a SOCKS proxy", () => {
  const name = [...Buffer.from("chat.example.test")];
  const request = [5, 1, 0, 3, name.length, ...name, 0x14, 0x67];
  const open = [5, 0, 0, 1, 10, 0, 0, 1, 0, 80];
  const asked = () => told.map((bytes) => [...bytes]);

  it("is asked by name, and as nobody", async () => {
    await askSocks(await proxyThatSays([5, 0], open), proxy("socks5"), target);
    expect(asked()).toEqual([[5, 1, 0], request]);
  });

  it("is told who asks where it wants to know", async () => {
    await askSocks(await proxyThatSays([5, 2], [1, 0], open), proxy("socks5", login), target);
    expect(asked()).toEqual([[5, 2, 0, 2], [1, 3, ...Buffer.from("ann"), 4, ...Buffer.from("p:ss")], request]);
  });

  it("is not told who asks where it does not", async () => {
    await askSocks(await proxyThatSays([5, 0], open), proxy("socks5", login), target);
    expect(asked()).toEqual([[5, 2, 0, 2], request]);
  });

  it("may have a name or an IPv6 address of its own; the server's first words stand behind it", async () => {
    for (const bound of [
      [3, 4, ...Buffer.from("here"), 0, 80],
      [4, ...Array<number>(16).fill(1), 0, 80],
    ]) {
      const socket = await proxyThatSays([5, 0], [5, 0, 0, ...bound, ...Buffer.from("hello")]);
      await askSocks(socket, proxy("socks5"), target);
      expect(await behind(socket)).toBe("hello");
    }
  });

  it("is asked for an IPv4 address as such", async () => {
    await askSocks(await proxyThatSays([5, 0], open), proxy("socks5"), { host: "192.0.2.7", port: 65_535 });
    expect(asked()[1]).toEqual([5, 1, 0, 1, 192, 0, 2, 7, 255, 255]);
  });

  it.each<[string, readonly number[]]>([
    ["2001:db8::7", [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]],
    ["[1:2:3:4:5:6:7:8]", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ["1::", [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])("is asked for the IPv6 address %s as such", async (host, bytes) => {
    await askSocks(await proxyThatSays([5, 0], open), proxy("socks5"), { host, port: 258 });
    expect(asked()[1]).toEqual([5, 1, 0, 4, ...bytes, 1, 2]);
  });

  it.each<[string, readonly (readonly number[])[], Proxy["login"], string]>([
    ["takes none of our ways to sign in", [[5, 255]], login, "proxy-refused"],
    ["wants to know who asks, which nobody has said", [[5, 2]], undefined, "proxy-refused"],
    [
      "does not know who asks",
      [
        [5, 2],
        [1, 1],
      ],
      login,
      "proxy-refused",
    ],
    [
      "cannot reach the server",
      [
        [5, 0],
        [5, 5, 0, 1, 0, 0, 0, 0, 0, 0],
      ],
      undefined,
      "proxy-refused",
    ],
    ["is of version 4", [[4, 0]], undefined, "proxy-failed"],
    [
      "changes its version",
      [
        [5, 0],
        [4, 0, 0, 1, 0, 0, 0, 0, 0, 0],
      ],
      undefined,
      "proxy-failed",
    ],
    [
      "has an address of no kind",
      [
        [5, 0],
        [5, 0, 0, 2, 0, 0, 0, 0, 0, 0],
      ],
      undefined,
      "proxy-failed",
    ],
    ["ends in the middle", [[5, 0]], undefined, "proxy-failed"],
  ])("is no way through where it %s", async (_, answers, who, code) => {
    await expect(askSocks(await proxyThatSays(...answers), proxy("socks5", who), target)).rejects.toMatchObject({
      code,
    });
  });

  it("takes names of 255 bytes, and is not asked for longer ones", async () => {
    const long = "x".repeat(255);
    await askSocks(await proxyThatSays([5, 2], [1, 0], open), proxy("socks5", { user: long, password: long }), {
      host: long,
      port: 1,
    });
    expect(asked()[1]).toHaveLength(513);
    for (const who of [
      { user: `${long}x`, password: "p" },
      { user: "u", password: `${long}x` },
    ])
      await expect(askSocks(await proxyThatSays([5, 2]), proxy("socks5", who), target)).rejects.toMatchObject({
        code: "proxy-refused",
      });
    await expect(
      askSocks(await proxyThatSays([5, 0]), proxy("socks5"), { host: `${long}x`, port: 1 }),
    ).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
