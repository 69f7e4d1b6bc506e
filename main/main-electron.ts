import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as electron from "electron";
import { createWords, languageFor } from "../shared/words/words.ts";
import { createApp, logPath } from "./app/app.ts";
import { RefusedSwitch, refuseInspector } from "./app/refuse-inspector.ts";
import { startFailure, startRefusal } from "./app/start-refusal.ts";
import { auditCommand } from "./cli/audit.ts";
import type { CommandResult } from "./cli/command.ts";
import { type Commands, runCommandLine } from "./cli/command-line.ts";
import { runExportCommand } from "./cli/export-entry.ts";
import { askPassphrase } from "./cli/passphrase.ts";
import { policyCommand } from "./cli/policy.ts";
import { createLog, fileSink } from "./diagnostics/log.ts";
import { watchUnhandled } from "./diagnostics/unhandled.ts";
import { appId, toastActivator } from "./host/app-id.ts";
import { isForWindow, linkIn, ownArguments } from "./host/electron/arguments.ts";
import { createElectronHost } from "./host/electron/create.ts";
import { claimLinks, followLinks } from "./host/electron/links.ts";
import { startedBySession } from "./host/electron/login-item.ts";
import { registerScheme } from "./host/electron/scheme.ts";
import { refusedVariable, refuseSwitches } from "./host/electron/switches.ts";
import { systemLocale } from "./host/locale.ts";
import { LinkInbox } from "./instance/link-inbox.ts";
import { lockInstance } from "./instance/lock.ts";
import { createSystemDns } from "./networks/system-dns.ts";
import { KeytarStore } from "./secrets/keytar-store.ts";
import { systemPolicySource } from "./settings/sources/system.ts";
import { readSystemPerson } from "./settings/system-person.ts";
import { makeProfileFolder, profileFolder } from "./storage/profile-folder.ts";

/**
 * The product's entry under Electron. It reads no flag and no variable that could loosen anything: the policy folder is
 * fixed in systemPolicySource, and the fuses (build/electron-builder.config.cjs) close Electron's own doors.
 */
async function main(links: LinkInbox): Promise<void> {
  const { app } = electron;
  if (app.isPackaged) refuseInspector();
  const folder = profileFolder();
  await makeProfileFolder(folder);
  const log = createLog(fileSink(logPath(folder)), "info");
  watchUnhandled(log);
  let show = (): void => undefined;
  // Beside Electron's own lock: the same person may have Hallway open in a system browser's window.
  const knocked = (link?: string): void => (link === undefined ? show() : links.put(link));
  const release = await lockInstance(folder, knocked, links.waiting);
  if (!release) return app.quit();
  await app.whenReady();
  const words = createWords(languageFor("system", app.getPreferredSystemLanguages()[0] ?? app.getLocale()));
  const host = await createElectronHost(electron, {
    pages: join(__dirname, "../renderer"),
    folder: __dirname,
    secrets: new KeytarStore(),
    log,
    place: join(folder, "window.json"),
    hidden: startedBySession(app, process.platform, process.argv),
    words,
  });
  const core = createApp({
    host,
    folder,
    policy: systemPolicySource(),
    person: readSystemPerson,
    dns: createSystemDns(),
    workerUrl: workerUrl("history-worker.mjs"),
    exportWorkerUrl: workerUrl("export-worker.mjs"),
    version: await version(),
    log,
    now: Date.now,
    allowCleartext: () => false,
  });
  show = () => void host.showWindow();
  links.openWith((link) => core.openLink(link));
  if (app.isPackaged) claimLinks(app, process.platform);
  const end = (): void => void core.stop();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  void core.stopped.then(async (how) => {
    await release();
    if (how === "cut") app.exit(1);
  });
  await core.start();
}

async function version(): Promise<string> {
  const about = JSON.parse(await readFile(join(__dirname, "../../package.json"), "utf8")) as { version: string };
  return about.version;
}

/** Code of a worker thread; Electron starts it from the archive. */
function workerUrl(name: "history-worker.mjs" | "export-worker.mjs"): URL {
  return pathToFileURL(join(__dirname, "..", name));
}

/** Commands of the command line, without a window. */
const commands: Commands = {
  policy: (args) => policyCommand(args, { source: systemPolicySource(), locale: systemLocale() }),
  export: async (args) =>
    runExportCommand(args, {
      workerUrl: workerUrl("history-worker.mjs"),
      exportWorkerUrl: workerUrl("export-worker.mjs"),
      version: await version(),
      policy: systemPolicySource(),
    }),
  audit: (args) =>
    auditCommand(args, {
      folder: profileFolder(),
      secrets: new KeytarStore(),
      workerUrl: workerUrl("history-worker.mjs"),
      locale: systemLocale(),
      askPassphrase: (prompt) => askPassphrase(prompt, process.stdin, process.stderr),
    }),
};

/** Speaks on the terminal, before anything is opened or written. */
function speak({ status, out, err }: CommandResult): void {
  process.stderr.write(err);
  // Only when it has been written: leaving Electron waits for nothing.
  process.stdout.write(out, () => electron.app.exit(status));
}

/** Tells a person who may have no terminal, and leaves the details in the log. */
function fail(error: unknown): void {
  const refusal = startRefusal(error, systemLocale());
  console.error(refusal ?? error);
  const path = logPath(profileFolder());
  const sink = fileSink(path);
  createLog(sink, "info").warn("Hallway could not start", { error });
  electron.dialog.showErrorBox("Hallway", refusal ?? startFailure(error, path, systemLocale()));
  void sink.flush().then(() => electron.app.exit(1));
}

function openWindow(): void {
  // All of this must come before the app is ready, so before anything is awaited.
  electron.app.enableSandbox();
  if (process.platform === "win32") {
    electron.app.setAppUserModelId(appId);
    electron.app.setToastActivatorCLSID(toastActivator);
  }
  electron.app.setPath("userData", join(profileFolder(), "electron"));
  registerScheme(electron);
  const links = new LinkInbox(linkIn(args));
  followLinks(electron.app, links.put);
  if (electron.app.requestSingleInstanceLock()) main(links).catch(fail);
  else electron.app.quit();
}

const args = ownArguments(process.argv, electron.app.isPackaged);
// In a checkout, what Electron is told before the folder of the program is the developer's own (and
// e2e/electron.spec.ts's).
const refused =
  electron.app.isPackaged || !args.every(isForWindow) ? refuseSwitches(electron.app.commandLine) : undefined;
const variable = electron.app.isPackaged ? refusedVariable(process.env) : undefined;
// Nothing is awaited where the window is meant.
if (refused !== undefined) fail(new RefusedSwitch(`--${refused}`));
else if (variable !== undefined) fail(new RefusedSwitch(variable));
else if (args.every(isForWindow)) openWindow();
else
  void runCommandLine(args, { commands, version, locale: systemLocale(), isForWindow }).then(
    (result) => (result ? speak(result) : undefined),
    fail,
  );
