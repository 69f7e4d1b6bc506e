import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { showPublicKey } from "../secrets/signing.ts";
import { type AuthorityParts, exportAuthority } from "./export-authority.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const now = Date.UTC(2026, 10, 29);
const leave = {
  authorization: "hallway export 1",
  by: "Legal",
  matter: "Case 7",
  user: "ann",
  notAfter: "2026-12-01T00:00:00Z",
  evenIfLocked: true,
};
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-authority-"));
  file = join(folder, "leave.json");
});
afterEach(() => rm(folder, { recursive: true }));

async function put(
  text: string,
  options: { readonly key?: KeyObject; readonly signature?: number } = {},
): Promise<void> {
  await writeFile(file, text);
  const signature = sign(null, Buffer.from(text), options.key ?? privateKey).toString("base64");
  await writeFile(`${file}.sig`, signature.padEnd(options.signature ?? signature.length, "\n"));
}
const ask = (parts: Partial<AuthorityParts> = {}) =>
  exportAuthority({
    administrator: false,
    user: "ann",
    owner: "ann",
    file,
    publicKey: showPublicKey(publicKey),
    root: undefined,
    now,
    ...parts,
  });
const refused = { code: "export-not-authorized" };

describe("leave to export", () => {
  it("is given by a file that the policy's key has signed, for its person and until its time", async () => {
    await put(JSON.stringify(leave));
    expect(await ask()).toEqual({ who: "Legal (Case 7)", evenIfLocked: true });
    await expect(ask({ now: Date.UTC(2026, 11, 1) + 1 })).rejects.toMatchObject(refused);
    expect(await ask({ now: Date.UTC(2026, 11, 1) })).toMatchObject({ who: "Legal (Case 7)" });
    await expect(ask({ owner: "bob" })).rejects.toMatchObject(refused);
    expect(await ask({ owner: "bob", administrator: true })).toMatchObject({ who: "Legal (Case 7)" });
    await expect(ask({ publicKey: undefined })).rejects.toMatchObject(refused);
  });

  it("is given by no file that another key has signed, or whose text is another", async () => {
    await put(JSON.stringify(leave), { key: generateKeyPairSync("ed25519").privateKey });
    await expect(ask()).rejects.toMatchObject(refused);
    await put(JSON.stringify(leave));
    await writeFile(file, JSON.stringify({ ...leave, user: "eve" }));
    await expect(ask({ owner: "eve" })).rejects.toMatchObject(refused);
  });

  it("is the administrator's own where there is no file, and nobody else's", async () => {
    expect(await ask({ file: undefined, administrator: true })).toEqual({
      who: "administrator ann",
      evenIfLocked: false,
    });
    await expect(ask({ file: undefined })).rejects.toMatchObject(refused);
  });

  it("is in a file of 65,536 bytes and a signature of 4,096 at most", async () => {
    const text = JSON.stringify(leave);
    await put(text.padEnd(65_536), { signature: 4_096 });
    expect(await ask()).toMatchObject({ who: "Legal (Case 7)" });
    await put(text.padEnd(65_537));
    await expect(ask()).rejects.toMatchObject(refused);
    await put(text, { signature: 4_097 });
    await expect(ask()).rejects.toMatchObject(refused);
  });
});
