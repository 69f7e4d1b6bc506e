import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { createLinuxFiles } from "../settings/sources/linux-files.ts";
import type { CommandResult } from "./command.ts";
import { policyCommand } from "./policy.ts";

/** A folder with the policy files that `hallway policy` reads, new for each test. */
export interface PolicyFolder {
  /** The person's folder; `policies` in it is the policy folder. */
  readonly path: string;
  run(args: readonly string[], locale?: string): Promise<CommandResult>;
  /** Writes a policy file, and answers its path. */
  put(name: string, content: string): Promise<string>;
}

/** Makes the folder before each test of the file, and takes it away after. */
export function usePolicyFolder(): PolicyFolder {
  let path = "";
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), "hallway-cli-"));
    for (const level of ["managed", "recommended"])
      await mkdir(join(path, "policies", level), { recursive: true, mode: 0o755 });
  });
  afterEach(() => rm(path, { recursive: true, force: true }));
  return {
    get path() {
      return path;
    },
    run(args, locale = "en") {
      const source = createLinuxFiles({
        folder: join(path, "policies"),
        declarations: settings,
        owner: process.getuid?.() ?? 0,
      });
      return policyCommand(args, { source, locale });
    },
    async put(name, content) {
      const file = join(path, "policies", name);
      await writeFile(file, content, { mode: 0o644 });
      return file;
    },
  };
}
