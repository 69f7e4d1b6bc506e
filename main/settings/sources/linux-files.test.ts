import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settings } from "../../../shared/settings/declaration.ts";
import { declare, itDecides, planned } from "../../../shared/settings/declare.ts";
import { text } from "../../../shared/settings/kinds.ts";
import { createLinuxFiles } from "./linux-files.ts";
import type { PolicySource } from "./source.ts";

const owner = process.getuid?.() ?? 0;
let top: string;
let folder: string;
let managed: string;
let source: PolicySource;

describe.skipIf(process.platform === "win32")("policy files", () => {
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), "hallway-policy-"));
    folder = join(top, "policies");
    managed = join(folder, "managed");
    await mkdir(managed, { recursive: true });
    await mkdir(join(folder, "recommended"));
    for (const path of [folder, managed, join(folder, "recommended")]) await chmod(path, 0o755);
    source = createLinuxFiles({ folder, declarations: settings, owner });
  });
  afterEach(() => rm(top, { recursive: true, force: true }));

  async function put(name: string, text: string | Uint8Array, mode = 0o644): Promise<string> {
    const path = join(managed, name);
    await writeFile(path, text);
    await chmod(path, mode);
    return path;
  }

  async function expectRefused(kind: string, words: string): Promise<void> {
    const { snapshot, complete, problems } = await source.read();
    expect(snapshot.mandatory.size).toBe(0);
    expect(complete).toBe(false);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind });
    expect(problems[0]?.detail).toContain(words);
  }

  it("are read in order of their names, later wins, and each value knows its file", async () => {
    const first = await put("10-first.json", '{"HistoryMode": "memory", "OrganizationName": "Example Bank"}');
    const second = await put("20-second.json", '\ufeff{"HistoryMode": "off"}');
    await put("readme.txt", "not a policy");
    await writeFile(join(folder, "recommended", "a.json"), '{"HistoryMode": "encrypted"}');
    const { snapshot, complete, problems } = await source.read();
    expect(Object.fromEntries(snapshot.mandatory)).toEqual({
      HistoryMode: { value: "off", source: second, line: 1, over: { value: "memory", source: first, line: 1 } },
      OrganizationName: { value: "Example Bank", source: first, line: 1 },
    });
    expect(snapshot.recommended.get("HistoryMode")?.value).toBe("encrypted");
    expect([complete, problems]).toEqual([true, []]);
  });

  it("need not be there", async () => {
    await rm(folder, { recursive: true });
    expect(await source.read()).toMatchObject({ complete: true, problems: [] });
  });

  it("warn of a key that is not known or may not stand here, and take the rest", async () => {
    await put("a.json", '{"HistoryMod": "off", "constructor": 1, "Theme": "dark", "HistoryMode": "off"}');
    await writeFile(join(folder, "recommended", "b.json"), '{"OrganizationName": "X"}');
    const { snapshot, complete, problems } = await source.read();
    expect([...snapshot.mandatory.keys()]).toEqual(["HistoryMode"]);
    expect(complete).toBe(true);
    expect(problems.map((problem) => [problem.kind, problem.key])).toEqual([
      ["unknown-key", "HistoryMod"],
      ["unknown-key", "constructor"],
      ["not-allowed-here", "Theme"],
      ["not-allowed-here", "OrganizationName"],
    ]);
  });

  it("name the line where they cannot be parsed", async () => {
    const path = await put("a.json", '{\n  "HistoryMode": "off",\n  "HistoryMode": "memory"\n}');
    const { complete, problems, unread } = await source.read();
    expect([complete, unread]).toEqual([false, path]);
    expect(problems).toEqual([
      { kind: "malformed", source: path, line: 3, detail: 'Line 3: "HistoryMode" appears twice here.' },
    ]);
  });

  it("leave what is mandatory known where only a recommendation cannot be parsed", async () => {
    await put("a.json", '{"HistoryMode": "off"}');
    await mkdir(join(folder, "recommended"), { recursive: true });
    await writeFile(join(folder, "recommended", "b.json"), "{", { mode: 0o644 });
    const reading = await source.read();
    expect([reading.complete, reading.unread]).toEqual([false, undefined]);
  });

  it.each(["", '{"HistoryMode": "o', "[]", '"off"'])("are refused whole when they hold %j", async (text) => {
    await put("a.json", text);
    const { snapshot, complete, problems } = await source.read();
    expect(snapshot.mandatory.size).toBe(0);
    expect([complete, problems[0]?.kind]).toEqual([false, "malformed"]);
  });

  it("do not count as a symbolic link", async () => {
    const real = join(top, "real.json");
    await writeFile(real, '{"HistoryMode": "off"}');
    await symlink(real, join(managed, "a.json"));
    await expectRefused("untrusted", "symbolic link");
  });

  it("do not count when group or others can write them", async () => {
    await put("a.json", '{"HistoryMode": "off"}', 0o664);
    await expectRefused("untrusted", "written by others");
    await put("a.json", '{"HistoryMode": "off"}', 0o646);
    await expectRefused("untrusted", "written by others");
  });

  it("do not count, for root either, when nobody else can read them or their folder", async () => {
    await put("a.json", '{"HistoryMode": "off"}', 0o600);
    await expectRefused("unreadable", "nobody but its owner can read");
    await put("a.json", '{"HistoryMode": "off"}', 0o640);
    expect((await source.read()).complete).toBe(true);
    await chmod(managed, 0o700);
    const { complete, unread } = await source.read();
    expect([complete, unread]).toEqual([false, managed]);
  });

  it("do not count when they belong to somebody else", async () => {
    await put("a.json", '{"HistoryMode": "off"}');
    source = createLinuxFiles({ folder, declarations: settings, owner: owner + 4242 });
    const { snapshot, complete, problems } = await source.read();
    expect([snapshot.mandatory.size, complete]).toEqual([0, false]);
    expect(problems.map((problem) => problem.kind)).toEqual(["untrusted", "untrusted"]);
    if (owner !== 0) return;
    // Only root can give a file away.
    source = createLinuxFiles({ folder, declarations: settings, owner });
    await chown(join(managed, "a.json"), 4242, 4242);
    await expectRefused("untrusted", "another user");
  });

  it("do not count in a folder that others can write, or below one", async () => {
    await put("a.json", '{"HistoryMode": "off"}');
    await chmod(managed, 0o777);
    await expectRefused("untrusted", "written by others");
    await chmod(managed, 0o1777);
    await expectRefused("untrusted", "written by others");
    await chmod(managed, 0o755);
    await chmod(folder, 0o775);
    const { snapshot, complete } = await source.read();
    expect([snapshot.mandatory.size, complete]).toEqual([0, false]);
  });

  it("do not count below a folder far above that everybody can write", async () => {
    await put("a.json", '{"HistoryMode": "off"}');
    await chmod(top, 0o777);
    const { snapshot, complete, problems } = await source.read();
    expect([snapshot.mandatory.size, complete]).toEqual([0, false]);
    expect(problems[0]?.detail).toContain(`${top} can be written by others`);
    // As /tmp is: others can write there, but not rename what is not theirs.
    await chmod(top, 0o1777);
    expect((await source.read()).snapshot.mandatory.size).toBe(1);
  });

  it("never count by way of a link that is swapped in while they are read", async () => {
    const path = await put("a.json", '{"HistoryMode": "off"}');
    const loose = join(top, "loose.json");
    await writeFile(loose, '{"HistoryMode": "encrypted"}', { mode: 0o644 });
    let running = true;
    const attacker = (async () => {
      while (running) {
        await symlink(loose, join(managed, "link"));
        await rename(join(managed, "link"), path);
        await writeFile(join(managed, "new"), '{"HistoryMode": "off"}', { mode: 0o644 });
        await rename(join(managed, "new"), path);
      }
    })();
    let refused = 0;
    for (let n = 0; n < 200; n++) {
      const { snapshot, complete } = await source.read();
      if (!complete) refused += 1;
      expect(["off", undefined]).toContain(snapshot.mandatory.get("HistoryMode")?.value);
    }
    running = false;
    await attacker;
    expect(refused).toBeGreaterThan(0);
  });

  it("do not count through a folder that is a symbolic link", async () => {
    await put("a.json", '{"HistoryMode": "off"}');
    await rename(managed, join(top, "elsewhere"));
    await symlink(join(top, "elsewhere"), managed);
    await expectRefused("untrusted", "not a real folder");
  });

  it("are not read when they are huge, not in UTF-8, a folder or a pipe", async () => {
    const path = await put("a.json", `{"HistoryMode": "off"${" ".repeat(1024 * 1024)}}`);
    await expectRefused("unreadable", "longer than");
    await put("a.json", new Uint8Array([0x7b, 0xff, 0x7d]));
    await expectRefused("unreadable", "UTF-8");
    await rm(path);
    await mkdir(path);
    await expectRefused("untrusted", "not a regular file");
    await rm(path, { recursive: true });
    execFileSync("mkfifo", ["-m", "644", path]);
    await expectRefused("untrusted", "not a regular file");
  });

  it("are never read as half of one and half of another while they are replaced", async () => {
    const texts = ["off", "memory", "encrypted"].map(
      (mode, n) => `{"HistoryMode": "${mode}", "OrganizationName": "${mode}${"x".repeat(n * 60)}"}`,
    );
    let running = true;
    const writer = (async () => {
      for (let n = 0; running; n++) {
        const beside = join(managed, "new");
        await writeFile(beside, texts[n % 3] ?? "", { mode: 0o644 });
        await rename(beside, join(managed, "a.json"));
      }
    })();
    let seen = 0;
    for (let n = 0; n < 60; n++) {
      const { snapshot, problems } = await source.read();
      for (const problem of problems) expect(problem.detail).toContain("keeps changing");
      const mode = snapshot.mandatory.get("HistoryMode")?.value;
      if (mode === undefined) continue;
      seen += 1;
      expect(String(snapshot.mandatory.get("OrganizationName")?.value).replace(/x+$/, "")).toBe(mode);
    }
    running = false;
    await writer;
    expect(seen).toBeGreaterThan(0);
  });

  it("are merged key by key, in a group too; what two files say differently of a group is a conflict", async () => {
    const common = { ...text(10), ...itDecides, ...planned, default: "", restricted: "", example: "" } as const;
    const declarations = {
      A: declare({ ...common, group: "g" }),
      B: declare({ ...common, group: "g" }),
      C: declare(common),
    };
    const reads = createLinuxFiles({ folder, declarations, owner });
    await put("1.json", '{"A": "1", "C": "1"}');
    await put("2.json", '{"A": "1", "B": "2", "C": "2"}');
    const { snapshot, problems } = await reads.read();
    expect([...snapshot.mandatory].map(([key, { value }]) => [key, value]).sort()).toEqual([
      ["A", "1"],
      ["B", "2"],
      ["C", "2"],
    ]);
    expect(problems).toEqual([]);
    await put("3.json", '{"B": "3"}');
    const conflicted = await reads.read();
    expect(conflicted).toMatchObject({
      complete: true,
      problems: [{ kind: "conflict", key: "B", source: join(managed, "3.json"), line: 1 }],
    });
    expect(conflicted.snapshot.mandatory.get("B")?.conflict).toBe(`${join(managed, "2.json")}:1`);
  });

  it("tell of a change, also in folders that were not there before", async () => {
    await rm(folder, { recursive: true });
    let told = 0;
    const stop = source.watch(() => {
      told += 1;
    });
    // The watch is set a moment after it is asked for, so a change is made again until it is seen.
    async function seen(change: (n: number) => Promise<unknown>): Promise<void> {
      const before = told;
      for (let n = 0; told === before; n++) {
        await change(n);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    }
    await seen(async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(managed, { recursive: true });
    });
    await seen((n) => put("a.json", `{"HistoryMode": "off"}${" ".repeat(n)}`));
    await seen(() => rm(managed, { recursive: true, force: true }).then(() => mkdir(managed, { recursive: true })));
    await seen((n) => put("a.json", `{"HistoryMode": "memory"}${" ".repeat(n)}`));
    stop();
  });

  it("tell nobody of a change once they are not watched any more, however soon that was", async () => {
    let late = 0;
    const tell = (): void => {
      late += 1;
    };
    const path = await put("a.json", "{}");
    // One is ended before its watch is set, one after it has told of something.
    source.watch(tell)();
    const stop = source.watch(tell);
    for (let n = 0; late === 0; n++) {
      await chmod(path, n % 2 === 0 ? 0o640 : 0o644);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    stop();
    const before = late;
    let told = 0;
    const stopOther = source.watch(() => {
      told += 1;
    });
    for (let n = 0; told < 3; n++) {
      await chmod(path, n % 2 === 0 ? 0o640 : 0o644);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    stopOther();
    expect(late).toBe(before);
  });

  it.runIf(process.platform === "linux")("tell of a change that comes while the watch is set anew", async () => {
    const path = await put("a.json", "{}");
    let [busy, changed] = [false, false];
    const told = Promise.withResolvers<void>();
    const stop = source.watch(() => {
      if (changed) return told.resolve();
      if (busy) return;
      busy = true;
      // The folders are looked at while the program is busy; the change comes after that, and is fetched after it.
      setImmediate(() => {
        const until = performance.now() + 200;
        while (performance.now() < until);
        chmodSync(path, 0o600);
        changed = true;
      });
    });
    for (let n = 0; !busy; n++) {
      await chmod(path, n % 2 === 0 ? 0o640 : 0o644);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await told.promise;
    stop();
  });
});
