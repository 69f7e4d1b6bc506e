import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import type { SecretStore } from "../../secrets/secret-store.ts";
import type { Host } from "../host.ts";
import { findBrowser } from "./browser.ts";
import { createChromiumHost } from "./create.ts";

/** A Chromium host in a real browser, without a display. The page is ours, small, and served as the product's is. */

/** Page of the product, as small as can be. */
export const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hallway</title>
<script src="main.js"></script></head><body><a id="away" href="https://example.com/" target="_blank">away</a>
<script>document.documentElement.dataset.inline = "ran";</script></body></html>`;
const script = `globalThis.got = []; hallway.listen((message) => got.push(message)); hallway.post({ id: 1, method: "hello", args: { text: "Grüße 🚪" } });`;

export const secrets: SecretStore = {
  probe: async () => "absent",
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
};
export const root = process.getuid?.() === 0;
export const flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", ...(root ? ["--no-sandbox"] : [])];
export const browserPath = findBrowser();

/** Waits for what must come, asking again; fails with the last value. */
export function eventually<T>(read: () => T | Promise<T>, good: (value: T) => boolean): Promise<T> {
  return vi.waitFor(
    async () => {
      const value = await read();
      expect(value).toSatisfy(good);
      return value;
    },
    { interval: 20 },
  );
}

/** A host with its window, and what it has been told. */
export interface Running {
  readonly host: Host;
  readonly folder: string;
  readonly calls: Call[];
  readonly warnings: string[];
  readonly quits: () => number;
}

export async function start(extra: readonly string[], again?: string): Promise<Running> {
  const folder = again ?? (await mkdtemp(join(tmpdir(), "hallway-host-")));
  await writeFile(join(folder, "index.html"), html);
  await writeFile(join(folder, "main.js"), script);
  const calls: Call[] = [];
  const warnings: string[] = [];
  let quits = 0;
  const log: Log = { debug: (what) => warnings.push(what), info: () => undefined, warn: (what) => warnings.push(what) };
  const host = await createChromiumHost({
    pages: folder,
    browser: { profile: join(folder, "profile"), extraArgs: [...flags, ...extra] },
    secrets,
    log,
  });
  host.onCall((call) => {
    calls.push(call);
    // Answered while the page is still loading, as the first snapshot is.
    if (call.method === "hello") host.send({ kind: "reply", id: call.id, ok: true, result: "at once" });
  });
  host.onQuit(() => quits++);
  await host.showWindow();
  return { host, folder, calls, warnings, quits: () => quits };
}

export async function end(running: Running): Promise<void> {
  await running.host.quit();
  await rm(running.folder, { recursive: true, force: true, maxRetries: 5 });
}

if (browserPath === undefined) console.warn("Left out: no Chromium, Chrome or Edge is on this machine.");
