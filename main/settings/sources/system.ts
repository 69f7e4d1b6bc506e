import { settings } from "../../../shared/settings/declaration.ts";
import { createLinuxFiles } from "./linux-files.ts";
import { emptySnapshot, type PolicySource } from "./source.ts";

/**
 * Where this machine's policy is. The folder is fixed here: no flag, variable or file of the person's can move it. On
 * Windows and macOS there is no reader in this version, so no policy is in force there; the README says so.
 */
export function systemPolicySource(platform: NodeJS.Platform = process.platform): PolicySource {
  if (platform === "linux") return createLinuxFiles({ folder: "/etc/hallway/policies", declarations: settings });
  return { read: async () => ({ snapshot: emptySnapshot, complete: true, problems: [] }), watch: () => () => undefined };
}
