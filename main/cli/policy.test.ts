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

/** Of an authority below "Example root", in base64 DER. */
const issuedCertificate =
  "MIIBKjCB0AIUOJNhmW8t80N3zlorTdCeTpA4zjQwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMRXhhbXBsZSByb290MCAXDTI2MTEyOTIwMTIxNloYDzIxMjUwNjIzMjAxMjE2WjAWMRQwEgYDVQQDDAtFeGFtcGxlIHN1YjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABD8a2taP4C76zdbDwKx/AY/hOyNLW0AVtmn8M0PFpAdgNUSzZjWdpkcIfgi9YSskpXJBez14BRPuc0drNkiXuoowCgYIKoZIzj0EAwIDSQAwRgIhAO+Id/u37d4eLn2/Nb6BjoVOba2ToXRAb1s0SM9bv4cmAiEAmnHIwXhp6+iPMpZXXo/gKgsdRF/TlT7RQQIwOh9KuMo=";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-cli-"));
  for (const level of ["managed", "recommended"])
    await mkdir(join(folder, "policies", level), { recursive: true, mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[], locale = "en"): Promise<CommandResult> {
  const source = createLinuxFiles({
    folder: join(folder, "policies"),
    declarations: settings,
    owner: process.getuid?.() ?? 0,
  });
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
      folder: join(folder, "policies"),
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

describe("hallway policy check", () => {
  it("names file and line, what each key would do, and what is wrong", async () => {
    const path = join(folder, "new.json");
    await writeFile(
      path,
      '{\n  "HistoryMode": "off",\n  "HistoryMod": "off",\n  "Theme": "dark",\n  "ReceiptsEnabled": "no",\n  "ReceiptsEnabledd": 1\n}',
    );
    const { status, out, err } = await run(["check", path]);
    expect([status, err]).toEqual([1, "4 errors\n"]);
    expect(out.trimEnd().split("\n")).toEqual([
      `${path}:2: ok: HistoryMode: Keep chats: "off" (Not at all). The person cannot change it.`,
      `${path}:3: error: HistoryMod: No setting has this name; did you mean HistoryMode?`,
      `${path}:4: error: Theme: No policy can set this; it is the person’s own choice.`,
      `${path}:5: error: ReceiptsEnabled: This value cannot be used (ReceiptsEnabled); false (No) would be in force instead. Valid: true or false.`,
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
    expect(out).toContain(`${first}:1: warning: HistoryMode`);
    expect(out).toContain(`A later file makes it less strict: ${second}:1.`);
    expect((await run(["check", second, first])).out).toContain(
      `note: HistoryMode: Keep chats: "memory" (Until you quit Hallway). The person cannot change it. A later file replaces it: ${first}:1.`,
    );
    const recommended = await put("recommended/x.json", '{"HistoryMode": "off", "OrganizationName": "x"}');
    expect(await run(["check", recommended])).toMatchObject({ status: 1, err: "1 error\n" });
    expect((await run(["check", "--recommended", first])).out).toContain("unless the person chooses otherwise");
    const plist = join(folder, "a.plist");
    await writeFile(plist, "<plist><dict><key>HistoryMode</key><string>off</string></dict></plist>");
    expect((await run(["check", plist])).out).toBe(
      `${plist}: ok: HistoryMode: Keep chats: "off" (Not at all). The person cannot change it.\n`,
    );
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
    expect(out).toContain(`${path}:1: error: This file has no effect: `);
    expect(out).toContain(words);
  });

  it("says of an expression that no engine in linear time can run where it stands, and that its rule stops everything", async () => {
    const path = join(folder, "content.json");
    const good = { name: "Tickets", pattern: "INC-[0-9]+", action: "audit" };
    await writeFile(
      path,
      JSON.stringify({ ContentRules: [good, { name: "Look-ahead", pattern: "(?=a)", action: "warn" }] }),
    );
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
    const fine = await put("managed/a.json", "{}");
    for (const path of [join(folder, "nowhere.json"), folder, huge]) {
      for (const args of [
        ["check", path],
        ["check", fine, path],
      ])
        expect(await run(args)).toMatchObject({ status: 2, err: "1 error\n" });
      expect((await run(["check", "--json", path])).status).toBe(2);
    }
  });
});

describe("several files that do not fit together", () => {
  const base = '{\n  "FederationMode": "list",\n  "BlockedDomains": ["bad.example"]\n}';

  it("add up key by key, and are listed as one policy", async () => {
    const first = await put("managed/10-base.json", base);
    const second = await put("managed/20-site.json", '{"AllowedDomains": ["partner.example"]}');
    expect(await run(["check", first, second])).toMatchObject({ status: 0, err: "" });
    const { status, out } = await run(["show"]);
    expect(status).toBe(0);
    for (const line of [
      'FederationMode = "list"',
      'BlockedDomains = ["bad.example"]',
      'AllowedDomains = ["partner.example"]',
    ])
      expect(out).toContain(line);
  });

  it("are an error of check and of show, with both places and the restricted values", async () => {
    const first = await put("managed/10-base.json", base);
    const second = await put("managed/20-site.json", '{"FederationMode": "open"}');
    const checked = await run(["check", first, second]);
    expect(checked).toMatchObject({ status: 1, err: "2 errors\n" });
    expect(checked.out).toContain(
      `${first}:2: error: FederationMode: ${second}:1 sets another value. Valid: one place, or the same value in both.`,
    );
    expect(checked.out).toContain(`${second}:1: error: FederationMode: ${first}:2 sets another value.`);
    const { status, out } = await run(["show"]);
    expect(status).toBe(1);
    for (const line of [
      'FederationMode = "none"',
      'BlockedDomains = ["*"]',
      "AllowedDomains = []",
      `Two places set different values for FederationMode (${second} and ${first}:2)`,
    ])
      expect(out).toContain(line);
    const { settings: entries, problems } = JSON.parse((await run(["show", "--json"])).out) as {
      settings: { key: string; error?: object }[];
      problems: object[];
    };
    expect(problems).toMatchObject([{ kind: "conflict", key: "FederationMode", source: second, line: 1 }]);
    expect(entries.find(({ key }) => key === "BlockedDomains")).toMatchObject({
      error: { params: { path: "FederationMode" } },
    });
  });
});

describe("what a policy says and does not do", () => {
  const old = "2000-01-01";
  it.each<readonly [string, object, string]>([
    ["no way to sign in", { AuthMethods: ["EXTERNAL"] }, "Valid: at least one of SCRAM-SHA-"],
    [
      "a provisioned account without a way",
      {
        AuthMethods: ["DIGEST-SHA-256"],
        ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "a@b.example" }],
      },
      "for xmpp",
    ],
    ["no protocol", { AllowedProtocols: [] }, "such as xmpp, simple"],
    ["no server", { AllowedServers: [] }, "no account can connect"],
    ["no domain", { AllowedAccountDomains: [] }, "no account can connect"],
    ["an archive that is required and nowhere", { ArchiveRequired: true }, "ArchiveDestination is not set"],
    ["an archive that is nowhere", { ArchiveScope: "all" }, "ArchiveDestination is not set"],
    ["an archive of nothing", { ArchiveDestination: { type: "folder", path: "/a" } }, "ArchiveScope covers no chats"],
    [
      "days of keeping where nothing is kept",
      { HistoryMode: "off", HistoryMinimumDays: 30 },
      "does not keep what HistoryMinimumDays requires",
    ],
    ["days of keeping in memory", { HistoryMode: "memory", HistoryMinimumDays: 30 }, "Valid: encrypted"],
    [
      "a hold where nothing is kept",
      { HistoryMode: "off", LegalHoldSubjects: [{ type: "everything", matter: "m" }] },
      "LegalHoldSubjects requires",
    ],
    [
      "a minimum over the retention",
      { HistoryRetentionDays: 30, HistoryMinimumDays: 90 },
      "HistoryMinimumDays keeps messages for 90",
    ],
    [
      "a minimum over the retention outside",
      { HistoryRetentionExternalDays: 30, HistoryMinimumDays: 90 },
      "HistoryRetentionExternalDays",
    ],
    [
      "an account of another domain",
      {
        AllowedAccountDomains: ["a.example"],
        ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "${user}@b.example" }],
      },
      "a domain among: a.example",
    ],
    [
      "an account of another protocol",
      {
        AllowedProtocols: ["simple"],
        ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "${user}@b.example" }],
      },
      "AllowedProtocols does not allow xmpp",
    ],
    [
      "an account on another server",
      {
        AllowedServers: ["a.example"],
        ProvisionedAccounts: [
          { name: "a", protocol: "xmpp", address: "${user}@b.example", server: { host: "b.example" } },
        ],
      },
      "AllowedServers does not allow b.example",
    ],
    [
      "an account with an unknown gap",
      { ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "%USERNAME%@b.example" }] },
      "%USERNAME% is not known, so this account cannot be created. Valid: ${user}, ${email}",
    ],
    [
      "an account that is set up twice",
      { ProvisionedAccounts: ["a", "b"].map((name) => ({ name, protocol: "xmpp", address: "${user}@b.example" })) },
      "another entry sets up ${user}@b.example too",
    ],
    [
      "an audit log that is sent and not written",
      { AuditHashChainEnabled: false, AuditSyslogServer: { host: "a.example" } },
      "No audit log is written",
    ],
    ["an audit log of nothing", { AuditEvents: [], AuditSyslogServer: { host: "a.example" } }, "at least one event"],
    ["encryption that is not there", { E2eeMode: "required" }, "nothing at all is sent"],
    [
      "a domain in both lists",
      { AllowedDomains: ["x.bad.example"], BlockedDomains: ["*.bad.example"] },
      "BlockedDomains blocks x.bad.example",
    ],
    [
      "a proxy for nobody",
      { ProxySettings: { mode: "fixed", url: "http://p.example:1", bypass: ["*"] } },
      "Every host bypasses the proxy",
    ],
    ["a lock on no setting", { LockedPreferences: ["HistoryMod"] }, "did you mean HistoryMode?"],
    ["no scanner", { FileScannerRequired: true }, "FileScanner is not set"],
    [
      "an expression that is found everywhere",
      { ContentRules: [{ name: "x", pattern: "a*", action: "block" }] },
      "matches every message",
    ],
    [
      "an expression that nothing can run",
      { ContentRules: [{ name: "x", pattern: "(?=a)", action: "block" }] },
      "Valid: an RE2 expression",
    ],
    [
      "a word of nothing",
      { ContentRules: [{ name: "x", keywords: ["Kestrel", " \u200b "], action: "block" }] },
      "ContentRules[0].keywords[1]",
    ],
    [
      "a hold that ends before it begins",
      { LegalHoldSubjects: [{ type: "everything", matter: "m", from: "2026-06-30", to: old }] },
      '"type":"everything"',
    ],
    [
      "a day that is in no calendar",
      { LegalHoldSubjects: [{ type: "everything", matter: "m", from: "2026-02-30" }] },
      "a date such as",
    ],
    ["a domain with a scheme", { AllowedDomains: ["https://a.example"] }, "without a scheme, port, path or final dot"],
    ["a domain with a port", { AllowedServers: ["a.example:5222"] }, "without a scheme, port, path or final dot"],
    ["a domain with a dot at its end", { BlockedDomains: ["a.example."] }, "without a scheme, port, path or final dot"],
    ["a number that is out of range", { HistoryMinimumDays: 40_000 }, "a whole number from 0 to 36500"],
    ["a word that is not there", { HistoryMode: "sometimes" }, '"encrypted", "memory", "off"'],
    ["a certificate that is none", { AdditionalTrustAnchors: ["MAMCAQE="] }, "Valid: certificates in PEM"],
  ])("is an error of check and of show: %s", async (_, policy, words) => {
    const path = await put("managed/a.json", JSON.stringify(policy));
    const checked = await run(["check", path]);
    expect(checked.status, checked.out).toBe(1);
    expect(checked.out).toContain(words);
    expect(checked.out.split("\n").filter((line) => line.includes(" error: "))).not.toEqual([]);
    // Every error says what would be valid.
    for (const line of checked.out.split("\n").filter((one) => one.includes(" error: ")))
      expect(line).toContain("Valid: ");
    expect((await run(["show"])).status).toBe(1);
    expect((await run(["check", path], "fr")).out).toMatch(/Valable\s:/);
  });

  it.each<readonly [string, object, string]>([
    ["nobody can have an account", { AccountManagementEnabled: false }, "ProvisionedAccounts sets up none"],
    [
      "a way that is not there among others",
      { AuthMethods: ["EXTERNAL", "PLAIN", "DIGEST-MD5"] },
      "This version does not support EXTERNAL",
    ],
    ["a list of nobody", { FederationMode: "list" }, "AllowedDomains is empty"],
    ["a list of everyone", { FederationMode: "list", AllowedDomains: ["a.example", "*"] }, "the same as open"],
    ["domains that are allowed where all are", { AllowedDomains: ["a.example"] }, "set FederationMode to list"],
    [
      "an authority that another one vouches for",
      { AdditionalTrustAnchors: [issuedCertificate] },
      "CN=Example root issued this certificate",
    ],
    [
      "a pin that is never used",
      { AllowedServers: ["a.example"], CertificatePins: [{ host: "b.example", keys: [`${"A".repeat(43)}=`] }] },
      "never used",
    ],
    ["days of keeping that the person may avoid", { HistoryMinimumDays: 30 }, "set HistoryMode to encrypted"],
    [
      "an anchor in the middle",
      { ContentRules: [{ name: "x", pattern: "a$b", action: "block" }] },
      "an anchor in the middle",
    ],
  ])("may be meant, so that it is a warning: %s", async (_, policy, words) => {
    const path = await put("managed/a.json", JSON.stringify(policy));
    const { status, out } = await run(["check", path]);
    expect([status, out]).toEqual([0, expect.stringContaining(words)]);
    expect(out).toContain(" warning: ");
    const shown = await run(["show"]);
    expect([shown.status, shown.out]).toEqual([0, expect.stringContaining(words)]);
  });

  it("is nothing in the sample that comes with Hallway", async () => {
    const path = fileURLToPath(new URL("../../build/policy/linux/hallway.json", import.meta.url));
    const { status, out } = await run(["check", path]);
    expect(out).not.toContain(" warning: ");
    expect(status, out).toBe(0);
  });

  it("is told of accounts that cannot be made for this person", async () => {
    await put("managed/a.json", '{"ProvisionedAccounts": [{"name": "a", "protocol": "xmpp", "address": "${email}"}]}');
    const source = createLinuxFiles({
      folder: join(folder, "policies"),
      declarations: settings,
      owner: process.getuid?.() ?? 0,
    });
    const show = (args: readonly string[], email?: string) =>
      policyCommand(["show", ...args], { source, locale: "en", person: { user: "alice", email } });
    expect(await show([])).toMatchObject({
      status: 1,
      out: expect.stringContaining("the value of ${email} is not known"),
    });
    expect(JSON.parse((await show(["--json"])).out)).toMatchObject({
      incompleteAccounts: [{ name: "a", gap: "${email}" }],
    });
    expect(await show([], "alice@example.com")).toMatchObject({ status: 0 });
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
    const home = join(folder, "etc");
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
