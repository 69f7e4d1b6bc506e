import { fileURLToPath } from "node:url";
import { createLog, fileSink } from "../diagnostics/log.ts";
import { watchUnhandled } from "../diagnostics/unhandled.ts";
import { createChromiumHost } from "../host/chromium/create.ts";
import type { Launcher } from "../host/chromium/launch.ts";
import type { Host } from "../host/host.ts";
import { createSystemDns } from "../networks/system-dns.ts";
import { KeytarStore } from "../secrets/keytar-store.ts";
import { systemPolicySource } from "../settings/sources/system.ts";
import { readSystemPerson } from "../settings/system-person.ts";
import { entryUrl, exportWorkerUrl, pagesUrl, version, workerUrl } from "../storage/bundled-files.ts";
import { type App, createApp, logPath } from "./app.ts";

/** State that the entry has set up before the program is loaded. */
interface Begun {
  /** Where this person's files are. */
  readonly folder: string;
  readonly browser: Launcher;
  /** Gives the folder up. */
  readonly release: () => Promise<void>;
  /** Called before the start: a second one shows the window, or opens the link that it was given. */
  readonly onApp: (host: Host, app: App) => void;
}

/** The program behind the entry; resolves when its window stands. The policy folder is fixed in systemPolicySource. */
export async function startProgram({ folder, browser, release, onApp }: Begun): Promise<void> {
  const log = createLog(fileSink(logPath(folder)), "info");
  watchUnhandled(log);
  const host = await createChromiumHost({
    pages: fileURLToPath(pagesUrl),
    browser,
    secrets: new KeytarStore(),
    log,
    command: [process.execPath, ...process.execArgv, fileURLToPath(entryUrl)],
  });
  const app = createApp({
    host,
    folder,
    policy: systemPolicySource(),
    person: readSystemPerson,
    dns: createSystemDns(),
    workerUrl,
    exportWorkerUrl,
    version: await version(),
    log,
    now: Date.now,
    allowCleartext: () => false,
  });
  onApp(host, app);
  const end = (): void => void app.stop();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  // The window may ask for the end too: whoever did, the folder is free after it.
  void app.stopped.then(async (how) => {
    await release();
    if (how === "cut") process.exit(1);
  });
  await app.start();
}
