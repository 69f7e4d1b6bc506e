import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Launcher } from "./launch.ts";
import { createPipe } from "./pipe.ts";
import { HostUnavailable } from "./unavailable.ts";

let folder: string;
let launcher: Launcher;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-launch-"));
  const browser = join(folder, "browser");
  // Ends with its pipe, as a browser does.
  await writeFile(browser, `#!/bin/sh\necho $$ "$@" >> ${folder}/started\ncat <&3 >/dev/null\n`);
  await chmod(browser, 0o755);
  launcher = new Launcher({
    browser,
    profile: join(folder, "profile"),
    locale: "fr",
    extraArgs: ["--headless=new", "--no-sandbox"],
  });
  return () => rm(folder, { recursive: true, maxRetries: 5 });
});

const started = async (): Promise<string[]> =>
  (await readFile(join(folder, "started"), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
const untilStarted = (count: number): Promise<void> =>
  vi.waitFor(async () => expect(await started()).toHaveLength(count));

describe.skipIf(process.platform === "win32")("the window's browser", () => {
  it("is not started before it is asked for", async () => {
    await launcher.stop();
    expect(await started()).toEqual([]);
  });

  it("is started ahead, and that one makes the window; the next one is new", async () => {
    launcher.ahead();
    launcher.ahead();
    await untilStarted(1);
    const first = await launcher.take();
    const [line = ""] = await started();
    expect(line.startsWith(`${first.pid} --app=data:text/html`)).toBe(true);
    expect(line).toContain(`--user-data-dir=${folder}/profile`);
    expect(line).toContain("--lang=fr");
    expect(line).toContain("--headless=new");
    const second = await launcher.take();
    expect(second.pid).not.toBe(first.pid);
    await untilStarted(2);
    for (const taken of [first, second]) {
      taken.input.destroy();
      await taken.stop();
    }
  });

  it("ends where nobody has taken it, and is left alone where somebody has", async () => {
    launcher.ahead();
    await untilStarted(1);
    const pid = Number((await started())[0]?.split(" ")[0]);
    await launcher.stop();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    launcher.ahead();
    const taken = await launcher.take();
    await launcher.stop();
    expect(process.kill(taken.pid ?? 0, 0)).toBe(true);
    taken.input.destroy();
    await taken.stop();
  });

  it("is known to be gone where it ended before anybody took it", async () => {
    await writeFile(join(folder, "browser"), `#!/bin/sh\necho $$ >> ${folder}/started\n`);
    launcher.ahead();
    await untilStarted(1);
    const { input, output, ended } = await launcher.take();
    await ended;
    await vi.waitFor(() => expect(output.destroyed).toBe(true));
    const onEnd = vi.fn();
    const pipe = createPipe({ input, output }, { onEvent: () => undefined, onEnd });
    expect(onEnd).toHaveBeenCalledTimes(1);
    await expect(pipe.send("Browser.getVersion")).rejects.toThrow("gone");
  });

  it("has no port of an earlier run written down in its folder", async () => {
    await mkdir(join(folder, "profile"));
    await writeFile(launcher.portFile, "1234");
    const taken = await launcher.take();
    await expect(readFile(launcher.portFile)).rejects.toThrow("ENOENT");
    taken.input.destroy();
    await taken.stop();
  });
});

it("says in a sentence that no window can be opened here", () => {
  if (process.getuid?.() === 0)
    expect(() => new Launcher({ browser: "/bin/true", profile: "/nowhere" })).toThrow(HostUnavailable);
  vi.stubEnv("PATH", "");
  vi.stubEnv("HOME", "/nowhere");
  if (process.platform === "linux") expect(() => new Launcher({ profile: "/nowhere" })).toThrow(HostUnavailable);
  vi.unstubAllEnvs();
});
