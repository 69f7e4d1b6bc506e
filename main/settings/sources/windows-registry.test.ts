import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { settings } from "../../../shared/settings/declaration.ts";
import { resolveAll } from "../resolve.ts";
import { everyKind } from "./every-kind.test-helper.ts";
import { type RecordedTree, recordedRegistry } from "./recorded-registry.test-helper.ts";
import type { RegistryReader } from "./registry.ts";
import type { PolicyReading } from "./source.ts";
import { WindowsRegistry } from "./windows-registry.ts";

const hallway = "HKLM\\Software\\Policies\\Hallway";

function read(reader: RegistryReader): Promise<PolicyReading> {
  return new WindowsRegistry({ declarations: everyKind, open: async () => reader }).read();
}

function values(level: PolicyReading["snapshot"]["mandatory"]): Record<string, unknown> {
  return Object.fromEntries([...level].map(([key, { value }]) => [key, value]));
}

describe("the registry", () => {
  it("is read with its types, the machine over the user, lists replaced; two hives that contradict each other in a group are told", async () => {
    const tree: RecordedTree = JSON.parse(
      await readFile(new URL("./fixtures/registry-bank.json", import.meta.url), "utf8"),
    );
    const { snapshot, complete, problems } = await read(recordedRegistry(tree));
    expect(complete).toBe(true);
    expect(values(snapshot.mandatory)).toEqual({
      Flag: true,
      Mode: "warn",
      Days: 0x7fffffff,
      Name: "Banque d’Exemple 銀行",
      Rules: [
        { pattern: "[0-9]{16}", action: "block" },
        { pattern: "secret", action: "warn" },
      ],
      Domains: ["one.example", "seven.example", "ten.example"],
      GroupA: "machine",
      GroupB: "user",
    });
    expect(values(snapshot.recommended)).toEqual({ Days: 30, Flag: true, Domains: ["recommended.example"] });
    expect(snapshot.mandatory.get("Mode")?.source).toBe(`${hallway}\\mode`);
    expect(snapshot.recommended.get("Flag")?.source).toBe("HKCU\\Software\\Policies\\Hallway\\Recommended\\Flag");
    expect(problems.map(({ kind, key }) => [kind, key])).toEqual([
      ["not-allowed-here", "Own"],
      ["unknown-key", "Unheard"],
      ["conflict", "GroupA"],
      ["not-allowed-here", "Name"],
    ]);
  });

  it("need not hold anything", async () => {
    expect(await read(recordedRegistry({}))).toEqual({
      snapshot: { mandatory: new Map(), recommended: new Map() },
      complete: true,
      problems: [],
    });
  });

  it.each<[string, RecordedTree, string, string]>([
    ["text for a boolean", { [hallway]: { Flag: ["REG_SZ", "1"] } }, "Flag", "REG_DWORD"],
    ["a boolean of 2", { [hallway]: { Flag: ["REG_DWORD", "02000000"] } }, "Flag", "0 or 1"],
    ["a DWORD of three bytes", { [hallway]: { Flag: ["REG_DWORD", "010000"] } }, "Flag", "REG_DWORD"],
    ["a QWORD", { [hallway]: { Days: ["REG_QWORD", "0100000000000000"] } }, "Days", "REG_DWORD"],
    ["binary for text", { [hallway]: { Mode: ["REG_BINARY", "6f00"] } }, "Mode", "REG_SZ"],
    ["text that the environment would fill", { [hallway]: { Mode: ["REG_EXPAND_SZ", "%MODE%"] } }, "Mode", "REG_SZ"],
    ["a list as a value", { [hallway]: { Domains: ["REG_MULTI_SZ", ["a.example"]] } }, "Domains", "sub-key"],
    [
      "a list as a value beside its sub-key",
      { [hallway]: { Domains: ["REG_SZ", ""] }, [`${hallway}\\Domains`]: { "1": ["REG_SZ", "a"] } },
      "Domains",
      "sub-key",
    ],
    [
      "a list with a name that is no number",
      { [`${hallway}\\Domains`]: { "1": ["REG_SZ", "a"], "01x": ["REG_SZ", "b"] } },
      "Domains",
      "1, 2, 3",
    ],
    [
      "a list with a number in it",
      { [`${hallway}\\Domains`]: { "1": ["REG_DWORD", "01000000"] } },
      "Domains",
      "REG_SZ",
    ],
    ["a sub-key for a boolean", { [`${hallway}\\Flag`]: { "1": ["REG_SZ", "a"] } }, "Flag", "no list"],
    ["JSON that is cut off", { [hallway]: { Rules: ["REG_SZ", '[{"pattern": '] } }, "Rules", "Line 1"],
    [
      "JSON with a name twice",
      { [hallway]: { Rules: ["REG_MULTI_SZ", ["[{", '"pattern": "a", "pattern": "b"', "}]"]] } },
      "Rules",
      "Line 2",
    ],
    ["huge text", { [hallway]: { Mode: ["REG_SZ", "x".repeat(600_000)] } }, "Mode", "longer than"],
  ])("restricts a setting that is %s", async (_, tree, key, words) => {
    const { snapshot, complete, problems } = await read(recordedRegistry(tree));
    // The others are not held up by it.
    expect(complete).toBe(true);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: "invalid-value", key });
    expect(problems[0]?.detail).toContain(words);
    const resolved = resolveAll(everyKind, snapshot, new Map<string, unknown>([[key, "the person's"]])).get(key);
    expect(resolved).toMatchObject({
      value: everyKind[key as keyof typeof everyKind].restricted,
      origin: "policy",
      locked: true,
    });
    expect(resolved?.error?.code).toBe("policy-invalid");
  });

  it("restricts a setting whose text is cut off in a character, or is none", async () => {
    for (const data of [
      [0x6f, 0, 0x70],
      [0x00, 0xd8, 0x41, 0x00],
    ]) {
      const values = new Map([["Mode", { type: 1, data: new Uint8Array(data) }]]);
      const { problems } = await read({ readKey: (hive) => (hive === "HKLM" ? { values, subKeys: [] } : undefined) });
      expect(problems).toMatchObject([{ kind: "invalid-value", key: "Mode" }, ...problems.slice(1)]);
    }
  });

  it("counts names in any case as the same, as the registry does", async () => {
    const { snapshot } = await read(
      recordedRegistry({ "HKLM\\software\\POLICIES\\hallway": { FLAG: ["REG_DWORD", "01000000"] } }),
    );
    expect(values(snapshot.mandatory)).toEqual({ Flag: true });
  });

  it("puts the restricted value of every setting in force where a value has another form, of those too that may be nothing", async () => {
    const root = "HKLM\\Software\\Policies\\Hallway";
    const governed = Object.entries(settings).filter(([, { policy }]) => policy !== "none");
    for (const recorded of [
      ["REG_BINARY", "00"],
      ["REG_SZ", "{"],
    ] as const) {
      const wrong = Object.fromEntries(governed.map(([name]) => [name, recorded]));
      const registry = recordedRegistry({ [root]: wrong });
      const { snapshot } = await new WindowsRegistry({
        declarations: settings,
        open: () => Promise.resolve(registry),
      }).read();
      const resolved = resolveAll(settings, snapshot, new Map());
      for (const [name, { kind, restricted }] of governed) {
        // Any text is one.
        if (kind.type === "text" && recorded[0] === "REG_SZ") continue;
        expect([name, resolved.get(name)?.value, resolved.get(name)?.error?.code]).toEqual([
          name,
          restricted,
          "policy-invalid",
        ]);
      }
    }
  });

  it("is incomplete where it cannot be read, so that the last good policy stays", async () => {
    const denied: RegistryReader = {
      readKey(hive) {
        if (hive === "HKLM") throw new Error("Access is denied");
        return undefined;
      },
    };
    const reading = await read(denied);
    expect([reading.complete, reading.problems[0]?.kind, reading.unread]).toEqual([
      false,
      "unreadable",
      "HKLM\\Software\\Policies\\Hallway",
    ]);
    const missing = await new WindowsRegistry({
      declarations: everyKind,
      open: () => Promise.reject(new Error("no such package")),
    }).read();
    expect([missing.complete, missing.problems[0]?.kind, missing.unread]).toEqual([
      false,
      "unreadable",
      "HKLM\\Software\\Policies\\Hallway",
    ]);
  });

  it("is refused whole when a key holds thousands of values", async () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, n) => [`Name${n}`, ["REG_SZ", "x"] as const]));
    expect((await read(recordedRegistry({ [hallway]: many }))).complete).toBe(false);
  });

  it("never throws, and never takes a value of another type, whatever it holds", async () => {
    const value = fc.record({ type: fc.integer({ min: 0, max: 12 }), data: fc.uint8Array({ maxLength: 40 }) });
    const key = fc.record({
      values: fc.dictionary(fc.constantFrom("", "1", "x", ...Object.keys(everyKind)), value),
      subKeys: fc.subarray(Object.keys(everyKind)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 1, maxLength: 6 }), async (keys) => {
        let n = 0;
        const { snapshot, complete } = await read({
          readKey() {
            const next = keys[n++ % keys.length];
            return next && { values: new Map(Object.entries(next.values)), subKeys: next.subKeys };
          },
        });
        expect(complete).toBe(true);
        for (const { value: flag } of [snapshot.mandatory.get("Flag")].filter((found) => found !== undefined))
          expect([true, false, { unusable: true }]).toContainEqual(flag);
      }),
    );
  });

  it("is looked at again every 15 minutes at the latest", () => {
    vi.useFakeTimers();
    try {
      const changed = vi.fn();
      const stop = new WindowsRegistry({
        declarations: everyKind,
        open: () => Promise.reject(new Error("unused")),
        poll: 24 * 3600_000,
      }).watch(changed);
      vi.advanceTimersByTime(45 * 60_000);
      expect(changed).toHaveBeenCalledTimes(3);
      stop();
      vi.advanceTimersByTime(45 * 60_000);
      expect(changed).toHaveBeenCalledTimes(3);
    } finally {
      vi.useRealTimers();
    }
  });
});
