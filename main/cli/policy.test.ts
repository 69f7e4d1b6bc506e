import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { settingKeys, settings } from "../../shared/settings/declaration.ts";
import { createLinuxFiles } from "../settings/sources/linux-files.ts";
import { policyCommand } from "./policy.ts";
import { usePolicyFolder } from "./policy-folder.test-helper.ts";

const policies = usePolicyFolder();
const { run, put } = policies;

describe("hallway policy show", () => {
  it("says what is in force, where it stands and what it overrules, in both languages", async () => {
    const first = await put("managed/10-all.json", '{\n  "HistoryMode": "memory"\n}');
    const second = await put(
      "managed/20-bank.json",
      '{\n  "OrganizationName": "Example Bank",\n  "HistoryMode": "off"\n}',
    );
    await put("recommended/a.json", '{"HistoryMode": "encrypted"}');
    const { status, out, err } = await run(["show"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain(`HistoryMode = "off" (Not at all)\n    Mandatory policy: ${second}:3\n`);
    expect(out).toContain(`Overrides: "memory" - Mandatory policy: ${first}:2`);
    expect(out).toContain('Overrides: "encrypted" - Recommended policy');
    expect(out).toContain('OrganizationName = "Example Bank"');
    expect(out).not.toContain("ReceiptsEnabled");
    expect((await run(["show"], "fr")).out).toContain('HistoryMode = "off" (Pas du tout)');
    expect((await run(["show", "--all"])).out).toContain("ReceiptsEnabled = true (Yes)\n    Default value");
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
    for (const words of [
      "Keep chats",
      'Value: "off" (Not at all)',
      "Mandatory policy",
      `Set in: ${path}:1`,
      "cannot change it",
      "cannot be used",
    ])
      expect(out).toContain(words);
    const free = await run(["explain", "ReceiptsEnabled"]);
    expect([free.status, free.out.includes("Default value"), free.out.includes("can change it")]).toEqual([
      0,
      true,
      true,
    ]);
  });

  it("says of one setting what follows from it, and ends as show does", async () => {
    await put(
      "managed/a.json",
      '{"ArchiveRequired": true, "ProvisionedAccounts": [{"name": "a", "protocol": "xmpp", "address": "${email}"}]}',
    );
    const person = { user: "alice", email: undefined };
    const source = createLinuxFiles({
      folder: join(policies.path, "policies"),
      declarations: settings,
      owner: process.getuid?.() ?? 0,
    });
    const explain = (key: string) => policyCommand(["explain", key], { source, locale: "en", person });
    expect(await explain("ArchiveRequired")).toMatchObject({
      status: 1,
      out: expect.stringContaining("error: ArchiveRequired: ArchiveDestination is not set"),
    });
    expect(await explain("ProvisionedAccounts")).toMatchObject({ status: 1, out: expect.stringContaining("${email}") });
    expect((await explain("HistoryMode")).status).toBe(0);
  });

  it("knows the name that was meant", async () => {
    expect(await run(["explain", "historymode"])).toEqual({
      status: 2,
      out: "",
      err: "No setting is called historymode; did you mean HistoryMode?\n",
    });
    expect((await run(["explain", "constructor"])).err).toBe("No setting is called constructor\n");
  });
});

describe("hallway policy", () => {
  it("explains its use, and takes nothing that it does not know", async () => {
    expect(await run([])).toMatchObject({ status: 0, err: "" });
    for (const args of [
      ["nonsense"],
      ["show", "x"],
      ["show", "--folder=/tmp"],
      ["check"],
      ["explain"],
      ["explain", "A", "B"],
      ["explain", "--json", "A"],
    ]) {
      const { status, out, err } = await run(args);
      expect([status, out]).toEqual([2, ""]);
      expect(err).toContain("hallway policy show");
    }
  });

  it("has no flag, variable or home folder that leads it to another policy, opens nothing and writes nothing", async () => {
    const home = join(policies.path, "etc");
    for (const place of [
      "hallway/policies/managed",
      ".config/hallway/policies/managed",
      "etc/hallway/policies/managed",
      "policies/managed",
    ]) {
      await mkdir(join(home, place), { recursive: true, mode: 0o755 });
      await writeFile(join(home, place, "a.json"), '{"HistoryMode": "memory", "OrganizationName": "Mallory"}', {
        mode: 0o644,
      });
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
    const start = (args: readonly string[]) =>
      promisify(execFile)(process.execPath, [main, "policy", ...args], { env, cwd: home });
    const { stdout } = await start(["show", "--json"]);
    expect(stdout).not.toContain("Mallory");
    expect(stdout).not.toContain(home);
    expect((await start(["show"])).stdout).toContain("profil chiffré");
    for (const flag of ["--policy-folder=policies", `--policies=${home}`, "--no-policy"])
      await expect(start(["show", flag])).rejects.toMatchObject({ code: 2 });
    expect((await readdir(home)).sort()).toEqual([".config", "etc", "hallway", "policies"]);
  });
});
