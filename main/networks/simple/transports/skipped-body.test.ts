import net, { type AddressInfo } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { connectStream } from "./stream.ts";

const endings: (() => unknown)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

const head = (branch: number, length: number) =>
  [
    "MESSAGE sip:alice@example.test SIP/2.0",
    `Via: SIP/2.0/TCP h;branch=z9hG4bK${branch}`,
    "From: <sip:bob@example.test>;tag=1",
    "To: <sip:alice@example.test>",
    `Call-ID: ${branch}`,
    "CSeq: 1 MESSAGE",
    `Content-Length: ${length}`,
    "\r\n",
  ].join("\r\n");

it("a server lives as long as it sends a body over the limit, and the next message arrives", async () => {
  const piece = Buffer.alloc(1 << 20, "x");
  const pieces = 80;
  // It answers no ping, and goes on with the body at each.
  let sent = 0;
  const server = net.createServer((socket) => {
    endings.push(() => socket.destroy());
    socket
      .on("error", () => undefined)
      .on("data", () => {
        const now = sent === 0 ? 1 : pieces - 1;
        sent += now;
        for (let n = 0; n < now; n++) socket.write(piece);
        if (sent === pieces) socket.write(`${head(2, 4)}next`);
      });
    socket.write(head(1, pieces * piece.byteLength));
  });
  endings.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const told: string[] = [];
  const transport = await connectStream(
    {
      address: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      tunnelled: undefined,
      trust: undefined,
      timeout: 30_000,
      signal: new AbortController().signal,
    },
    {
      message: ({ flaw, body }) => told.push(flaw ? `${flaw.status}` : Buffer.from(body).toString()),
      lost: ({ code }) => told.push(code),
      refused: (what) => told.push(what),
      astray: () => undefined,
    },
  );
  endings.push(() => transport.close());
  await vi.waitFor(() => expect(told).toEqual(["SIP message: body too long", "413"]));
  expect(await transport.ping(30_000)).toBe(true);
  expect(await transport.ping(30_000)).toBe(true);
  await vi.waitFor(() => expect(told.slice(2)).toEqual(["next"]));
});
