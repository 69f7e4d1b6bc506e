import { systemLocale } from "../host/locale.ts";
import { KeytarStore } from "../secrets/keytar-store.ts";
import { systemPolicySource } from "../settings/sources/system.ts";
import { exportWorkerUrl, version, workerUrl } from "../storage/bundled-files.ts";
import { profileFolder } from "../storage/profile-folder.ts";
import { auditCommand } from "./audit.ts";
import type { CommandResult } from "./command.ts";
import { type Commands, runCommandLine } from "./command-line.ts";
import { runExportCommand } from "./export-entry.ts";
import { askPassphrase } from "./passphrase.ts";
import { policyCommand } from "./policy.ts";

/** Commands of the command line, without a window. */
const commands: Commands = {
  policy: (args) => policyCommand(args, { source: systemPolicySource(), locale: systemLocale() }),
  export: async (args) =>
    runExportCommand(args, { workerUrl, exportWorkerUrl, version: await version(), policy: systemPolicySource() }),
  audit: (args) =>
    auditCommand(args, {
      folder: profileFolder(),
      secrets: new KeytarStore(),
      workerUrl,
      locale: systemLocale(),
      askPassphrase: (prompt) => askPassphrase(prompt, process.stdin, process.stderr),
    }),
};

/** Does what the command line asks for, says it on the terminal and ends the process. */
export async function runCommands(args: readonly string[]): Promise<void> {
  const result = await runCommandLine(args, { commands, version, locale: systemLocale() });
  if (result) await speak(result);
}

/** Speaks on the terminal, before anything is opened or written. */
async function speak({ status, out, err }: CommandResult): Promise<void> {
  await new Promise<void>((resolve) => process.stderr.write(err, () => resolve()));
  await new Promise<void>((resolve) => process.stdout.write(out, () => resolve()));
  // The secret store's own thread on the session bus would keep the process.
  process.exit(status);
}
