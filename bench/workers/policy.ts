import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resolveAll } from "../../main/settings/resolve.ts";
import { createLinuxFiles } from "../../main/settings/sources/linux-files.ts";
import { type SettingKey, settingKeys, settings } from "../../shared/settings/declaration.ts";
import { type BenchAccount, createHome, startHeadless } from "../core/headless.ts";
import { asWorker } from "../worker.ts";

export interface PolicyInput {
  readonly account: BenchAccount;
  /** How often all keys are resolved. */
  readonly rounds: number;
}

export interface PolicyResult {
  /** Resolving every key once, microseconds. */
  readonly resolve: number;
  /** From the last write to the file to the session that is not there any more, milliseconds. */
  readonly dropped: number;
}

/** The example of every key that a policy may name, as files hold them. */
function examples(): Record<string, unknown> {
  return Object.fromEntries(
    settingKeys.filter((key: SettingKey) => settings[key].policy !== "none").map((key) => [key, settings[key].example]),
  );
}

asWorker(async ({ account, rounds }: PolicyInput): Promise<PolicyResult> => {
  const home = await createHome();
  const folder = join(home.folder, "policies");
  const managed = join(folder, "managed");
  await mkdir(managed, { recursive: true, mode: 0o755 });
  const file = join(managed, "policy.json");
  const source = createLinuxFiles({ folder, declarations: settings, owner: process.getuid?.() ?? 0 });

  // A company that names every key; a key that would have files signed is not for files that are not.
  await writeFile(file, JSON.stringify({ ...examples(), PolicyPublicKey: undefined }), { mode: 0o644 });
  const { snapshot } = await source.read();
  await rm(file);
  const none = new Map<string, unknown>();
  for (let round = 0; round < rounds / 10; round++) resolveAll(settings, snapshot, none);
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) resolveAll(settings, snapshot, none);
  const resolve = ((performance.now() - begun) * 1000) / rounds;

  const app = await startHeadless(home, source);
  await app.request("accounts.add", account);
  const dropped = app.op(
    (op) =>
      op.table === "accounts" &&
      ((op.op === "put" && op.record.state === "failed") || (op.op === "patch" && op.fields["state"] === "failed")),
  );
  await writeFile(file, JSON.stringify({ AllowedServers: ["chat.bank.example"] }), { mode: 0o644 });
  const written = performance.now();
  await dropped;
  const took = performance.now() - written;
  await app.stop();
  await home.remove();
  return { resolve, dropped: took };
});
