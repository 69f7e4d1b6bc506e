import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Packages of a thin client before Hallway comes, and of the tools that look at it. */
const packages = ["chromium", "chromium-sandbox", "desktop-file-utils", "xvfb", "x11-utils", "xdotool", "procps"];

/**
 * A clean Debian in a folder, whose programs run in a chroot. Must be used as root, in a mount namespace of its own
 * (`unshare --mount --pid --fork`), which takes everything mounted and started with it when it ends.
 */
export class DebianRoot {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes it with mmdebstrap from where this machine's apt gets its Debian; `archive` keeps it for the next time. */
  async make(archive: string): Promise<void> {
    if (!existsSync(archive)) {
      const sources = `${this.path}.sources`;
      await writeFile(sources, await debianSources());
      const how = ["--variant=minbase", `--include=${packages.join(",")}`, "--skip=cleanup/apt/lists"];
      await run("mmdebstrap", [...how, "", archive, sources], { maxBuffer: 1e8 });
    }
    await mkdir(this.path, { recursive: true });
    await run("tar", ["--extract", "--file", archive, "--directory", this.path]);
    await run("mount", ["--types", "proc", "proc", join(this.path, "proc")]);
    // Nothing of this machine's is mounted there: what goes wrong stays there.
    await run("mount", ["--types", "tmpfs", "tmpfs", join(this.path, "dev/shm")]);
    await run("mount", ["--types", "tmpfs", "-o", "mode=1777", "tmpfs", join(this.path, "tmp")]);
    await cp("/etc/resolv.conf", join(this.path, "etc/resolv.conf"), { force: true });
  }

  /** Runs a shell's command there, as root or as somebody else. Answers what it printed, and its status. */
  async sh(command: string, user = "root"): Promise<{ readonly status: number; readonly said: string }> {
    const child = this.start(command, user);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part) => (said += String(part)));
    const status = await new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
    return { status, said };
  }

  /** The same, and goes on meanwhile. */
  start(command: string, user = "root"): ChildProcess {
    const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };
    const args = user === "root" ? ["sh", "-c", command] : ["su", "-", user, "-c", command];
    return spawn("chroot", [this.path, ...args], { env: { ...env, DEBIAN_FRONTEND: "noninteractive" } });
  }

  /** Puts a file there. */
  async put(from: string, to: string): Promise<void> {
    await cp(from, join(this.path, to));
  }

  async write(path: string, text: string): Promise<void> {
    await writeFile(join(this.path, path), text);
  }
}

/** Lines of sources.list with the Debian that this machine's apt knows. */
async function debianSources(): Promise<string> {
  const format = "$(ORIGIN)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)";
  const { stdout } = await run("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]);
  const lines = stdout.split("\n").filter((line) => line.startsWith("Debian|"));
  if (lines.length === 0) throw new Error("apt on this machine knows no Debian: run apt-get update");
  return `${[...new Set(lines)].map((line) => line.slice("Debian|".length)).join("\n")}\n`;
}
