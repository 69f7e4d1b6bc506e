import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { withoutRecorder } from "./debugging-relay.ts";

interface Message {
  readonly id: number;
  readonly method: string;
  readonly sessionId?: string;
}

let browser: WebSocketServer;
let client: WebSocket;
let asked: Message[];
let heard: unknown[];

beforeEach(async () => {
  asked = [];
  heard = [];
  browser = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(browser, "listening");
  browser.on("connection", (socket) =>
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as Message;
      asked.push(message);
      socket.send(JSON.stringify({ id: message.id, result: { done: message.method } }));
    }),
  );
  const { port } = browser.address() as AddressInfo;
  client = new WebSocket(await withoutRecorder(`ws://127.0.0.1:${port}/devtools/browser/1`));
  client.on("message", (data) => heard.push(JSON.parse(String(data))));
  await once(client, "open");
});

afterEach(() => {
  client.terminate();
  for (const socket of browser.clients) socket.terminate();
  browser.close();
});

const ask = (message: Message): void => client.send(JSON.stringify(message));

it("answers the command that starts the recorder, and passes on all others in their order", async () => {
  const before = { id: 1, method: "Page.enable", sessionId: "a" };
  const named = { id: 3, method: "Runtime.evaluate", params: { expression: '"Network.enable"' } };
  ask(before);
  ask({ id: 2, method: "Network.enable", sessionId: "a" });
  ask(named);
  await expect.poll(() => heard).toHaveLength(3);
  expect(asked).toEqual([before, named]);
  expect(heard).toContainEqual({ id: 2, sessionId: "a", result: {} });
  expect(heard).toContainEqual({ id: 3, result: { done: "Runtime.evaluate" } });
});

it("ends with the browser", async () => {
  ask({ id: 1, method: "Page.enable" });
  await expect.poll(() => heard).toHaveLength(1);
  const ended = once(client, "close");
  for (const socket of browser.clients) socket.terminate();
  await ended;
});

it("ends with who asked", async () => {
  ask({ id: 1, method: "Page.enable" });
  await expect.poll(() => heard).toHaveLength(1);
  const [socket] = browser.clients;
  if (!socket) throw new Error("the relay is connected");
  const ended = once(socket, "close");
  client.terminate();
  await ended;
});
