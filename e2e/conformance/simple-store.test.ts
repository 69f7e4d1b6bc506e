import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { describeAway } from "../../main/networks/conformance/away.ts";
import { newInstallation, openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";

describe.each(["kept", "lost"] as const)("SIMPLE over a Kamailio whose message store has %s types", (msiloTypes) => {
  let servers: SimpleServers | undefined;
  const get = (): Harness => {
    if (!servers) throw new Error("the servers did not start");
    return servers.harness;
  };
  const clients: TestClient[] = [];

  beforeAll(async () => {
    servers = await startSimpleServers({ msiloTypes });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.connection.close();
  });
  afterAll(() => servers?.stop());

  if (msiloTypes === "lost") describeAway(get);

  test("what waited is shown as it was said, and brings its receipts, also to who is away by then", async () => {
    const open = async (
      account: Awaited<ReturnType<Harness["newAccount"]>>,
      installation = newInstallation(),
    ): Promise<TestClient> => {
      const client = openClient(get(), account, get().settings("good"), installation);
      clients.push(client);
      await client.signIn();
      return client;
    };
    const leave = async (client: TestClient): Promise<void> => {
      await client.connection.disconnect();
      client.connection.close();
    };
    const [ann, ben] = [await get().newAccount(), await get().newAccount()];
    const [annsDesk, bensDesk] = [newInstallation(), newInstallation()];
    const first = { ann: await open(ann, annsDesk), ben: await open(ben, bensDesk) };
    // each learns that the other takes envelopes
    await first.ann.say(ben.address, "hello", { wantReceipts: true });
    await first.ben.message((message) => message.body === "hello");
    await first.ben.say(ann.address, "hello yourself", { wantReceipts: true });
    await first.ann.message((message) => message.body === "hello yourself");
    await leave(first.ben);
    const id = await first.ann.say(ben.address, "<b>for</b> later\n✓", { wantReceipts: true });
    await first.ann.event("delivery", (event) => event.id === id && event.state === "sent");
    await leave(first.ann);
    const later = await open(ben, bensDesk);
    const message = await later.message((candidate) => candidate.id === id);
    expect(message).toMatchObject({
      peer: ann.address,
      body: "<b>for</b> later\n✓",
      wantsDelivered: true,
      wantsRead: true,
    });
    for (const kind of ["delivered", "read"] as const)
      later.connection.messages.sendReceipt?.({ to: ann.address, messageId: id, kind });
    const marker = await later.say(ann.address, "and a word behind them", { wantReceipts: true });
    await later.event("delivery", (event) => event.id === marker && event.state === "sent");
    const back = await open(ann, annsDesk);
    await back.event("delivery", (event) => event.id === id && event.state === "delivered");
    await back.event("delivery", (event) => event.id === id && event.state === "read");
    await back.message((candidate) => candidate.id === marker);
    expect(back.messages().map(({ body }) => body)).toEqual(["and a word behind them"]);
  });
});
