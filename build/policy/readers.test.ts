import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveAll } from "../../main/settings/resolve.ts";
import { createLinuxFiles } from "../../main/settings/sources/linux-files.ts";
import { createMacosPreferences } from "../../main/settings/sources/macos-preferences.ts";
import { type RecordedTree, recordedRegistry } from "../../main/settings/sources/recorded-registry.test-helper.ts";
import type { PolicyReading, PolicySource } from "../../main/settings/sources/source.ts";
import { WindowsRegistry } from "../../main/settings/sources/windows-registry.ts";
import { settings } from "../../shared/settings/declaration.ts";
import { writeAdmx } from "./admx.ts";
import { policyKeys } from "./keys.ts";
import { notInSample, writeLinuxSample } from "./linux-sample.ts";
import { writeMobileconfig } from "./mobileconfig.ts";
import { type Plist, writePlist } from "./plist.ts";
import { child, descendants, parsePlist, parseXml, type XmlNode } from "./xml-tree.test-helper.ts";

const owner = process.getuid?.() ?? 0;
const examples = Object.fromEntries(policyKeys.map(({ key, declaration }) => [key, declaration.example]));

/**
 * The registry after an administrator has enabled every policy of the ADMX with its example, as Group Policy writes it.
 */
function registryOf(admx: XmlNode): RecordedTree {
  const tree: Record<string, RecordedTree[string]> = {};
  for (const policy of descendants(admx, "policy")) {
    const { name = "", key = "", valueName } = policy.attributes;
    const example = settings[name.replace(/_recommended$/, "") as keyof typeof settings].example as unknown;
    const [element] = child(policy, "elements")?.children ?? [];
    const dword = (value: number): readonly ["REG_DWORD", string] => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return ["REG_DWORD", bytes.toString("hex")];
    };
    const put = (path: string, value: string, content: RecordedTree[string][string]): void => {
      tree[`HKLM\\${path}`] = { ...tree[`HKLM\\${path}`], [value]: content };
    };
    if (valueName !== undefined) {
      const state = child(child(policy, example === true ? "enabledValue" : "disabledValue"), "decimal");
      put(key, valueName, dword(Number(state?.attributes["value"])));
    } else if (element?.name === "list") {
      const entries = (example as readonly string[]).map((entry, n) => [
        `${element.attributes["valuePrefix"]}${n + 1}`,
        ["REG_SZ", entry] as const,
      ]);
      tree[`HKLM\\${element.attributes["key"]}`] = Object.fromEntries(entries);
    } else if (element) {
      const value = element.attributes["valueName"] ?? "";
      if (element.name === "decimal") put(key, value, dword(Number(example)));
      else if (element.name === "multiText")
        put(key, value, ["REG_MULTI_SZ", JSON.stringify(example, undefined, 2).split("\n")]);
      else put(key, value, ["REG_SZ", String(example)]);
    }
  }
  return tree;
}

function values(level: PolicyReading["snapshot"]["mandatory"]): Record<string, unknown> {
  return Object.fromEntries([...level].map(([key, { value }]) => [key, value]));
}

/** Every example but `without` arrives in the mandatory level, and every one of them can be used. */
async function expectExamples(source: PolicySource, without?: string): Promise<PolicyReading> {
  const reading = await source.read();
  expect(reading.problems).toEqual([]);
  expect(values(reading.snapshot.mandatory)).toEqual(
    Object.fromEntries(Object.entries(examples).filter(([key]) => key !== without)),
  );
  const resolved = resolveAll(settings, reading.snapshot, new Map());
  for (const { key, declaration } of policyKeys) {
    expect(resolved.get(key)?.error, key).toBeUndefined();
    if (!declaration.tighten && key !== without) expect(resolved.get(key)?.value, key).toEqual(declaration.example);
  }
  return reading;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-templates-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("what the templates write, the readers read", () => {
  it("on Windows, at both levels, where the ADMX puts it", async () => {
    const registry = recordedRegistry(registryOf(parseXml(writeAdmx())));
    const { snapshot } = await expectExamples(
      new WindowsRegistry({ declarations: settings, open: async () => registry }),
    );
    const recommended = policyKeys
      .filter((key) => key.recommended)
      .map(({ key, declaration }) => [key, declaration.example]);
    expect(values(snapshot.recommended)).toEqual(Object.fromEntries(recommended));
  });

  it.skipIf(process.platform === "win32")("on macOS, from the payload of the profile", async () => {
    const profile = parsePlist(writeMobileconfig()) as { readonly PayloadContent: readonly [Record<string, Plist>] };
    const forced = Object.entries(profile.PayloadContent[0]).filter(([key]) => !key.startsWith("Payload"));
    const managed = join(folder, "Managed Preferences");
    await mkdir(managed, { mode: 0o755 });
    await writeFile(join(managed, "im.hallway.desktop.plist"), writePlist(Object.fromEntries(forced)), { mode: 0o644 });
    await expectExamples(createMacosPreferences({ declarations: settings, library: folder, user: "dana", owner }));
  });

  it.skipIf(process.platform === "win32")("on Linux, from the sample", async () => {
    await mkdir(join(folder, "managed"), { mode: 0o755 });
    await chmod(folder, 0o755);
    await writeFile(join(folder, "managed", "hallway.json"), writeLinuxSample(), { mode: 0o644 });
    await expectExamples(createLinuxFiles({ folder, declarations: settings, owner }), notInSample);
  });
});
