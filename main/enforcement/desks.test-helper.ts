import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppRecord } from "../../shared/model/app.ts";
import { createDesk, type Desk, type DeskOptions } from "./desk.test-helper.ts";

/** A folder and a secret store of a person's own, with which the program is started as often as a test likes. */
export interface Desks {
  readonly folder: string;
  readonly secretStore: Map<string, string>;
  /** Starts it, and resolves when the vault is as it should be. */
  open(options?: Omit<DeskOptions, "folder">, vault?: AppRecord["vault"]): Promise<Desk>;
  /** Stops all that were opened, and takes the folder away. */
  close(): Promise<void>;
}

/** `usual`: what every one of them is started with, where a test says nothing else. */
export async function createDesks(usual: Omit<DeskOptions, "folder"> = {}): Promise<Desks> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-desk-"));
  const secretStore = new Map<string, string>();
  const opened: Desk[] = [];
  return {
    folder,
    secretStore,
    async open(options = {}, vault = "ready") {
      const desk = createDesk({ folder, secretStore, ...usual, ...options });
      opened.push(desk);
      await desk.app.start();
      await desk.untilVault(vault);
      return desk;
    },
    async close() {
      for (const { app } of opened) await app.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** One that is open, in a folder of its own. */
export interface OpenDesk extends Desk {
  readonly folder: string;
  /** Stops it, and takes the folder away. */
  close(): Promise<void>;
}

export async function openDesk(options: Omit<DeskOptions, "folder"> = {}): Promise<OpenDesk> {
  const { folder, open, close } = await createDesks(options);
  return { ...(await open()), folder, close };
}
