import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingKeys, settings } from "../../shared/settings/declaration.ts";
import { usePolicyFolder } from "./policy-folder.test-helper.ts";

const policies = usePolicyFolder();
const { run, put } = policies;

describe("hallway policy check", () => {
  it("names file and line, what each key would do, and what is wrong", async () => {
    const path = join(policies.path, "new.json");
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
    const first = join(policies.path, "1.json");
    const second = join(policies.path, "2.json");
    await writeFile(first, '{"HistoryMode": "off"}');
    await writeFile(second, '{"HistoryMode": "memory"}');
    const { status, out } = await run(["check", first, second]);
    expect(status).toBe(0);
    expect(out).toContain(`${first}:1: warning: HistoryMode`);
    expect(out).toContain(`A later file makes it less strict: ${second}:1.`);
    expect((await run(["check", second, first])).out).toContain(
      `note: HistoryMode: Keep chats: "memory" (Until you quit Hallway). The person cannot change it. This value does not apply: a later file sets another (${first}:1).`,
    );
    const recommended = await put("recommended/x.json", '{"HistoryMode": "off", "OrganizationName": "x"}');
    expect(await run(["check", recommended])).toMatchObject({ status: 1, err: "1 error\n" });
    expect((await run(["check", "--recommended", first])).out).toContain("unless the person chooses otherwise");
    const plist = join(policies.path, "a.plist");
    await writeFile(plist, "<plist><dict><key>HistoryMode</key><string>off</string></dict></plist>");
    expect((await run(["check", plist])).out).toBe(
      `${plist}: ok: HistoryMode: Keep chats: "off" (Not at all). The person cannot change it.\n`,
    );
  });

  it("finds an entry that is wrong inside a value, and says what this version does not obey", async () => {
    const path = join(policies.path, "a.json");
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
    const path = join(policies.path, "bad.json");
    await writeFile(path, content);
    const { status, out } = await run(["check", path]);
    expect(status).toBe(1);
    expect(out).toContain(`${path}:1: error: This file has no effect: `);
    expect(out).toContain(words);
  });

  it("says of an expression that no engine in linear time can run where it stands, and that its rule stops everything", async () => {
    const path = join(policies.path, "content.json");
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
    const huge = join(policies.path, "huge.json");
    await writeFile(huge, " ".repeat(1024 * 1024 + 1));
    const fine = await put("managed/a.json", "{}");
    for (const path of [join(policies.path, "nowhere.json"), policies.path, huge]) {
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
