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
  const again = (message: Message) =>
    server.request("MESSAGE", ["Content-Type: text/plain", `CSeq: ${message.cseq} MESSAGE`, ...message.headers], "one");
  return { server, client, writes, answers, say, again };
}

interface Message {
  readonly cseq: number;
  readonly headers: readonly string[];
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

it.each([true, false])("comes before the answer to another request with the same message (%s)", async (isStored) => {
  const { writes, answers, again } = await start();
  const one = (cseq: number): Message => ({ cseq, headers: ["Message-ID: <m1>", `Call-ID: call-${cseq}`] });
  again(one(1));
  await expect.poll(() => writes.length).toBe(1);
  again(one(2));
  again({ cseq: 3, headers: ["Message-ID: <m2>", "Call-ID: call-3"] });
  await expect.poll(() => writes.length).toBe(2);
  writes[1]?.resolve(true);
  await expect.poll(answers).toEqual([["MESSAGE", 200]]);
  writes[0]?.resolve(isStored);
  const status = isStored ? 200 : 500;
  await expect.poll(answers).toEqual([["MESSAGE", 200], ...[1, 2].map(() => ["MESSAGE", status])]);
  // What could not be stored is new when it is said again.
  again(one(4));
  await expect.poll(() => [writes.length, answers().length]).toEqual(isStored ? [2, 4] : [3, 3]);
});

it.each([true, false])("comes before the answer to a copy over the next connection (%s)", async (isStored) => {
  const { server, client, writes, answers, again } = await start();
  const copy = { cseq: 1, headers: [`From: <sip:bob@example.test>;tag=b1`, "Call-ID: a-call"] };
  again(copy);
  await expect.poll(() => writes.length).toBe(1);
  server.cut();
  await client.event("connection-lost");
  await client.signIn();
  const before = server.received.filter(({ kind }) => kind === "response").length;
  again(copy);
  server.request("OPTIONS");
  const since = () => answers().slice(before);
  await expect.poll(since).toEqual([["OPTIONS", 480]]);
  writes[0]?.resolve(isStored);
  await expect.poll(since).toEqual([
    ["OPTIONS", 480],
    ["MESSAGE", isStored ? 200 : 500],
  ]);
  expect(writes).toHaveLength(1);
});
