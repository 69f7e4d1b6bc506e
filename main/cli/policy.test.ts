import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingKeys, settings } from "../../shared/settings/declaration.ts";
import { createLinuxFiles } from "../settings/sources/linux-files.ts";
import type { CommandResult } from "./command.ts";
import { policyCommand } from "./policy.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
  for (const level of ["managed", "recommended"]) await mkdir(join(folder, "policies", level), { recursive: true, mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], locale = "en"): Promise<CommandResult> {
  const source = createLinuxFiles({ folder: join(folder, "policies"), declarations: settings, owner: process.getuid?.() ?? 0 });
  return policyCommand(args, { source, locale });
}

async function put(name: string, content: string): Promise<string> {
  const path = join(folder, "policies", name);
  await writeFile(path, content, { mode: 0o644 });
  return path;
}

describe("hallway policy show", () => {
  it("says what is in force, where it stands and what it overrules, in both languages", async () => {
    const first = await put("managed/10-all.json", '{\n  "HistoryMode": "memory"\n}');
    const second = await put("managed/20-bank.json", '{\n  "OrganizationName": "Example Bank",\n  "HistoryMode": "off"\n}');
    await put("recommended/a.json", '{"HistoryMode": "encrypted"}');
    const { status, out, err } = await run(["show"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain(`HistoryMode = "off" (Not at all)\n    Mandatory policy: ${second}:3\n`);
    expect(out).toContain(`Overrules: "memory" - Mandatory policy: ${first}:2`);
    expect(out).toContain('Overrules: "encrypted" - Recommended policy');
    expect(out).toContain('OrganizationName = "Example Bank"');
    expect(out).not.toContain("ReceiptsEnabled");
    expect((await run(["show"], "fr")).out).toContain('HistoryMode = "off" (Pas du tout)');
    expect((await run(["show", "--all"])).out).toContain("ReceiptsEnabled = true (Yes)\n    Standard value");
  });

  it("gives all of it to other programs as JSON, with what is wrong", async () => {
    const path = await put("managed/a.json", '{"HistoryMode": "sometimes", "HistoryMod": 1}');
    const { status, out } = await run(["show", "--json"]);
    const report = JSON.parse(out) as { complete: boolean; settings: { key: string }[]; problems: object[] };
    expect([status, report.complete]).toEqual([1, true]);
    expect(report.settings.map(({ key }) => key)).toEqual(settingKeys);
    expect(report.settings.find(({ key }) => key === "HistoryMode")).toMatchObject({
      value: "off",
      origin: "policy",
      source: path,
      line: 1,
      status: "enforced",
      error: { code: "policy-invalid" },
    });
    expect(report.problems).toMatchObject([{ kind: "unknown-key", key: "HistoryMod", source: path, line: 1 }]);
    await put("managed/b.json", "{");
    const broken = await run(["show"]);
    expect(broken.status).toBe(1);
    expect(broken.out).toContain("b.json:1: It is damaged");
  });

  it("shows no secret, and nothing that would move a terminal's cursor", async () => {
    await put("managed/a.json", '{"OrganizationName": "\\u001b[31mBank https://u:hidden@h/ \\u009b2J"}');
    for (const args of [["show"], ["show", "--json"], ["explain", "OrganizationName"]]) {
      const { out } = await run(args);
      expect(out).toContain("Bank");
      expect(out).not.toContain("hidden");
      expect(out).not.toMatch(/[\u001b\u009b]/);
    }
  });
});

describe("hallway policy explain", () => {
  it("says everything about one setting", async () => {
    const path = await put("managed/a.json", '{"HistoryMode": 7}');
    const { status, out } = await run(["explain", "HistoryMode"]);
    expect(status).toBe(1);
    for (const words of ["Keep conversations", 'Value: "off" (Not at all)', "Mandatory policy", `Stands in: ${path}:1`, "cannot change it", "cannot be used"])
      expect(out).toContain(words);
    const free = await run(["explain", "ReceiptsEnabled"]);
    expect([free.status, free.out.includes("Standard value"), free.out.includes("can change it")]).toEqual([0, true, true]);
  });

  it("knows the name that was meant", async () => {
    expect(await run(["explain", "historymode"])).toEqual({ status: 2, out: "", err: "No setting is called historymode; did you mean HistoryMode?\n" });
    expect((await run(["explain", "constructor"])).err).toBe("No setting is called constructor\n");
  });
});

describe("hallway policy check", () => {
  it("names file and line, what each key would do, and what is wrong", async () => {
    const path = join(folder, "new.json");
    await writeFile(path, '{\n  "HistoryMode": "off",\n  "HistoryMod": "off",\n  "Theme": "dark",\n  "ReceiptsEnabled": "no",\n  "ReceiptsEnabledd": 1\n}');
    const { status, out, err } = await run(["check", path]);
    expect([status, err]).toEqual([1, "4 errors\n"]);
    expect(out.trimEnd().split("\n")).toEqual([
      `${path}:2: ok: HistoryMode: Keep conversations: "off" (Not at all). The person cannot change it.`,
      `${path}:3: error: HistoryMod: No setting has this name; did you mean HistoryMode?`,
      `${path}:4: error: Theme: No policy can set this; it is the person’s own.`,
      `${path}:5: error: ReceiptsEnabled: This value cannot be used (ReceiptsEnabled); false (No) would be in force instead.`,
      `${path}:6: error: ReceiptsEnabledd: No setting has this name; did you mean ReceiptsEnabled?`,
    ]);
  });

  it("takes several files in their order, a folder's name or an option for recommendations, and property lists", async () => {
    const first = join(folder, "1.json");
    const second = join(folder, "2.json");
    await writeFile(first, '{"HistoryMode": "off"}');
    await writeFile(second, '{"HistoryMode": "memory"}');
    const { status, out } = await run(["check", first, second]);
    expect(status).toBe(0);
    expect(out).toContain(`${first}:1: note: HistoryMode`);
    expect(out).toContain(`A later file replaces it: ${second}:1.`);
    const recommended = await put("recommended/x.json", '{"HistoryMode": "off", "OrganizationName": "x"}');
    expect(await run(["check", recommended])).toMatchObject({ status: 1, err: "1 error\n" });
    expect((await run(["check", "--recommended", first])).out).toContain("unless the person chooses otherwise");
    const plist = join(folder, "a.plist");
    await writeFile(plist, "<plist><dict><key>HistoryMode</key><string>off</string></dict></plist>");
    expect((await run(["check", plist])).out).toBe(`${plist}: ok: HistoryMode: Keep conversations: "off" (Not at all). The person cannot change it.\n`);
  });

  it("finds an entry that is wrong inside a value, and says what this version does not obey", async () => {
    const path = join(folder, "a.json");
    await writeFile(path, '{"AllowedDomains": ["example.com", 7]}');
    expect((await run(["check", path])).out).toContain("(AllowedDomains[1])");
    const planned = settingKeys.find((key) => settings[key].status === "not-in-this-version");
    if (planned === undefined) return;
    await writeFile(path, JSON.stringify({ [planned]: settings[planned].example }));
    expect((await run(["check", path])).out).toContain(`note: ${planned}`);
  });

  it.each([
    ["", "the file is empty"],
    ['{"HistoryMode": "off"', "the text ends"],
    ["[]", "one object"],
  ])("says of a file that holds %j what is wrong and where", async (content, words) => {
    const path = join(folder, "bad.json");
    await writeFile(path, content);
    const { status, out } = await run(["check", path]);
    expect(status).toBe(1);
    expect(out).toContain(`${path}:1: error: This file counts for nothing: `);
    expect(out).toContain(words);
  });

  it("says of an expression that no engine in linear time can run where it stands, and that its rule stops everything", async () => {
    const path = join(folder, "content.json");
    const good = { name: "Tickets", pattern: "INC-[0-9]+", action: "audit" };
    await writeFile(path, JSON.stringify({ ContentRules: [good, { name: "Look-ahead", pattern: "(?=a)", action: "warn" }] }));
    const { status, out } = await run(["check", path]);
    expect(status).toBe(1);
    expect(out).toContain("ContentRules[1].pattern");
    expect(out).toContain("everything");
    await writeFile(path, JSON.stringify({ ContentRules: [good] }));
    expect(await run(["check", path])).toMatchObject({ status: 0 });
  });

  it("says of a file that is not there, a folder or one that is huge that it cannot be read", async () => {
    const huge = join(folder, "huge.json");
    await writeFile(huge, " ".repeat(1024 * 1024 + 1));
    for (const path of [join(folder, "nowhere.json"), folder, huge]) {
      expect(await run(["check", path])).toMatchObject({ status: 1, err: "1 error\n" });
    }
  });
});

describe("hallway policy", () => {
  it("explains its use, and takes nothing that it does not know", async () => {
    expect(await run([])).toMatchObject({ status: 0, err: "" });
    for (const args of [["nonsense"], ["show", "x"], ["show", "--folder=/tmp"], ["check"], ["explain"], ["explain", "A", "B"], ["explain", "--json", "A"]]) {
      const { status, out, err } = await run(args);
      expect([status, out]).toEqual([2, ""]);
      expect(err).toContain("hallway policy show");
    }
  });

  it("has no flag, variable or home folder that leads it to another policy, opens nothing and writes nothing", async () => {
    const home = join(folder, "etc");
    for (const place of ["hallway/policies/managed", ".config/hallway/policies/managed", "etc/hallway/policies/managed", "policies/managed"]) {
      await mkdir(join(home, place), { recursive: true, mode: 0o755 });
      await writeFile(join(home, place, "a.json"), '{"HistoryMode": "memory", "OrganizationName": "Mallory"}', { mode: 0o644 });
    }
    const main = fileURLToPath(new URL("../main.ts", import.meta.url));
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      USER: "mallory",
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_CONFIG_DIRS: home,
      XDG_DATA_HOME: join(home, "data"),
      HALLWAY_POLICY: join(home, "policies"),
      HALLWAY_POLICIES: join(home, "policies"),
      POLICY_FOLDER: join(home, "policies"),
      LANG: "fr_CA.UTF-8",
    };
    const start = (args: readonly string[]) => promisify(execFile)(process.execPath, [main, "policy", ...args], { env, cwd: home });
    const { stdout } = await start(["show", "--json"]);
    expect(stdout).not.toContain("Mallory");
    expect(stdout).not.toContain(home);
    expect((await start(["show"])).stdout).toContain("profil chiffré");
    for (const flag of ["--policy-folder=policies", `--policies=${home}`, "--no-policy"])
      await expect(start(["show", flag])).rejects.toMatchObject({ code: 2 });
    expect((await readdir(home)).sort()).toEqual([".config", "etc", "hallway", "policies"]);
  });
});
