import net, { type AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { connectStream } from "./stream.ts";

const servers: net.Server[] = [];
afterEach(() => {
  // Its own is the one that it inherits.
  Reflect.deleteProperty(net.Socket.prototype, "writableLength");
  for (const server of servers.splice(0)) server.close();
});

it("8 MiB may wait to be written over TCP; with one byte more the server is gone", async () => {
  const server = net.createServer((socket) => void socket.on("error", () => undefined).resume());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const lost: string[] = [];
  const transport = await connectStream(
    {
      address: "127.0.0.1",
      port,
      tunnelled: undefined,
      trust: undefined,
      timeout: 30_000,
      signal: new AbortController().signal,
    },
    {
      message: () => undefined,
      lost: ({ code }) => void lost.push(code),
      refused: () => undefined,
      astray: () => undefined,
    },
  );
  const waiting = (bytes: number): void =>
    void Object.defineProperty(net.Socket.prototype, "writableLength", { configurable: true, get: () => bytes });
  waiting(8 << 20);
  await transport.send(Buffer.from("x"));
  expect(lost).toEqual([]);
  waiting((8 << 20) + 1);
  await expect(transport.send(Buffer.from("x"))).rejects.toMatchObject({ code: "connection-lost" });
  expect(lost).toEqual(["connection-lost"]);
  await expect(transport.send(Buffer.from("x"))).rejects.toMatchObject({ code: "connection-lost" });
  expect(lost).toHaveLength(1);
});
