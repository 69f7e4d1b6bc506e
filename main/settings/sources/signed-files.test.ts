import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settings } from "../../../shared/settings/declaration.ts";
import { createLinuxFiles } from "./linux-files.ts";
import { policyKey } from "./signature.ts";
import type { PolicyReading, PolicySource } from "./source.ts";

const ours = generateKeyPairSync("ed25519");
const theirs = generateKeyPairSync("ed25519");
const bare = (key: KeyObject): string => key.export({ format: "der", type: "spki" }).subarray(12).toString("base64");
const ourKey = bare(ours.publicKey);

let top: string;
let managed: string;
let source: PolicySource;

describe.skipIf(process.platform === "win32")("signed policy files", () => {
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), "hallway-signed-"));
    managed = join(top, "policies", "managed");
    await mkdir(managed, { recursive: true });
    for (const path of [top, join(top, "policies"), managed]) await chmod(path, 0o755);
    source = createLinuxFiles({
      folder: join(top, "policies"),
      declarations: settings,
      owner: process.getuid?.() ?? 0,
    });
  });
  afterEach(() => rm(top, { recursive: true, force: true }));

  async function put(
    name: string,
    values: Readonly<Record<string, unknown>>,
    key?: KeyObject,
    form: "raw" | "base64" = "raw",
  ): Promise<void> {
    const path = join(managed, name);
    const text = JSON.stringify(values);
    await writeFile(path, text, { mode: 0o644 });
    await rm(`${path}.sig`, { force: true });
    if (!key) return;
    const signature = sign(null, Buffer.from(text), key);
    await writeFile(`${path}.sig`, form === "raw" ? signature : `${signature.toString("base64")}\n`, { mode: 0o644 });
  }

  function mode({ snapshot }: PolicyReading): unknown {
    return snapshot.mandatory.get("HistoryMode")?.value;
  }

  it("count only with a signature of the key that a mandatory file names, or that was known before", async () => {
    await put("a.json", { PolicyPublicKey: ourKey }, ours.privateKey);
    await put("b.json", { HistoryMode: "memory" }, ours.privateKey, "base64");
    expect(await source.read()).toMatchObject({ complete: true, problems: [] });
    expect(mode(await source.read(ourKey))).toBe("memory");

    for (const key of [undefined, theirs.privateKey]) {
      await put("b.json", { HistoryMode: "encrypted" }, key);
      for (const known of [undefined, ourKey]) {
        const reading = await source.read(known);
        expect([mode(reading), reading.complete]).toEqual([undefined, false]);
        expect(reading.problems).toMatchObject([{ kind: "untrusted", source: join(managed, "b.json") }]);
      }
    }
    await put("b.json", { HistoryMode: "memory" }, ours.privateKey);
    await writeFile(join(managed, "b.json"), '{"HistoryMode":"encrypted"}');
    expect(mode(await source.read(ourKey))).toBeUndefined();
  });

  it.skipIf(spawnSync("openssl", ["version"]).status !== 0)(
    "count with a key and signatures made by openssl",
    async () => {
      const key = join(top, "key.pem");
      execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", key]);
      const pem = execFileSync("openssl", ["pkey", "-in", key, "-pubout"], { encoding: "utf8" });
      await put("a.json", { PolicyPublicKey: pem, HistoryMode: "off" });
      const path = join(managed, "a.json");
      execFileSync("openssl", ["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", path, "-out", `${path}.sig`]);
      expect(await source.read()).toMatchObject({ complete: true, problems: [] });
      expect(mode(await source.read(pem))).toBe("off");
    },
  );

  it("are not loosened by an unsigned file that names another key, none, or nonsense", async () => {
    await put("a.json", { PolicyPublicKey: ourKey, HistoryMode: "off" }, ours.privateKey);
    for (const loose of ["", "unusable", bare(theirs.publicKey), 7, null]) {
      await put("z.json", { PolicyPublicKey: loose, HistoryMode: "encrypted" }, theirs.privateKey);
      const reading = await source.read(ourKey);
      expect([mode(reading), reading.complete]).toEqual(["off", false]);
      expect(reading.snapshot.mandatory.get("PolicyPublicKey")?.value).toBe(ourKey);
    }
  });

  it("are missed when they are taken away, and only a signed file ends that", async () => {
    expect(await source.read(ourKey)).toMatchObject({
      complete: false,
      problems: [{ kind: "untrusted", key: "PolicyPublicKey" }],
    });
    await put("a.json", { HistoryMode: "off" }, ours.privateKey);
    expect((await source.read(ourKey)).complete).toBe(false);
    await put("a.json", { PolicyPublicKey: "" });
    expect((await source.read(ourKey)).complete).toBe(false);
    await put("a.json", { PolicyPublicKey: "" }, ours.privateKey);
    expect(await source.read(ourKey)).toMatchObject({ complete: true, problems: [] });
  });

  it("may be signed with the old key and the new one while the key is changed", async () => {
    const values = { PolicyPublicKey: bare(theirs.publicKey), HistoryMode: "off" };
    await put("a.json", values);
    const text = await readFile(join(managed, "a.json"));
    const lines = [ours, theirs].map(({ privateKey }) => sign(null, text, privateKey).toString("base64"));
    await writeFile(join(managed, "a.json.sig"), lines.join("\n"), { mode: 0o644 });
    for (const known of [undefined, ourKey, bare(theirs.publicKey)])
      expect(await source.read(known)).toMatchObject({ complete: true, problems: [] });
  });

  it("do not count through a signature that is a link, another's, huge or nonsense, or a key that is none", async () => {
    await put("a.json", { PolicyPublicKey: ourKey }, ours.privateKey);
    const path = join(managed, "a.json.sig");
    const good = await readFile(path);
    await rename(path, join(top, "elsewhere.sig"));
    await symlink(join(top, "elsewhere.sig"), path);
    expect((await source.read()).complete).toBe(false);
    await rm(path);
    for (const bad of [Buffer.alloc(64), Buffer.alloc(0), Buffer.alloc(100_000, 0x41), Buffer.concat([good, good])]) {
      await writeFile(path, bad, { mode: 0o644 });
      expect((await source.read()).complete).toBe(false);
    }
    await writeFile(path, good, { mode: 0o666 });
    await chmod(path, 0o666);
    expect((await source.read()).complete).toBe(false);
    await chmod(path, 0o644);
    expect((await source.read()).complete).toBe(true);
    await put("a.json", { PolicyPublicKey: "unusable" }, ours.privateKey);
    expect((await source.read()).complete).toBe(false);
  });
});

describe("the key of a policy", () => {
  it("is taken in PEM, as SPKI and as its 32 bytes, and is nothing else", () => {
    const pem = ours.publicKey.export({ format: "pem", type: "spki" }).toString();
    const spki = ours.publicKey.export({ format: "der", type: "spki" }).toString("base64");
    for (const form of [pem, spki, ourKey]) {
      const key = policyKey(form);
      expect(typeof key === "object" && key.equals(ours.publicKey)).toBe(true);
    }
    expect([policyKey(undefined), policyKey("")]).toEqual([undefined, undefined]);
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 })
      .publicKey.export({ format: "pem", type: "spki" })
      .toString();
    for (const bad of ["unusable", "x", 7, null, {}, [], rsa, "A".repeat(10_000)])
      expect(policyKey(bad)).toBe("unusable");
  });
});
