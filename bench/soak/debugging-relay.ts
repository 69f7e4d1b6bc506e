import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";

/** Command of the DevTools protocol that starts the recorder of requests. */
const recorder = "Network.enable";
/** Longest message in bytes: a snapshot of the whole page fits. */
const maxPayload = 256 * 1024 * 1024;

/**
 * Opens a way to the browser's debugging port that leaves its recorder of requests off. Playwright always turns it on,
 * and it keeps a copy of every answer in the page's process, up to 100 MB: that of each notification's icon is 20 kB,
 * which looks like a leak of 30 MB an hour. Answers an address that can be connected to once; the way ends with either
 * side.
 */
export async function withoutRecorder(address: string): Promise<string> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, maxPayload, perMessageDeflate: false });
  server.once("connection", (client) => {
    server.close();
    join(client, new WebSocket(address, { maxPayload, perMessageDeflate: false }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(address).pathname}`;
}

function join(client: WebSocket, browser: WebSocket): void {
  const early: string[] = [];
  browser.once("open", () => {
    for (const text of early.splice(0)) browser.send(text);
  });
  client.on("message", (data: RawData) => {
    const text = String(data);
    const answer = answerForRecorder(text);
    if (answer !== undefined) client.send(answer);
    else if (browser.readyState === WebSocket.CONNECTING) early.push(text);
    else browser.send(text);
  });
  browser.on("message", (data: RawData) => client.send(String(data)));
  for (const [one, other] of [
    [client, browser],
    [browser, client],
  ] as const) {
    one.on("close", () => other.terminate());
    one.on("error", () => other.terminate());
  }
}

/** Answer of the browser to the command that starts the recorder; undefined: it is another command. */
function answerForRecorder(text: string): string | undefined {
  // Most messages are long: only those that name it are read.
  if (!text.includes(recorder)) return undefined;
  const { id, method, sessionId } = JSON.parse(text) as { id: number; method: string; sessionId?: string };
  return method === recorder ? JSON.stringify({ id, sessionId, result: {} }) : undefined;
}
