import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTestApps, type TestApps } from "../../../enforcement/test-apps.test-helper.ts";
import { openClient, type TestClient } from "../../conformance/client.ts";
import { describeContacts } from "../../conformance/contacts.ts";
import type { Harness } from "../../conformance/harness.ts";
import { describeMessages } from "../../conformance/messages.ts";
import { createMemoryNetwork } from "./network.ts";
import { MemoryServer } from "./server.ts";

const server = new MemoryServer();
const harness: Harness = {
  protocol: "memory",
  createNetwork: () => createMemoryNetwork(server),
  dns: { resolveSrv: async () => [], resolveNaptr: async () => [], lookup: async () => [] },
  async newAccount() {
    const address = `${randomUUID().slice(0, 8)}@memory.test`;
    server.account(address);
    return { address, password: "password" };
  },
  shownAs: (availability) => availability,
  unknownAddress: () => `nobody-${randomUUID().slice(0, 8)}@memory.test`,
  settings: () => ({}),
  discovered: {},
  pin: "",
  cleartext: undefined,
  readsUpTo: false,
  copies: false,
  keepsMessages: false,
  handsOverInOrder: true,
  door: () => Promise.reject(new Error("the memory network has no wire to cut")),
};

/** Sign-in, recovery and what is sent past a client need a wire, which this network does not have. */
describe("the memory network", () => {
  describeContacts(() => harness);
  describeMessages(() => harness);
});

describe("an account of a third network", () => {
  let testApps: TestApps | undefined;
  let bob: TestClient | undefined;
  afterEach(async () => {
    bob?.connection.close();
    await testApps?.close();
    testApps = undefined;
  });

  it("signs in, shows in the list, sends and receives, with the facets that the network has", async () => {
    testApps = await createTestApps({ networks: () => [createMemoryNetwork(server)] });
    const testApp = await testApps.open();
    const [own, other] = [await harness.newAccount(), await harness.newAccount()];
    bob = openClient(harness, other);
    await bob.signIn();
    const { accountId } = await testApp.request("accounts.add", { ...own, protocol: "memory", server: {} });
    await testApp.request("contacts.add", { accountId, address: other.address, name: "Bob", groups: [] });
    await bob.connection.contacts.add(own.address, undefined, []);
    const { conversationId } = await testApp.request("conversations.start", { accountId, address: other.address });
    await testApp.request("messages.send", { conversationId, messageId: randomUUID(), body: "from the window" });
    expect(await bob.message(({ body }) => body === "from the window")).toMatchObject({ peer: own.address });
    await bob.say(own.address, "from Bob");
    await vi.waitFor(async () => {
      const { messages } = await testApp.request("conversations.open", { conversationId, limit: 10 });
      expect(messages.map(({ body }) => body)).toEqual(["from the window", "from Bob"]);
    });
    const { tables } = await testApp.request("app.snapshot", {});
    expect(tables.networks.map(({ name }) => name)).toEqual(["Memory"]);
    expect(tables.accounts).toMatchObject([{ protocol: "memory", state: "online" }]);
    const [account] = tables.accounts;
    expect(account?.facets).toMatchObject({ rooms: {}, files: { maxBytes: 0 }, keys: {} });
    expect(account?.facets).not.toHaveProperty("archive");
    expect(account?.facets).not.toHaveProperty("directory");
    expect(account?.facets.messages).toMatchObject({ correct: false, retract: false });
  });

  it("is known to nobody but whoever lists the networks, like the others", async () => {
    const root = join(import.meta.dirname, "../../../..");
    const folders = ["xmpp", "simple", "testing/memory"].map((name) => join(root, "main/networks", name, "/"));
    const isOfNetwork = (path: string): boolean => folders.some((folder) => path.startsWith(folder));
    const found: string[] = [];
    for (const part of ["main", "renderer", "shared"]) {
      const names = (await readdir(join(root, part), { recursive: true })).filter((name) => /\.tsx?$/.test(name));
      for (const path of names.map((name) => join(root, part, name))) {
        if (isOfNetwork(path) || /\.test(-helper)?\.tsx?$|\/(testing|dev)\/|\/conformance[./]/.test(path)) continue;
        const text = await readFile(path, "utf8");
        const imported = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)].map(([, to = ""]) =>
          join(path, "..", to),
        );
        if (imported.some(isOfNetwork)) found.push(relative(root, path));
      }
    }
    expect(found).toEqual(["main/app/networks.ts"]);
  });
});
