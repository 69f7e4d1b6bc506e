import { readFile } from "node:fs/promises";

/**
 * Where Linux says who a process is (proc(5)): what a preloaded library such as fakeroot's makes up of it is not there.
 */
const self = "/proc/self";

/**
 * Whether this process is run by the administrator of the system. On Linux whoever wants to can be root in a user
 * namespace of their own (`unshare --user --map-root-user`, user_namespaces(7)) or in name (fakeroot): only root of the
 * namespace that holds all users counts. On Windows nothing is said that can be trusted.
 */
export async function isAdministrator(
  platform: NodeJS.Platform = process.platform,
  user: number | undefined = process.geteuid?.(),
  read: (name: string) => Promise<string> = (name) => readFile(`${self}/${name}`, "utf8"),
): Promise<boolean> {
  if (user !== 0 || platform === "win32") return false;
  if (platform !== "linux") return true;
  const [status, map] = await Promise.all([read("status"), read("uid_map")]).catch(() => ["", ""]);
  return /^Uid:\s+\d+\s+0\s/m.test(status ?? "") && /^\s*0\s+0\s+4294967295\s*$/.test(map ?? "");
}
