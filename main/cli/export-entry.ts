import { systemLocale } from "../host/locale.ts";
import { KeytarStore } from "../secrets/keytar-store.ts";
import { profileFolder } from "../storage/profile-folder.ts";
import { isAdministrator } from "./administrator.ts";
import type { CommandResult } from "./command.ts";
import { type ExportCommandOptions, exportCommand } from "./export.ts";
import { askPassphrase } from "./passphrase.ts";

/**
 * `hallway export` as both entries of the program start it: on this machine and this terminal. Ctrl+C stops it cleanly.
 */
export async function runExportCommand(
  args: readonly string[],
  program: Pick<ExportCommandOptions, "workerUrl" | "exportWorkerUrl" | "version" | "policy">,
): Promise<CommandResult> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const { stderr } = process;
  const result = await exportCommand(args, {
    ...program,
    ...(process.geteuid === undefined ? {} : { administrator: await isAdministrator(), root: 0 }),
    folder: profileFolder(),
    secrets: new KeytarStore(),
    locale: systemLocale(),
    askPassphrase: (prompt) => askPassphrase(prompt, process.stdin, stderr),
    progress: (messages, total) =>
      void (stderr.isTTY && stderr.write(`\r${messages}${total === undefined ? "" : ` / ${total}`}`)),
    stop: stop.signal,
    now: Date.now,
  });
  if (stderr.isTTY && args[0] !== "verify") stderr.write("\n");
  return result;
}
