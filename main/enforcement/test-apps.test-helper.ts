import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppRecord } from "../../shared/model/app.ts";
import { createTestApp, type TestApp, type TestAppOptions } from "./test-app.test-helper.ts";

/** A folder and a secret store of a person's own, with which the program is started as often as a test likes. */
export interface TestApps {
  readonly folder: string;
  readonly secretStore: Map<string, string>;
  /** Starts it, and resolves when the vault is as it should be. */
  open(options?: Omit<TestAppOptions, "folder">, vault?: AppRecord["vault"]): Promise<TestApp>;
  /** Stops all that were opened, and takes the folder away. */
  close(): Promise<void>;
}

/** `usual`: what every one of them is started with, where a test says nothing else. */
export async function createTestApps(usual: Omit<TestAppOptions, "folder"> = {}): Promise<TestApps> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-test-"));
  const secretStore = new Map<string, string>();
  const opened: TestApp[] = [];
  return {
    folder,
    secretStore,
    async open(options = {}, vault = "ready") {
      const testApp = createTestApp({ folder, secretStore, ...usual, ...options });
      opened.push(testApp);
      await testApp.app.start();
      await testApp.untilVault(vault);
      return testApp;
    },
    async close() {
      for (const { app } of opened) await app.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** One that is open, in a folder of its own. */
export interface OpenTestApp extends TestApp {
  readonly folder: string;
  /** Stops it, and takes the folder away. */
  close(): Promise<void>;
}

export async function openTestApp(options: Omit<TestAppOptions, "folder"> = {}): Promise<OpenTestApp> {
  const { folder, open, close } = await createTestApps(options);
  return { ...(await open()), folder, close };
}
