import { generateKeyPairSync, sign } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settings } from "../../../shared/settings/declaration.ts";
import { everyKind } from "./every-kind.test-helper.ts";
import { createLinuxFiles } from "./linux-files.ts";
import { createMacosPreferences } from "./macos-preferences.ts";
import { readBinaryPlist } from "./plist/binary-plist.ts";
import { PlistError } from "./plist/plist-error.ts";
import { readXmlPlist } from "./plist/xml-plist.ts";
import { recordedRegistry } from "./recorded-registry.test-helper.ts";
import { JsonError, parseJson, parseObject } from "./strict-json.ts";
import { WindowsRegistry } from "./windows-registry.ts";

const owner = process.getuid?.() ?? 0;
const MiB = 1024 * 1024;
let top: string;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "hallway-policy-"));
  await chmod(top, 0o755);
});
afterEach(() => rm(top, { recursive: true, force: true }));

describe("JSON", () => {
  it("is nested 32 levels deep at most", () => {
    const nested = (levels: number): string => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
    expect(parseJson(nested(31))).toBeDefined();
    expect(() => parseJson(nested(32))).toThrow(JsonError);
    expect(parseObject(`{"A":${nested(31)},"B":1}`).size).toBe(2);
    expect(() => parseObject(`{"A":${nested(32)}}`)).toThrow(JsonError);
  });
});

describe("a property list", () => {
  const xml = (content: string): string => `<?xml version="1.0"?><plist version="1.0">${content}</plist>`;

  it("is nested 32 levels deep at most", () => {
    const nested = (levels: number): string => `${"<array>".repeat(levels)}<true/>${"</array>".repeat(levels)}`;
    expect(readXmlPlist(xml(nested(31)))).toBeDefined();
    expect(() => readXmlPlist(xml(nested(32)))).toThrow(PlistError);
  });

  it("holds 100,000 values at most", () => {
    const values = (count: number): string => xml(`<array>${"<true/>".repeat(count - 1)}</array>`);
    expect(readXmlPlist(values(100_000))).toHaveLength(99_999);
    expect(() => readXmlPlist(values(100_001))).toThrow(PlistError);
  });

  /** An array that refers to one object so often, in the binary form. */
  function binary(object: Uint8Array, times: number): Uint8Array {
    const counted = Buffer.alloc(6);
    counted.writeUInt8(0xaf, 0);
    counted.writeUInt8(0x12, 1);
    counted.writeUInt32BE(times, 2);
    const array = Buffer.concat([counted, Buffer.alloc(times, 1)]);
    const table = Buffer.alloc(8);
    table.writeUInt32BE(8, 0);
    table.writeUInt32BE(8 + array.length, 4);
    const trailer = Buffer.alloc(32);
    trailer[6] = 4;
    trailer[7] = 1;
    trailer.writeBigUInt64BE(2n, 8);
    trailer.writeBigUInt64BE(BigInt(8 + array.length + object.length), 24);
    return Buffer.concat([Buffer.from("bplist00"), array, object, table, trailer]);
  }

  it("holds 100,000 values at most in the binary form, too, however often one is used", () => {
    const yes = Buffer.from([0x09]);
    expect(readBinaryPlist(binary(yes, 99_999))).toHaveLength(99_999);
    expect(() => readBinaryPlist(binary(yes, 100_000))).toThrow("too many values");
  });

  it("holds 16 MiB of text at most, however often one text is used", () => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(MiB);
    const text = Buffer.concat([Buffer.from([0x5f, 0x12]), length, Buffer.alloc(MiB, "x")]);
    expect(readBinaryPlist(binary(text, 16))).toHaveLength(16);
    expect(() => readBinaryPlist(binary(text, 17))).toThrow("too much text");
    const more = Buffer.alloc(4);
    more.writeUInt32BE(16 * MiB + 1);
    expect(() =>
      readBinaryPlist(binary(Buffer.concat([Buffer.from([0x5f, 0x12]), more, Buffer.alloc(16 * MiB + 1, "x")]), 1)),
    ).toThrow("too much text");
  });
});

describe("the registry", () => {
  const hallway = "HKLM\\Software\\Policies\\Hallway";
  const read = (tree: Parameters<typeof recordedRegistry>[0]) =>
    new WindowsRegistry({ declarations: everyKind, open: async () => recordedRegistry(tree) }).read();

  it("gives values of one MiB at most, and those beside them", async () => {
    const value = (bytes: number) =>
      ({ [hallway]: { Name: ["REG_SZ", "n".repeat(bytes / 2 - 1)], Flag: ["REG_DWORD", "01000000"] } }) as const;
    const detail = async (bytes: number): Promise<string> =>
      (await read(value(bytes))).problems.map((problem) => problem.detail ?? "").join();
    expect(await detail(MiB)).not.toContain("longer than");
    const long = await read(value(MiB + 2));
    expect(long.problems.map((problem) => problem.detail).join()).toContain("longer than");
    expect(long.snapshot.mandatory.get("Flag")?.value).toBe(true);
  });

  it("gives lists of 2,000 entries at most, and keys of 2,000 values", async () => {
    const entries = (count: number): Record<string, readonly ["REG_SZ", string]> =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n + 1}`, ["REG_SZ", `d${n}.example`]] as const));
    const list = async (count: number) =>
      (await read({ [`${hallway}\\Domains`]: entries(count) })).problems.map((problem) => problem.detail ?? "").join();
    expect(await list(2_000)).not.toContain("more than 2000");
    expect(await list(2_001)).toContain("more than 2000");
    const key = async (count: number) => (await read({ [hallway]: entries(count) })).complete;
    expect([await key(2_000), await key(2_001)]).toEqual([true, false]);
  });
});

describe.skipIf(process.platform === "win32")("managed preferences", () => {
  it("are files of 4 MiB at most", async () => {
    const path = join(top, "Managed Preferences", "im.hallway.desktop.plist");
    await mkdir(join(path, ".."), { mode: 0o755 });
    const put = async (length: number): Promise<boolean> => {
      const text = '<?xml version="1.0"?><plist version="1.0"><dict><key>Flag</key><true/></dict></plist>';
      await writeFile(path, text + " ".repeat(length - text.length), { mode: 0o644 });
      const { snapshot } = await createMacosPreferences({
        declarations: everyKind,
        library: top,
        user: "ada",
        owner,
      }).read();
      return snapshot.mandatory.get("Flag")?.value === true;
    };
    expect([await put(4 * MiB), await put(4 * MiB + 1)]).toEqual([true, false]);
  });
});

describe.skipIf(process.platform === "win32")("policy files", () => {
  let managed: string;
  beforeEach(async () => {
    managed = join(top, "managed");
    await mkdir(managed, { mode: 0o755 });
  });
  const put = (name: string, text: string | Uint8Array) => writeFile(join(managed, name), text, { mode: 0o644 });
  const read = (key?: string) => createLinuxFiles({ folder: top, declarations: settings, owner }).read(key);

  it("are of one MiB at most; one that is longer does not count, and the one beside it does", async () => {
    const padded = (text: string, length: number): string => text + " ".repeat(length - text.length);
    await put("a.json", padded('{"HistoryMode": "off"}', MiB));
    await put("b.json", padded('{"OrganizationName": "Bank"}', MiB + 1));
    const { snapshot, complete } = await read();
    expect([...snapshot.mandatory.keys(), complete]).toEqual(["HistoryMode", false]);
  });

  it("are 200 at most; those after them do not count, and it is told", async () => {
    const name = (n: number): string => `${String(n).padStart(3, "0")}.json`;
    for (let n = 0; n < 199; n++) await put(name(n), "{}");
    await put(name(199), '{"HistoryMode": "off"}');
    expect([...(await read()).snapshot.mandatory.keys()]).toEqual(["HistoryMode"]);
    await put(name(200), '{"OrganizationName": "Bank"}');
    const { snapshot, complete, problems } = await read();
    expect([[...snapshot.mandatory.keys()], complete]).toEqual([["HistoryMode"], false]);
    expect(problems.map((problem) => problem.detail).join()).toContain("more than 200");
  });

  it("have signatures of 4,096 bytes at most", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const key = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
    const text = '{"HistoryMode": "off"}';
    const signature = sign(null, Buffer.from(text), privateKey).toString("base64");
    await put("a.json", text);
    const counts = async (length: number): Promise<boolean> => {
      await put("a.json.sig", signature + "\n".repeat(length - signature.length));
      return (await read(key)).snapshot.mandatory.has("HistoryMode");
    };
    expect([await counts(4_096), await counts(4_097)]).toEqual([true, false]);
  });
});
