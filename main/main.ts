import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createApp, logPath } from "./app.ts";
import { auditCommand } from "./cli/audit.ts";
import type { CommandResult } from "./cli/command.ts";
import { type Commands, runCommandLine } from "./cli/command-line.ts";
import { runExportCommand } from "./cli/export-entry.ts";
import { askPassphrase } from "./cli/passphrase.ts";
import { policyCommand } from "./cli/policy.ts";
import { createLog, fileSink } from "./diagnostics/log.ts";
import { watchUnhandled } from "./diagnostics/unhandled.ts";
import { createChromiumHost } from "./host/chromium/create.ts";
import { HostUnavailable } from "./host/chromium/unavailable.ts";
import { systemLocale } from "./host/locale.ts";
import { followTimeZone } from "./host/time-zone.ts";
import { lockInstance } from "./instance-lock.ts";
import { createSystemDns } from "./networks/system-dns.ts";
import { makeProfileFolder, profileFolder } from "./profile-folder.ts";
import { createKeytarStore } from "./secrets/keytar-store.ts";
import { systemPolicySource } from "./settings/sources/system.ts";
import { refuseInspector, startRefusal } from "./start-refusal.ts";

/**
 * The product's entry under plain Node with a system browser's window. It reads no flag and no variable that could
 * loosen anything: the policy folder is fixed in systemPolicySource.
 */
async function main(): Promise<void> {
  refuseInspector();
  const folder = profileFolder();
  await makeProfileFolder(folder);
  const log = createLog(fileSink(logPath(folder)), "info");
  watchUnhandled(log);
  let show = (): void => undefined;
  const release = await lockInstance(folder, () => show());
  if (!release) {
    console.log("Hallway is open already; its window is brought to the front.");
    return;
  }
  const host = await createChromiumHost({
    pages: fileURLToPath(new URL("renderer/", import.meta.url)),
    profile: join(folder, "window"),
    secrets: createKeytarStore(),
    log,
    command: [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)],
  });
  show = () => void host.showWindow();
  const unfollow = followTimeZone();
  const app = createApp({
    host,
    folder,
    policy: systemPolicySource(),
    dns: createSystemDns(),
    workerUrl,
    exportWorkerUrl,
    version: await version(),
    log,
    now: Date.now,
    allowCleartext: () => false,
  });
  const end = (): void => void app.stop();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  // The window may ask for the end too: whoever did, the folder is free after it.
  void app.stopped.then(unfollow).then(release);
  await app.start();
}

async function version(): Promise<string> {
  const about = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return about.version;
}

/** The history worker's file, beside this one in the bundle. */
const workerUrl = new URL("history-worker.mjs", import.meta.url);
const exportWorkerUrl = new URL("export-worker.mjs", import.meta.url);

/** What can be asked on the command line, without a window. */
const commands: Commands = {
  policy: (args) => policyCommand(args, { source: systemPolicySource(), locale: systemLocale() }),
  export: async (args) => runExportCommand(args, { workerUrl, exportWorkerUrl, version: await version(), policy: systemPolicySource() }),
  audit: (args) =>
    auditCommand(args, {
      folder: profileFolder(),
      secrets: createKeytarStore(),
      workerUrl,
      locale: systemLocale(),
      askPassphrase: (prompt) => askPassphrase(prompt, process.stdin, process.stderr),
    }),
};

/** Speaks on the terminal, before anything is opened or written. */
async function speak({ status, out, err }: CommandResult): Promise<void> {
  await new Promise<void>((resolve) => process.stderr.write(err, () => resolve()));
  await new Promise<void>((resolve) => process.stdout.write(out, () => resolve()));
  // The secret store's own thread on the session bus would keep the process.
  process.exit(status);
}

await runCommandLine(process.argv.slice(2), { commands, version, locale: systemLocale() })
  .then((result) => (result ? speak(result) : main()))
  .catch((error: unknown) => {
    console.error(startRefusal(error, systemLocale()) ?? (error instanceof HostUnavailable ? error.message : error));
    process.exitCode = 1;
  });
