import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isAdministrator } from "./administrator.ts";

const says = (uid: string, map: string) => async (name: string) =>
  name === "status" ? `Name:\thallway\nUid:\t${uid}\nGid:\t0\t0\t0\t0\n` : map;
const whole = "         0          0 4294967295\n";

describe("the administrator of the system", () => {
  it.each([
    ["root", "0\t0\t0\t0", whole, true],
    ["sudo, whose real user is another for a moment", "1000\t0\t0\t0", whole, true],
    ["root in name (fakeroot)", "1000\t1000\t1000\t1000", whole, false],
    ["root of a person's own namespace", "0\t0\t0\t0", "         0       1000          1\n", false],
    ["root of one inside that", "0\t0\t0\t0", "         0          0          1\n", false],
    [
      "root of one with the users that a person may hand out",
      "0\t0\t0\t0",
      "         0       1000          1\n         1     100000      65536\n",
      false,
    ],
    ["root of a container with users of its own", "0\t0\t0\t0", "         0     100000      65536\n", false],
  ])("on Linux: %s", async (_, uid, map, expected) => {
    expect(await isAdministrator("linux", 0, says(uid, map))).toBe(expected);
    expect(await isAdministrator("linux", 1000, says(uid, map))).toBe(false);
  });

  it("is nobody where the system does not say, and root on macOS", async () => {
    expect(await isAdministrator("linux", 0, () => Promise.reject(new Error("no /proc")))).toBe(false);
    expect(await isAdministrator("darwin", 0, () => Promise.reject(new Error("no /proc")))).toBe(true);
    expect(await isAdministrator("win32", 0)).toBe(false);
  });

  it("is not whoever makes a namespace", () => {
    const script = `import { isAdministrator } from ${JSON.stringify(new URL("administrator.ts", import.meta.url).href)}; process.stdout.write(String(process.geteuid()) + (await isAdministrator()));`;
    const node = [process.execPath, "--input-type=module", "-e", script] as const;
    const { stdout, stderr } = spawnSync("unshare", ["--user", "--map-root-user", ...node], { encoding: "utf8" });
    // Nothing: this system lets nobody make one.
    expect(["0false", ""], stderr).toContain(stdout);
  });
});
