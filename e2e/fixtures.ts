import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test as base, type Page } from "@playwright/test";
import type { Protocol } from "../shared/model/account.ts";
import { createWords, type Words } from "../shared/words/words.ts";
import { type Acquaintance, acquaint } from "./acquaint.ts";
import { createTestHome, type Hallway, type LaunchOptions, launchHallway, type TestHome } from "./app/launch.ts";
import { type Peers, startPeers } from "./peers/peers.ts";
import { type Screen, screenOf } from "./screen.ts";
import { startWorld, type World } from "./servers/world.ts";

interface WorkerFixtures {
  /** Servers of both networks, once for each worker. */
  readonly world: World;
  /** The process that others live in. */
  readonly peers: Peers;
}

interface OpenChat extends Acquaintance {
  readonly hallway: Hallway;
  readonly page: Page;
  readonly screen: Screen;
}

interface TestFixtures {
  /** A fresh folder, kept over restarts within the test. */
  readonly testHome: TestHome;
  /** Starts Hallway at the test home; whatever still runs at the end of the test is stopped. */
  readonly launch: (options?: LaunchOptions) => Promise<Hallway>;
  /** Somebody whom the person knows (over XMPP unless said otherwise), and Hallway with the chat with them open. */
  readonly openChat: (protocol?: Protocol) => Promise<OpenChat>;
  /** The English catalogue: what the window must say. */
  readonly words: Words;
}

/** Playwright's test with servers, another person, and Hallway itself. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  world: [
    async ({}, use) => {
      const world = await startWorld();
      await use(world);
      await world.stop();
    },
    { scope: "worker" },
  ],
  peers: [
    async ({}, use) => {
      const peers = startPeers();
      await use(peers);
      await peers.stop();
    },
    { scope: "worker" },
  ],
  testHome: async ({}, use) => {
    const testHome = await createTestHome();
    await use(testHome);
    await testHome.remove();
  },
  launch: async ({ testHome, world }, use, info) => {
    const running: Hallway[] = [];
    await use(async (options) => {
      const hallway = await launchHallway(testHome, { dnsPort: world.dns.port, ...options });
      running.push(hallway);
      return hallway;
    });
    for (const hallway of running) {
      if (info.status !== info.expectedStatus) {
        const log = await readFile(join(testHome.folder, "profile", "logs", "hallway.log"), "utf8").catch(() => "");
        await writeFile(info.outputPath("hallway.log"), `${hallway.log()}\n${log}`);
        await hallway.page
          .screenshot({ path: info.outputPath(`window-${running.indexOf(hallway)}.png`), timeout: 5_000 })
          .catch(() => undefined);
      }
      await hallway.stop();
    }
  },
  openChat: async ({ launch, world, peers, words }, use) =>
    use(async (protocol = "xmpp") => {
      const acquaintance = await acquaint(world, peers, protocol);
      const hallway = await launch({ accounts: [acquaintance.account] });
      const screen = screenOf(hallway.page, words);
      await screen.open(acquaintance.name);
      return { ...acquaintance, hallway, page: hallway.page, screen };
    }),
  words: async ({}, use) => use(createWords("en")),
});

export { expect } from "@playwright/test";
