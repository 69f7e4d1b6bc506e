import { chmod, copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveAll } from "../resolve.ts";
import { everyKind } from "./every-kind.test-helper.ts";
import { createMacosPreferences } from "./macos-preferences.ts";
import type { PolicyReading } from "./source.ts";

const owner = process.getuid?.() ?? 0;
const file = "im.hallway.desktop.plist";
let library: string;
let machine: string;
let personal: string;
let unforced: string;

describe.skipIf(process.platform === "win32")("managed preferences", () => {
  beforeEach(async () => {
    library = await mkdtemp(join(tmpdir(), "hallway-library-"));
    machine = join(library, "Managed Preferences", file);
    personal = join(library, "Managed Preferences", "ada", file);
    unforced = join(library, "Preferences", file);
    for (const path of [personal, unforced]) await mkdir(join(path, ".."), { recursive: true, mode: 0o755 });
    await chmod(library, 0o755);
  });
  afterEach(() => rm(library, { recursive: true, force: true }));

  async function put(name: string, path: string): Promise<void> {
    await copyFile(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)), path);
    await chmod(path, 0o644);
  }

  function read(user = "ada"): Promise<PolicyReading> {
    return createMacosPreferences({ declarations: everyKind, library, user, owner }).read();
  }

  async function expectRefused(kind: string, words: string): Promise<void> {
    const { snapshot, complete, problems } = await read();
    expect(snapshot.mandatory.size).toBe(0);
    expect([complete, problems.length, problems[0]?.kind]).toEqual([false, 1, kind]);
    expect(problems[0]?.detail).toContain(words);
  }

  it("are mandatory where they are forced, the machine over the person, and recommended where not", async () => {
    await put("forced.binary.plist", machine);
    await put("personal.xml.plist", personal);
    await put("unforced.binary.plist", unforced);
    const { snapshot, complete, problems } = await read();
    expect(complete).toBe(true);
    expect(Object.fromEntries(snapshot.mandatory)).toEqual({
      Flag: { value: true, source: machine, over: { value: false, source: personal } },
      Mode: { value: "warn", source: machine, over: { value: "open", source: personal } },
      Days: { value: 30, source: machine, over: { value: 7, source: personal } },
      Name: { value: "Banque d’Exemple 銀行", source: machine },
      Domains: { value: ["one.example", "two.example"], source: machine },
      Rules: { value: [{ pattern: "[0-9]{16}", action: "block" }], source: machine },
      GroupA: { value: "machine", source: machine, over: { value: "user", source: personal }, conflict: personal },
      GroupB: { value: "user", source: personal },
    });
    expect([...snapshot.recommended.keys()]).toEqual(["Days", "Domains"]);
    expect(problems.map(({ kind, key }) => [kind, key])).toEqual([
      ["not-allowed-here", "Own"],
      ["unknown-key", "Unheard"],
      ["conflict", "GroupA"],
      ["not-allowed-here", "Name"],
    ]);
  });

  it("need not be there, and are another person's for another person", async () => {
    expect(await read()).toMatchObject({ complete: true, problems: [] });
    await put("personal.xml.plist", personal);
    expect((await read()).snapshot.mandatory.get("Mode")?.value).toBe("open");
    expect((await read("bob")).snapshot.mandatory.size).toBe(0);
    for (const odd of ["", "..", ".", "../ada", "a/b"])
      expect(await read(odd)).toMatchObject({ complete: true, problems: [] });
  });

  it("pass over what the system notes of the profile beside the values", async () => {
    await writeFile(
      machine,
      "<plist><dict><key>PayloadUUID</key><string>x</string><key>PayloadVersion</key><integer>1</integer><key>Flag</key><true/></dict></plist>",
    );
    const { snapshot, problems } = await read();
    expect([[...snapshot.mandatory.keys()], problems]).toEqual([["Flag"], []]);
  });

  it("restrict a setting whose value is of another type", async () => {
    await writeFile(
      machine,
      "<plist><dict><key>Flag</key><integer>1</integer><key>Days</key><string>30</string><key>Mode</key><data>AA==</data></dict></plist>",
    );
    const { snapshot } = await read();
    const resolved = resolveAll(everyKind, snapshot, new Map());
    for (const key of ["Flag", "Days", "Mode"] as const) {
      expect(resolved.get(key)).toMatchObject({
        value: everyKind[key].restricted,
        locked: true,
        error: { code: "policy-invalid" },
      });
    }
  });

  it("do not count as a link, when others can write them or a folder above, or when somebody else owns them", async () => {
    await put("forced.xml.plist", join(library, "real.plist"));
    await symlink(join(library, "real.plist"), machine);
    await expectRefused("untrusted", "symbolic link");
    await rm(machine);
    await put("forced.xml.plist", machine);
    await chmod(machine, 0o664);
    await expectRefused("untrusted", "written by others");
    await chmod(machine, 0o644);
    await chmod(library, 0o777);
    const { snapshot, complete } = await read();
    expect([snapshot.mandatory.size, complete]).toEqual([0, false]);
    await chmod(library, 0o755);
    expect((await read()).snapshot.mandatory.size).toBeGreaterThan(0);
    const other = await createMacosPreferences({
      declarations: everyKind,
      library,
      user: "ada",
      owner: owner + 4242,
    }).read();
    expect([other.snapshot.mandatory.size, other.complete]).toEqual([0, false]);
    await rename(join(library, "Managed Preferences"), join(library, "elsewhere"));
    await symlink(join(library, "elsewhere"), join(library, "Managed Preferences"));
    const linked = await read();
    expect([linked.snapshot.mandatory.size, linked.complete]).toEqual([0, false]);
  });

  it("are incomplete when they are damaged or huge, so that the last good policy stays", async () => {
    await writeFile(machine, "<plist><dict>\n<key>Flag</key></dict></plist>", { mode: 0o644 });
    await expectRefused("malformed", "Line 2");
    await writeFile(machine, "bplist00 but no more");
    await expectRefused("malformed", "cut off");
    await writeFile(machine, Buffer.alloc(4 * 1024 * 1024 + 1, 0x20));
    await expectRefused("unreadable", "longer than");
    expect((await read()).unread).toBe(machine);
  });
});
