import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { TestApp } from "../enforcement/test-app.test-helper.ts";
import { createTestApps, type TestApps } from "../enforcement/test-apps.test-helper.ts";
import type { NetworkEvent, Stored } from "../networks/events.ts";
import type { Network } from "../networks/network.ts";

const bob = "bob@x.example";
let testApps: TestApps;

beforeEach(async () => {
  testApps = await createTestApps();
});
afterEach(() => testApps.close());

interface Watched {
  readonly testApp: TestApp;
  readonly receipts: readonly unknown[];
  /** Bob says something; resolves with what his network is told of it. */
  hear(id: string): Stored;
  shown(): Promise<readonly string[]>;
}

/** The program, signed in to a network that waits for what it is told of each message. */
async function start(protocol: "xmpp" | "simple"): Promise<Watched> {
  const network = createRecordedNetwork(protocol, [bob]);
  let tell: (event: NetworkEvent) => Stored = () => undefined;
  const watched: Network = {
    ...network,
    open(account, parts) {
      tell = (event) => parts.emit(event) || undefined;
      return network.open(account, parts);
    },
  };
  const testApp = await testApps.open({ networks: () => [watched] });
  await testApp.policy({
    ArchiveScope: "all",
    ArchiveDestination: { type: "folder", path: join(testApps.folder, "a") },
  });
  const server = {};
  const { accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol,
    server,
  });
  await testApp.untilAccount({ state: "online" });
  await expect.poll(async () => (await testApp.request("app.snapshot", {})).tables.contacts.length).toBe(1);
  return {
    testApp,
    receipts: network.receipts,
    hear: (id) =>
      tell({
        type: "message",
        message: {
          ...{ peer: bob, id, body: `line ${id}`, direction: "in", author: { address: bob, isSelf: false } },
          ...{ archiveId: undefined, at: undefined, delayed: false, via: "live" },
          ...{ wantsDelivered: true, wantsRead: true },
        },
      }),
    async shown() {
      const { messages } = await testApp.request("conversations.open", {
        conversationId: `${accountId}|${bob}`,
        limit: 9,
      });
      return messages.map(({ body }) => body);
    },
  };
}

it.each(["xmpp", "simple"] as const)("what is in the files is acknowledged (%s)", async (protocol) => {
  const { hear, shown, receipts } = await start(protocol);
  expect(await hear("1")).toBe(true);
  expect(await shown()).toEqual(["line 1"]);
  await expect.poll(() => receipts.length).toBe(1);
});

it.each([
  ["xmpp", "history"],
  ["simple", "history"],
  ["xmpp", "archive"],
  ["simple", "archive"],
] as const)("nothing is acknowledged that only memory has, but it is shown (%s, %s)", async (protocol, name) => {
  // The file cannot be made where it should be.
  await symlink(join(testApps.folder, "nowhere", "file"), join(testApps.folder, `${name}.db`));
  const { hear, shown, receipts } = await start(protocol);
  expect(await Promise.all([hear("1"), hear("2")])).toEqual([false, false]);
  // It comes again, as it was not acknowledged.
  expect(await hear("1")).toBe(false);
  expect(await shown()).toEqual(["line 1", "line 2"]);
  expect(receipts).toEqual([]);
});
