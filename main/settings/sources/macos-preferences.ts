import { dirname, join } from "node:path";
import type { Declarations } from "../resolve.ts";
import { MergedLevel, type PolicyLevel } from "./merge.ts";
import { readPlist } from "./plist/plist.ts";
import { pollEvery } from "./poll.ts";
import { isMissing, readingOf, toProblem } from "./problems.ts";
import type { PolicySource } from "./source.ts";
import { checkFolder, readTrustedBytes } from "./trusted-file.ts";

export interface MacosPreferencesOptions {
  readonly declarations: Declarations;
  /** Holds "Managed Preferences" and "Preferences": /Library; only system.ts names the real one. */
  readonly library: string;
  /** The short name of the person, from the system's own list of users and not from the environment. */
  readonly user: string;
  /** Whom the files must belong to; root. */
  readonly owner?: number;
  /** How often it looks, in milliseconds; 15 minutes. */
  readonly poll?: number;
}

const file = "im.hallway.desktop.plist";
const maxFileBytes = 4 * 1024 * 1024;

/**
 * Policy as macOS keeps it for the domain im.hallway.desktop. Forced values are what the system writes from
 * configuration profiles to "Managed Preferences", for the person and for the machine; the machine wins. Values that
 * are not forced, the recommendations, are those of the machine's own Preferences folder. The preferences in the home
 * folder are not looked at: the person can write those, and a damaged one there must not keep a new policy away. The
 * rules for files are those of Linux: root's own, no symbolic link, not writable by others, also not the folders above.
 */
export function createMacosPreferences(options: MacosPreferencesOptions): PolicySource {
  const owner = options.owner ?? 0;
  const managed = join(options.library, "Managed Preferences");
  // A name that could lead elsewhere is nobody's.
  const personal =
    /^[^/\0]+$/.test(options.user) && !options.user.startsWith(".") ? [join(managed, options.user, file)] : [];
  const places: Readonly<Record<PolicyLevel, readonly string[]>> = {
    mandatory: [...personal, join(managed, file)],
    recommended: [join(options.library, "Preferences", file)],
  };

  async function readLevel(level: PolicyLevel): Promise<MergedLevel> {
    const merged = new MergedLevel(level, options.declarations);
    for (const path of places[level]) {
      try {
        await checkFolder(dirname(path), owner);
        // The system puts the profile's own PayloadUUID and the like beside the values.
        const entries = [...readPlist(await readTrustedBytes(path, owner, maxFileBytes))].filter(
          ([key]) => !key.startsWith("Payload"),
        );
        merged.add(new Map(entries.map(([key, value]) => [key, { value, source: path }])));
      } catch (error) {
        if (!isMissing(error)) merged.problems.push(toProblem(path, error));
      }
    }
    return merged;
  }

  return {
    read: async () =>
      readingOf({ mandatory: await readLevel("mandatory"), recommended: await readLevel("recommended") }),
    watch: (changed) => pollEvery(options.poll, changed),
  };
}
