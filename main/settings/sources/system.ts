import { userInfo } from "node:os";
import { settings } from "../../../shared/settings/declaration.ts";
import { createLinuxFiles } from "./linux-files.ts";
import { createMacosPreferences } from "./macos-preferences.ts";
import { openRegistry } from "./registry.ts";
import type { PolicySource } from "./source.ts";
import { WindowsRegistry } from "./windows-registry.ts";

/**
 * Where this machine's policy is. The places are fixed here: no flag, variable or file of the person's can move them
 * (userInfo asks the system's list of users, not the environment).
 */
export function systemPolicySource(platform: NodeJS.Platform = process.platform): PolicySource {
  if (platform === "win32") return new WindowsRegistry({ declarations: settings, open: openRegistry });
  if (platform === "darwin")
    return createMacosPreferences({ declarations: settings, library: "/Library", user: userInfo().username });
  return createLinuxFiles({ folder: "/etc/hallway/policies", declarations: settings });
}
