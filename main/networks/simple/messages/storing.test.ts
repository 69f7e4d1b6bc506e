import { expect, it, onTestFinished } from "vitest";
import { openClient } from "../testing/client.ts";
import { startScriptedServer } from "../testing/scripted-server.ts";
import type { SipResponse } from "../wire/message.ts";

async function start() {
  const server = await startScriptedServer();
  const writes: PromiseWithResolvers<boolean>[] = [];
  const client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, new Map(), {}, (event) => {
    if (event.type !== "message") return undefined;
    const write = Promise.withResolvers<boolean>();
    writes.push(write);
    return write.promise;
  });
  onTestFinished(async () => {
    client.connection.close();
    await server.close();
  });
  await client.signIn();
  const answers = () =>
    server.received
      .filter((m): m is SipResponse => m.kind === "response")
      .map(({ cseq, status }) => [cseq.method, status]);
  const say = async (body: string) => {
    const before = writes.length;
    server.request("MESSAGE", ["Content-Type: text/plain", "Call-ID: a-call", `CSeq: ${body.length} MESSAGE`], body);
    await expect.poll(() => writes.length).toBe(before + 1);
  };
  return { server, writes, answers, say };
}

it("comes before the 200 to a message, which holds up nothing behind it", async () => {
  const { server, writes, answers, say } = await start();
  await say("one");
  await say("three");
  server.request("OPTIONS");
  await expect.poll(answers).toEqual([["OPTIONS", 480]]);
  writes[1]?.resolve(true);
  await expect.poll(answers).toEqual([
    ["OPTIONS", 480],
    ["MESSAGE", 200],
  ]);
  writes[0]?.resolve(true);
  await expect.poll(answers).toHaveLength(3);
});

it("that fails is told to whoever sent it, and the same may be sent again", async () => {
  const { server, writes, answers, say } = await start();
  await say("one");
  writes[0]?.resolve(false);
  await expect.poll(answers).toEqual([["MESSAGE", 500]]);
  server.request("MESSAGE", ["Content-Type: text/plain", "Call-ID: another-call", "CSeq: 3 MESSAGE"], "one");
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.resolve(true);
  await expect.poll(answers).toHaveLength(2);
  expect(answers()[1]).toEqual(["MESSAGE", 200]);
});
