import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createApp, logPath } from "../../main/app/app.ts";
import { createLog, fileSink } from "../../main/diagnostics/log.ts";
import { createChromiumHost } from "../../main/host/chromium/create.ts";
import type { Launcher } from "../../main/host/chromium/launch.ts";
import { LinkInbox } from "../../main/instance/link-inbox.ts";
import { lockInstance } from "../../main/instance/lock.ts";
import { createSystemDns } from "../../main/networks/system-dns.ts";
import { createLinuxFiles } from "../../main/settings/sources/linux-files.ts";
import { settings } from "../../shared/settings/declaration.ts";
import { measureOnSignal } from "./memory.ts";
import type { TestAppAccount, TestAppOptions } from "./options.ts";
import { createFileSecrets, noSecrets } from "./secrets.ts";

/** The program that tests and the demo run, behind its entry (main.ts): the same composition root as the product's. */
export async function startProgram(options: TestAppOptions, browser: Launcher): Promise<void> {
  const log = createLog(fileSink(logPath(options.folder)), "info");
  if (options.memoryFile !== undefined) measureOnSignal(options.memoryFile);
  const root = process.cwd();
  const links = new LinkInbox(options.link);
  let show = (): void => undefined;
  const knocked = (link?: string): void => (link === undefined ? show() : links.put(link));
  const release = await lockInstance(options.folder, knocked);
  if (!release) throw new Error("another program has this folder");
  const host = await createChromiumHost({
    pages: join(root, "dist/renderer"),
    browser,
    secrets: options.secrets === "file" ? createFileSecrets(join(options.folder, "secrets.json")) : noSecrets,
    log,
  });
  const ahead = (options.daysAhead ?? 0) * 24 * 3600 * 1000;
  const app = createApp({
    host: Object.assign(host, { chooseFolder: async () => options.downloads }),
    folder: options.folder,
    policy: createLinuxFiles({
      folder: options.policyFolder,
      declarations: settings,
      ...(process.getuid ? { owner: process.getuid() } : {}),
    }),
    policySettle: options.policySettle,
    dns: createSystemDns([`127.0.0.1:${options.dnsPort ?? 1}`]),
    workerUrl: pathToFileURL(join(root, "dist/history-worker.mjs")),
    exportWorkerUrl: pathToFileURL(join(root, "dist/export-worker.mjs")),
    version: "0.0.0-test",
    log,
    now: () => Date.now() + ahead,
    allowCleartext: () => false,
  });
  show = () => void host.showWindow();
  links.openWith((link) => app.openLink(link));
  void app.stopped.then(release);
  // As in the product: nothing may hold the process once the app has stopped.
  const end = (): void => void app.stop();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  await app.start();
  const provisioned = join(options.folder, "provisioned");
  const before = await readFile(provisioned, "utf8").catch(() => "");
  if (before === "" && options.accounts.length > 0) {
    for (const account of options.accounts) await provision(app, account);
    await writeFile(provisioned, "yes");
  }
}

async function provision(app: ReturnType<typeof createApp>, account: TestAppAccount): Promise<void> {
  const { accounts, contactList } = await app.services();
  const { address, password, protocol, server, contacts = [] } = account;
  const id = await accounts.add({ address, password, protocols: [protocol], server }, AbortSignal.timeout(30_000));
  for (const contact of contacts) await contactList.add({ accountId: id, ...contact });
}
